"""One call of WeCom's API. Secrets travel in its addresses, so no library's own words about a failure are ever passed on.

https://developer.work.weixin.qq.com/document/path/90664
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from yarl import URL

from bot.ports import Cache
from handlers.wecom.apps import App
from handlers.wecom.errors import MEND, STALE, WecomFailed, refusal
from handlers.wecom.token import Tokens

TIMEOUT = 4.5  # seconds for one call: a channel has 5 for a delivery
ANSWER = 1024 * 1024  # bytes; getcallbackip's list is the longest
_BASE = "https://qyapi.weixin.qq.com"
log = structlog.stdlib.get_logger("wecom")


def session() -> aiohttp.ClientSession:
    """The one for all calls."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT, connect=2.0), cookie_jar=aiohttp.DummyCookieJar())


class Client:
    """`base` is the part before `/cgi-bin`. Everything it raises is WecomFailed."""

    def __init__(self, opened: aiohttp.ClientSession, cache: Cache, base: str | None = None) -> None:
        self._session, self._base = opened, (base or _BASE).rstrip("/")
        self.tokens = Tokens(self._new_token, cache)

    async def call(self, app: App, path: str, body: Mapping[str, Any] | None = None, **query: str) -> Mapping[str, Any]:
        """`path` as in `message/send`; POST with a body, GET without. A token that WeCom does not take is replaced once."""
        return await self._with_token(app, path, {} if body is None else {"data": written(body)}, **query)

    async def upload(self, app: App, kind: str, name: str, content: bytes) -> str:
        """A file, image, voice or video as a media id, good for 3 days. Name and size are checked by WeCom: 5 B to 20 MB (image 10 MB)."""
        answer = await self._with_token(app, "media/upload", {"file": (name, content)}, type=kind)
        return str(answer.get("media_id") or "")

    async def robot(self, key: str, body: Mapping[str, Any]) -> None:
        """A message of a group's robot."""
        await self._asked("webhook/send", {"key": key}, {"data": written(body)})

    async def robot_upload(self, key: str, name: str, content: bytes) -> str:
        """A file for a group's robot as a media id that only that robot can use. 5 B to 20 MB."""
        answer = await self._asked("webhook/upload_media", {"key": key, "type": "file"}, {"file": (name, content)})
        return str(answer.get("media_id") or "")

    async def _with_token(self, app: App, path: str, sent: Mapping[str, Any], **query: str) -> Mapping[str, Any]:
        token = await self.tokens.of(app)
        try:
            return await self._asked(path, {**query, "access_token": token}, sent)
        except WecomFailed as failed:
            if failed.code not in STALE:
                self._note(app, failed)
                raise
        await self.tokens.forget(app, token)
        return await self._asked(path, {**query, "access_token": await self.tokens.of(app)}, sent)

    async def _new_token(self, app: App) -> tuple[str, timedelta]:
        try:
            answer = await self._asked("gettoken", {"corpid": app.corp_id, "corpsecret": app.secret}, {})
        except WecomFailed as failed:
            self._note(app, failed)
            # Whatever became of it, no message was sent.
            raise WecomFailed(
                "later" if failed.outcome == "unknown" else failed.outcome, failed.why, failed.code, failed.retry_after
            ) from None
        token, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token:
            raise WecomFailed("later", "WeCom's answer has no token")
        return token, timedelta(seconds=life if isinstance(life, int) else 7200)

    async def _asked(self, path: str, query: Mapping[str, str], sent: Mapping[str, Any]) -> Mapping[str, Any]:
        url = URL(f"{self._base}/cgi-bin/{path}").with_query(query)
        try:
            async with self._session.request("POST" if sent else "GET", url, allow_redirects=False, **_payload(sent)) as response:
                status, raw = response.status, await response.content.read(ANSWER)
                while not response.content.at_eof() and len(raw) < ANSWER:
                    raw += await response.content.read(ANSWER - len(raw))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise WecomFailed("later", "no connection to WeCom") from None  # nothing was sent
        except TimeoutError:
            raise WecomFailed("unknown", "no answer from WeCom in time") from None
        except (aiohttp.ClientError, OSError, ValueError) as failed:
            raise WecomFailed("unknown", f"the connection to WeCom was lost: {type(failed).__name__}") from None
        answer = _read(status, raw)
        failure = refusal(answer)
        if failure is not None:
            raise failure
        return answer

    def _note(self, app: App, failed: WecomFailed) -> None:
        if failed.code in MEND:
            log.error("the WeCom app is not in order", app=app.id, mend=failed.why)


def written(body: Mapping[str, Any]) -> bytes:
    r"""UTF-8 as it is: WeCom does not take `\u5de5` (40033). The same body gives the same bytes, by which WeCom tells a repeat."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _payload(sent: Mapping[str, Any]) -> dict[str, Any]:
    if "file" not in sent:
        return {"data": sent["data"], "headers": {"Content-Type": "application/json"}} if sent else {}
    name, content = sent["file"]
    form = aiohttp.FormData(quote_fields=False)
    form.add_field(
        "media", content, filename=re.sub(r'[\x00-\x1f"\\/]+', "_", name)[:120] or "file", content_type="application/octet-stream"
    )
    return {"data": form}


def _read(status: int, raw: bytes) -> Mapping[str, Any]:
    try:
        answer = json.loads(raw)
    except ValueError:
        answer = None
    if status != 200 or not isinstance(answer, dict):
        raise WecomFailed("unknown", f"WeCom answered HTTP {status} and nothing that can be read")
    return answer
