"""A text message service at the network's edge: takes JSON as Apprise's json:// posts it, and Tencent Cloud's SendSms."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web


class FakeSms:
    """`taken` holds what was accepted. `fault`: a status as text, `lost_reply`, `hang`, or a code that Tencent answers with."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
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
        body = json.loads(await request.read())
        if self.fault and self.fault[0].isupper():
            return web.json_response({"Response": {"Error": {"Code": self.fault, "Message": "no"}, "RequestId": "r"}})
        self.taken.append(body)
        self.headers.append(dict(request.headers))
        await self._faulty(request)
        state = {"SerialNo": "1", "PhoneNumber": body["PhoneNumberSet"][0], "Fee": 1, "Code": "Ok", "Message": "send success"}
        return web.json_response({"Response": {"SendStatusSet": [state], "RequestId": "r"}})

    async def _faulty(self, request: web.Request) -> None:
        if self.fault == "hang":
            await self._ended.wait()
        if self.fault == "lost_reply" and request.transport is not None:
            request.transport.close()
