"""Mabang's gateway on loopback, as public clients describe it: it believes its signature alone, and keeps remarks, labels and flags."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

KEY, TOKEN = "200123", "token-of-the-developer"


@dataclass
class FakeOrder:
    """As the ERP keeps it."""

    remark: str = ""
    labels: list[str] = field(default_factory=list)
    abnormal: str | None = None
    status: int = 2


class FakeMabang:
    """`url` is the gateway's. `fault`: `lost_reply` or an HTTP status. `calls` are the `data` of what it was asked, by api."""

    def __init__(self) -> None:
        self.orders: dict[str, FakeOrder] = {}
        self.fault: str | None = None
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.posts: list[tuple[dict[str, str], str]] = []
        self.answer: Any = {"code": 0}
        self.url = self.base = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_post("/api/v2", self._call)
        app.router.add_route("*", "/other/{rest:.*}", self._other)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self.url = f"{self.base}/api/v2"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _other(self, request: web.Request) -> web.Response:
        """Any other ERP: what came is kept."""
        self.posts.append(({**request.headers, ":method": request.method, ":path": request.path_qs}, await request.text()))
        await asyncio.sleep(0)
        return web.json_response(self.answer, status=int(self.fault) if self.fault else 200)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if self.fault is not None and self.fault.isdigit():
            return web.Response(status=int(self.fault))
        if request.headers.get("Authorization") != hmac.new(TOKEN.encode(), raw, hashlib.sha256).hexdigest():
            return web.json_response({"code": "0", "message": "签名错误", "data": None})
        body = json.loads(raw)
        assert body["appkey"] == KEY
        assert len(str(body["timestamp"])) == 10
        self.calls.append((body["api"], body["data"]))
        answer = getattr(self, f"_{body['api'].replace('-', '_')}")(body["data"])
        if self.fault == "lost_reply" and request.transport is not None:
            request.transport.abort()
        return web.json_response({"code": "200", "message": "success", "data": answer})

    def _order_get_order_list_new(self, data: dict[str, Any]) -> dict[str, Any]:
        names = data["platformOrderIds"].split(",")
        return {"data": [{"platformOrderId": each, "remark": self.orders[each].remark} for each in names if each in self.orders]}

    def _order_do_change_order(self, data: dict[str, Any]) -> dict[str, Any]:
        order = self.orders[data["platformOrderId"]]
        order.remark = data.get("remark", order.remark)
        order.labels = data.get("labelId", order.labels)
        order.status = int(data.get("orderStatus", order.status))
        return {"platformOrderId": data["platformOrderId"]}

    def _order_do_order_abnormal(self, data: dict[str, Any]) -> dict[str, Any]:
        self.orders[data["platformOrderId"]].abnormal = data["abnormal_label_name"]
        return {}

    def _order_do_order_normal(self, data: dict[str, Any]) -> dict[str, Any]:
        self.orders[data["platformOrderId"]].abnormal = None
        return {}
