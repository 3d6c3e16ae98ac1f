"""A text message service at the network's edge: takes JSON as Apprise's json:// posts it, and Tencent Cloud's signed calls."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
from datetime import UTC, datetime
from typing import Any

from aiohttp import web


class FakeSms:
    """`taken` holds what was accepted. `fault`: a status as text, `lost_reply`, `hang`, or a code that Tencent answers with."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.keys = {"AKIDfake": "s/cret"}
        self.templates: dict[tuple[int, int], dict[str, Any]] = {(449739, 0): {"StatusCode": 0, "TemplateContent": "{1} {2} {3} {4}"}}
        self.fault: str | None = None
        self.port = 0
        self._runner: web.AppRunner | None = None
        self._ended = asyncio.Event()

    async def start(self) -> None:
        """Listens."""
        app = web.Application()
        app.add_routes([web.post("/sms", self._json), web.post("/", self._tencent)])
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Ends."""
        self._ended.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @property
    def apprise_url(self) -> str:
        """For SMS_URL."""
        return f"json://127.0.0.1:{self.port}/sms?:to={{to}}"

    @property
    def tencent_url(self) -> str:
        """For SMS_URL, with every value that a template can take."""
        return (
            f"tencent://AKIDfake:s%2Fcret@ap-singapore/1400006666/449739?sign=Deskbell&params=ticket,shop,until,link"
            f"&base=http://127.0.0.1:{self.port}"
        )

    async def _json(self, request: web.Request) -> web.Response:
        body = await request.json()
        if self.fault and self.fault.isdigit():
            return web.Response(status=int(self.fault))
        self.taken.append(body)
        await self._faulty(request)
        return web.Response(status=200)

    async def _tencent(self, request: web.Request) -> web.Response:
        raw = await request.read()
        body = json.loads(raw)
        wrong = self.fault if self.fault and self.fault[0].isupper() else self._unsigned(request, raw)
        if wrong:
            return web.json_response({"Response": {"Error": {"Code": wrong, "Message": "no"}, "RequestId": "r"}})
        if request.headers["X-TC-Action"] == "DescribeSmsTemplateList":
            asked = [(id, body["International"]) for id in body["TemplateIdSet"]]
            found = [{"TemplateId": id, **self.templates[id, abroad]} for id, abroad in asked if (id, abroad) in self.templates]
            return web.json_response({"Response": {"DescribeTemplateStatusSet": found, "RequestId": "r"}})
        self.taken.append(body)
        self.headers.append(dict(request.headers))
        await self._faulty(request)
        state = {"SerialNo": "1", "PhoneNumber": body["PhoneNumberSet"][0], "Fee": 1, "Code": "Ok", "Message": "send success"}
        return web.json_response({"Response": {"SendStatusSet": [state], "RequestId": "r"}})

    def _unsigned(self, request: web.Request, raw: bytes) -> str | None:
        """Why Tencent Cloud would turn it away: its key is unknown, or what it signed is something else."""
        given = re.fullmatch(
            r"TC3-HMAC-SHA256 Credential=([^/]+)/([0-9-]+)/sms/tc3_request, SignedHeaders=content-type;host, Signature=([0-9a-f]{64})",
            request.headers["Authorization"],
        )
        if given is None or given[1] not in self.keys:
            return "AuthFailure.SecretIdNotFound"
        at = request.headers["X-TC-Timestamp"]
        lines = f"content-type:{request.headers['Content-Type']}", f"host:{request.headers['Host']}", "", "content-type;host"
        asked = "\n".join(("POST", "/", "", *lines, hashlib.sha256(raw).hexdigest()))
        said = "\n".join(("TC3-HMAC-SHA256", at, f"{given[2]}/sms/tc3_request", hashlib.sha256(asked.encode()).hexdigest()))
        key = f"TC3{self.keys[given[1]]}".encode()
        for part in (datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%d"), "sms", "tc3_request", said):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return None if hmac.compare_digest(key.hex(), given[3]) else "AuthFailure.SignatureFailure"

    async def _faulty(self, request: web.Request) -> None:
        if self.fault == "hang":
            await self._ended.wait()
        if self.fault == "lost_reply" and request.transport is not None:
            request.transport.close()
