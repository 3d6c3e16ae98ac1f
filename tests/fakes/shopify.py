"""A shop's Admin API on loopback: its own schema checks what is asked, a bucket limits it, and it fails in every way that is known.

`shop.orders["#1001"]` is an order; `fault` meets the next requests: `lost_reply` (worked, the answer lost), `throttled`, `user_error`,
`hang`, or an HTTP status. `between` is called right before a note is written: what a person does in that moment.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Self

from aiohttp import web
from graphql import GraphQLError, build_schema, graphql_sync

from bot.ports import Clock

SCHEMA = build_schema((Path(__file__).parent.parent / "shopify/admin-2026-10.graphql").read_text("utf-8"))
TOKEN = "shpat_0123456789abcdef0123456789abcdef"
CLIENT, SECRET = "client-id-of-the-app", "client-secret-of-the-app"
COST, MOST, RATE = 12, 2_000.0, 100.0


@dataclass
class FakeOrder:
    """As the shop keeps it."""

    id: str
    name: str
    note: str | None = None
    tags: list[str] = field(default_factory=list)
    metafields: dict[str, str] = field(default_factory=dict)
    writes: int = 0

    def doc(self) -> dict[str, Any]:
        """For GraphQL's resolvers."""
        return {
            "__typename": "Order", "id": self.id, "name": self.name, "note": self.note, "tags": sorted(self.tags),
            "metafield": lambda info, key, namespace=None: self._metafield(f"{namespace}.{key}"),
        }  # fmt: skip

    def _metafield(self, place: str) -> dict[str, Any] | None:
        value = self.metafields.get(place)
        return None if value is None else {"key": place.partition(".")[2], "value": value, "compareDigest": digest(value)}


class FakeShopify:
    """`await start()`; `url` is the shop's store_url."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.orders: dict[str, FakeOrder] = {}
        self.fault: str | None = None
        self.times: int | None = None  # so many requests meet the fault; None: all
        self.between: Callable[[], None] | None = None
        self.left, self._at = MOST, clock.now()
        self.asked: list[str] = []
        self.tokens: dict[str, datetime] = {}
        self.scopes = ["read_orders", "write_orders"]
        self.url = ""
        self._ends = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listens."""
        app = web.Application()
        app.router.add_post("/admin/api/2026-10/graphql.json", self._graphql)
        app.router.add_post("/admin/oauth/access_token", self._access_token)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Listens no more."""
        self._ends.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def order(self, name: str, note: str | None = None, *tags: str) -> FakeOrder:
        """A new one."""
        made = FakeOrder(f"gid://shopify/Order/{450_000 + len(self.orders)}", name, note, list(tags))
        self.orders[name] = made
        return made

    def _meets(self) -> str | None:
        if self.fault is None or self.times == 0:
            return None
        self.times = None if self.times is None else self.times - 1
        return self.fault

    async def _access_token(self, request: web.Request) -> web.Response:
        given = await request.json()
        self.asked.append("access_token")
        if given != {"client_id": CLIENT, "client_secret": SECRET, "grant_type": "client_credentials"}:
            return web.json_response({"error": "invalid_client"}, status=400)
        token = f"shpat_{len(self.tokens):032d}"
        self.tokens[token] = self._clock.now() + timedelta(hours=24)
        return web.json_response({"access_token": token, "scope": "read_orders,write_orders", "expires_in": 86_399})

    async def _graphql(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        fault = self._meets()
        if fault == "hang":
            await self._ends.wait()
        if fault is not None and fault.isdigit():
            return web.json_response({"errors": "as it was told to"}, status=int(fault))
        token = request.headers.get("X-Shopify-Access-Token", "")
        if token != TOKEN and self.tokens.get(token, datetime.min.replace(tzinfo=self._clock.now().tzinfo)) <= self._clock.now():
            return web.json_response({"errors": "[API] Invalid API key or access token"}, status=401)
        self.asked.append(body["query"].partition("(")[0].split()[-1])
        answer = self._worked(body, fault)
        if fault == "lost_reply" and request.transport is not None:
            request.transport.abort()
        return web.json_response(answer, headers={"X-Shopify-API-Version": "2026-10"})

    def _worked(self, body: dict[str, Any], fault: str | None) -> dict[str, Any]:
        now = self._clock.now()
        self.left, self._at = min(MOST, self.left + (now - self._at).total_seconds() * RATE), now
        if fault == "throttled" or self.left < COST:
            told = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
            return {"errors": [told], **self._cost()}
        self.left -= COST
        if self.between is not None and "orderUpdate" in body["query"]:
            self.between()
        done = graphql_sync(SCHEMA, body["query"], _Root(self, fault), variable_values=body["variables"])
        errors = [{"message": each.message} for each in done.errors or ()]
        return {"data": done.data, **({"errors": errors} if errors else {}), **self._cost()}

    def _cost(self) -> dict[str, Any]:
        status = {"maximumAvailable": MOST, "currentlyAvailable": self.left, "restoreRate": RATE}
        return {"extensions": {"cost": {"requestedQueryCost": COST, "actualQueryCost": COST, "throttleStatus": status}}}


class _Root:
    """What the schema's roots answer."""

    def __init__(self, shop: FakeShopify, fault: str | None) -> None:
        self._shop = shop
        self._refused = [{"field": ["input"], "message": "is not what was wanted", "code": "INVALID"}] if fault == "user_error" else []

    def orders(self, info: object, query: str, first: int, **_: object) -> dict[str, Any]:
        """A search finds what is alike: by the words within quotes, and by their beginnings."""
        words = query.split('"')[1::2]
        found = [each for each in self._shop.orders.values() if any(each.name.lstrip("#").startswith(word.lstrip("#")) for word in words)]
        return {"nodes": [each.doc() for each in found[:first]]}

    def order(self, info: object, id: str) -> dict[str, Any] | None:
        """By id."""
        return next((each.doc() for each in self._shop.orders.values() if each.id == id), None)

    def shop(self, info: object) -> dict[str, Any]:
        """Its name."""
        return {"name": "Harbour"}

    def currentAppInstallation(self, info: object) -> dict[str, Any]:  # noqa: N802
        """What the app may."""
        return {"accessScopes": [{"handle": each} for each in self._shop.scopes]}

    def tagsAdd(self, info: object, id: str, tags: list[str]) -> dict[str, Any]:  # noqa: N802
        """One that is there already is not added."""
        order = self._one(id)
        if not self._refused:
            order.tags += [each for each in tags if each not in order.tags]
        return {"node": order.doc(), "userErrors": self._refused}

    def tagsRemove(self, info: object, id: str, tags: list[str]) -> dict[str, Any]:  # noqa: N802
        """Of those that are there."""
        order = self._one(id)
        order.tags = [each for each in order.tags if each not in tags]
        return {"node": order.doc(), "userErrors": []}

    def orderUpdate(self, info: object, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """The note is overwritten."""
        order = self._one(input["id"])
        if len(input["note"]) > 5_000:
            return {"order": None, "userErrors": [{"field": ["note"], "message": "is too long"}]}
        order.note, order.writes = input["note"], order.writes + 1
        return {"order": order.doc(), "userErrors": []}

    def metafieldsSet(self, info: object, metafields: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N802
        """All or none; compared where a digest was given, null for none."""
        for each in metafields:
            there = self._one(each["ownerId"]).metafields.get(f"{each['namespace']}.{each['key']}")
            if "compareDigest" in each and each["compareDigest"] != (None if there is None else digest(there)):
                stale = {
                    "field": ["metafields", "0"],
                    "message": "It has been updated since it was loaded.",
                    "code": "STALE_OBJECT",
                }
                return {"metafields": [], "userErrors": [stale]}
        if self._refused:
            return {"metafields": None, "userErrors": self._refused}
        for each in metafields:
            self._one(each["ownerId"]).metafields[f"{each['namespace']}.{each['key']}"] = each["value"]
        return {"metafields": [{**each, "compareDigest": digest(each["value"])} for each in metafields], "userErrors": []}

    def _one(self, id: str) -> FakeOrder:
        found = next((each for each in self._shop.orders.values() if each.id == id), None)
        if found is None:
            raise GraphQLError("there is no such order")
        return found


def digest(value: str) -> str:
    """As `compareDigest`."""
    return hashlib.sha256(value.encode()).hexdigest()
