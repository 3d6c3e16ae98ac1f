"""Google's and Tencent Cloud's translation at the network's edge: their limits and error codes, and what they do to brackets."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from typing import Any

from aiohttp import web

GOOGLE = {"zh-CN", "zh-TW", "en", "ms", "id", "th"}
TENCENT = {"zh", "zh-TW", "en", "ms", "id", "th"}
HUBS = {"zh", "zh-TW", "en"}
MANGLES = {
    "wide": lambda found: f"［{found[1].translate({48 + n: 0xFF10 + n for n in range(10)})}］", "spaced": lambda found: f"⟦ {found[1]} ⟧",
    "other": lambda found: f"【{found[1]}】", "double": lambda found: f"[[{found[1]}]]", "lost": lambda found: "",
    "twice": lambda found: found[0] * 2,
}  # fmt: skip


class FakeTranslators:
    """Says `th→zh: TEXT`, or what `says` has for a text. `fault`: a status (Google), a code (Tencent), `hang`; `mangle`: one of MANGLES."""

    def __init__(self) -> None:
        self.google: list[dict[str, Any]] = []
        self.tencent: list[dict[str, Any]] = []
        self.says: dict[str, str] = {}
        self.google_fault: str | None = None
        self.tencent_fault: str | None = None
        self.mangle: str | None = None
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._ended = asyncio.Event()

    async def start(self) -> None:
        """Listens."""
        app = web.Application()
        app.add_routes([web.post("/language/translate/v2", self._google), web.post("/", self._tencent)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Ends."""
        self._ended.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def google_url(self) -> str:
        """For TRANSLATE_URL."""
        return f"google://AIzaFake@?base=http://127.0.0.1:{self.port}"

    @property
    def tencent_url(self) -> str:
        """For TRANSLATE_URL."""
        return f"tencent://AKIDfake:s%2Fcret@ap-singapore?base=http://127.0.0.1:{self.port}"

    @property
    def both(self) -> str:
        """Google first."""
        return f"{self.google_url},{self.tencent_url}"

    def _said(self, text: str, pair: str) -> str:
        made = self.says.get(text, f"{pair}: {text}")
        return re.sub(r"⟦(\d+)⟧", MANGLES[self.mangle], made) if self.mangle else made

    async def _google(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.google_fault == "hang":
            await self._ended.wait()
        if request.headers.get("X-Goog-Api-Key") != "AIzaFake":
            return _error(400, "badRequest", "API key not valid")
        if self.google_fault:
            reason = "userRateLimitExceeded" if self.google_fault == "403" else "backendError"
            return _error(int(self.google_fault), reason, "no")
        if body["format"] != "text" or body["target"] not in GOOGLE or body.get("source", "en") not in GOOGLE:
            return _error(400, "invalid", "Invalid Value")
        if len("".join(body["q"])) > 5_000:
            return _error(400, "invalid", "Text too long.")
        self.google.append(body)
        made = [{"translatedText": self._said(text, f"{body.get('source')}→{body['target']}")} for text in body["q"]]
        return web.json_response({"data": {"translations": made}})

    async def _tencent(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body = json.loads(raw)
        wrong = self.tencent_fault or _unsigned(request, raw)
        pair = (body["Source"], body["Target"])
        if not wrong and len(body["SourceText"]) > 2_000:
            wrong = "UnsupportedOperation.TextTooLong"
        if not wrong and (pair[1] not in TENCENT or (pair[0] != "auto" and not HUBS & set(pair))):
            wrong = "UnsupportedOperation.UnSupportedTargetLanguage"
        if wrong:
            return web.json_response({"Response": {"Error": {"Code": wrong, "Message": "no"}, "RequestId": "r"}})
        self.tencent.append(body)
        said = self._said(body["SourceText"], "→".join(pair))
        return web.json_response({"Response": {"TargetText": said, "Source": pair[0], "Target": pair[1], "RequestId": "r"}})


def _error(status: int, reason: str, message: str) -> web.Response:
    return web.json_response({"error": {"code": status, "message": message, "errors": [{"reason": reason}]}}, status=status)


def _unsigned(request: web.Request, raw: bytes) -> str | None:
    """Why Tencent Cloud would turn it away."""
    pattern = r"TC3-HMAC-SHA256 Credential=AKIDfake/([0-9-]+)/tmt/tc3_request, SignedHeaders=content-type;host, Signature=([0-9a-f]{64})"
    given = re.fullmatch(pattern, request.headers["Authorization"])
    if given is None:
        return "AuthFailure.SecretIdNotFound"
    lines = f"content-type:{request.headers['Content-Type']}", f"host:{request.headers['Host']}", "", "content-type;host"
    asked = "\n".join(("POST", "/", "", *lines, hashlib.sha256(raw).hexdigest()))
    scope = f"{given[1]}/tmt/tc3_request"
    said = "\n".join(("TC3-HMAC-SHA256", request.headers["X-TC-Timestamp"], scope, hashlib.sha256(asked.encode()).hexdigest()))
    key = b"TC3s/cret"
    for part in (given[1], "tmt", "tc3_request", said):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return None if hmac.compare_digest(key.hex(), given[2]) else "AuthFailure.SignatureFailure"
