"""`POST /v1/events/KIND?connection=ID`: bytes → verified → kept → 200; what it says is worked out behind that.

Whatever cannot be proven gets 401 and no reason. What could not be kept is not answered 200, so that its sender sends it again.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from bot.errors import NotFound, Unauthentic, Unreadable
from bot.messages import AccountOf, Credentials, TakeEvent
from handlers.payments.institutions import INSTITUTIONS
from handlers.payments.signing import Headers

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.ports import Clock

CHANNEL = "payments"
KEEPING = 4.0  # seconds; Shopify waits 5 for all: https://shopify.dev/docs/apps/build/webhooks/subscribe/https
NOBODY = "secret-of-nobody"  # compared with where there is no such connection, so that its answer takes as long
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII)
log = structlog.stdlib.get_logger("payments")


def routes(desk: Desk, clock: Clock) -> list[web.RouteDef]:
    """One for all institutions."""
    door = Door(desk, clock)
    kinds = "|".join(sorted(INSTITUTIONS))
    return [web.post(f"/v1/events/{{kind:{kinds}}}", door.receive)]


class Door:
    """Where events come in."""

    def __init__(self, desk: Desk, clock: Clock) -> None:
        self._desk, self._clock = desk, clock

    async def receive(self, request: web.Request) -> web.Response:
        """An event."""
        kind = request.match_info["kind"]
        try:
            raw = await request.read()
            connection = await self._connection(request, kind)
            secrets = tuple(connection.secrets.values()) if connection is not None else (NOBODY,)
            arrived = INSTITUTIONS[kind].verify(raw, _headers(request), secrets, self._clock.now())
            if connection is None:
                raise Unauthentic("no such connection")
        except Unauthentic as refused:
            log.warning("event refused", kind=kind, why=str(refused))
            return web.json_response({"error": "invalid request"}, status=401)
        except Unreadable as broken:
            log.warning("event refused", kind=kind, why=str(broken))
            return web.json_response({"error": "invalid event"}, status=400)
        async with asyncio.timeout(KEEPING):
            taken = TakeEvent(connection.id, connection.merchant_id, kind, arrived.id, arrived.type, raw)
            await self._desk.happenings.take(taken)
        return web.json_response({"received": True})

    async def _connection(self, request: web.Request, kind: str) -> Credentials | None:
        given = request.query.getall("connection", [])
        if len(given) != 1 or not _ID.fullmatch(given[0]):
            return None
        try:
            found: Credentials = await self._desk.ask(AccountOf(CHANNEL, given[0]))
        except NotFound:
            return None
        return found if found.doc.get("kind") == kind else None


def _headers(request: web.Request) -> Headers:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in request.headers.items():
        found[name.lower()] = (*found.get(name.lower(), ()), value)
    return found
