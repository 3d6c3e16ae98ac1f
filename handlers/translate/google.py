"""Google Cloud Translation, v2 over REST: https://docs.cloud.google.com/translate/docs/reference/rest/v2/translate. Not tried live."""

from __future__ import annotations

from typing import Any

import aiohttp

from handlers.translate.provider import CannotTranslate

BASE = "https://translation.googleapis.com"
LIMIT = aiohttp.ClientTimeout(total=4.5, connect=2)
_CODES = {"zh-Hans": "zh-CN", "zh-Hant": "zh-TW"}


class Google:
    """By an API key."""

    name, most = "google", 4_500  # 5,000 codepoints are recommended: https://docs.cloud.google.com/translate/quotas

    def __init__(self, key: str, session: aiohttp.ClientSession, base: str = BASE) -> None:
        self._key, self._session, self._base = key, session, base.rstrip("/")

    async def translate(self, text: str, source: str | None, lang: str) -> str:
        """`format: text`: without it the answer has HTML's entities."""
        asked = {
            "q": [text],
            "target": _CODES.get(lang, lang),
            "format": "text",
            **({"source": _CODES.get(source, source)} if source else {}),
        }
        headers = {"X-Goog-Api-Key": self._key}  # not in the URL, which proxies and logs keep
        url = f"{self._base}/language/translate/v2"
        try:
            async with self._session.post(url, json=asked, headers=headers, timeout=LIMIT, allow_redirects=False) as answer:
                status, said = answer.status, await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
            raise CannotTranslate("Google did not answer") from None
        if status != 200:
            raise _refused(status, said)
        try:
            return str(said["data"]["translations"][0]["translatedText"])
        except (KeyError, IndexError, TypeError):
            raise CannotTranslate("Google's answer is not understood") from None


def _refused(status: int, said: Any) -> CannotTranslate:
    """Over quota is 403, as a key that may not is: the reason tells them apart."""
    error = said.get("error") if isinstance(said, dict) else None
    reasons = [each.get("reason", "") for each in (error or {}).get("errors") or () if isinstance(each, dict)]
    reason = str(reasons[0] if reasons else (error or {}).get("status", ""))[:60]
    quota = status == 429 or "imit" in reason
    lasting = 400 <= status < 500 and not quota
    hint = ": see API_KEY in DESKBELL_TRANSLATE_URL" if lasting and status in (400, 401, 403) else ""
    return CannotTranslate(f"Google answered {status} {reason}".strip() + hint, lasting=lasting)
