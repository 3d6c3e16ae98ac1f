"""Tencent Cloud's TextTranslate of 2018-03-21: https://cloud.tencent.com/document/api/551/15619. Not tried against the live service.

Its own SDK has dropped this call (tencentcloud-sdk-python-tmt 3.1.129), so it is signed and sent here. Malay, Indonesian and Thai pair with
Chinese and English only: between two of them it goes by way of English.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import aiohttp

from bot.ports import Cache, Clock
from handlers import tc3
from handlers.translate.provider import CannotTranslate

HOST, ACTION, VERSION = "tmt.tencentcloudapi.com", "TextTranslate", "2018-03-21"
LIMIT = aiohttp.ClientTimeout(total=4.5, connect=2)
PER_MINUTE, BURST = 240.0, 4  # the account may ask 5 times a second
_CODES = {"zh-Hans": "zh", "zh-Hant": "zh-TW"}
_HUBS = frozenset({"zh", "zh-TW", "en"})
_LASTING = ("FailedOperation.", "UnsupportedOperation.", "AuthFailure", "UnauthorizedOperation", "InvalidParameter", "MissingParameter")


class Tencent:
    """By an account's key pair, in a region."""

    name, most = "tencent", 1_800  # 2,000 abroad, 6,000 in mainland China

    def __init__(
        self, secret_id: str, secret_key: str, region: str, session: aiohttp.ClientSession, clock: Clock, cache: Cache,
        base: str = f"https://{HOST}",
    ) -> None:  # fmt: skip
        self._id, self._key, self._region = secret_id, secret_key, region
        self._session, self._clock, self._cache, self._base = session, clock, cache, base.rstrip("/")

    async def translate(self, text: str, source: str | None, lang: str) -> str:
        """In one step, or two."""
        there, here = _CODES.get(lang, lang), _CODES.get(source, source) if source else "auto"
        if here != "auto" and here not in _HUBS and there not in _HUBS:
            return await self._once(await self._once(text, here, "en"), "en", there)
        return await self._once(text, here, there)

    async def _once(self, text: str, source: str, lang: str) -> str:
        wait = await self._cache.take("translate:tencent", BURST, PER_MINUTE)
        if wait > timedelta():
            raise CannotTranslate("Tencent Cloud: 5 requests a second are reached", after=wait)
        body = json.dumps({"SourceText": text, "Source": source, "Target": lang, "ProjectId": 0}, ensure_ascii=False).encode()
        headers = tc3.signed(
            self._id, self._key, service="tmt", base=self._base, region=self._region, action=ACTION, version=VERSION, body=body,
            now=self._clock.now(),
        )  # fmt: skip
        try:
            async with self._session.post(f"{self._base}/", data=body, headers=headers, timeout=LIMIT, allow_redirects=False) as answer:
                said = await answer.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError, OSError):
            raise CannotTranslate("Tencent Cloud did not answer") from None
        return _judged(said)


def _judged(said: Any) -> str:
    """HTTP is 200 whatever happened: the answer's own code counts."""
    response = said.get("Response") if isinstance(said, dict) else None
    if not isinstance(response, dict):
        raise CannotTranslate("Tencent Cloud's answer is not understood")
    code = str((response.get("Error") or {}).get("Code") or "")
    if code:
        hint = ": see SECRET_ID and SECRET_KEY in DESKBELL_TRANSLATE_URL" if code.startswith("AuthFailure") else ""
        raise CannotTranslate(f"Tencent Cloud: {code[:80]}{hint}", lasting=code.startswith(_LASTING))
    if not isinstance(response.get("TargetText"), str):
        raise CannotTranslate("Tencent Cloud's answer is not understood")
    return str(response["TargetText"])
