"""The edge of payment institutions and shops: their events come in; nothing goes out, so it has no channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.ports import Channel, Institution
from handlers.edge import World
from handlers.payments.institutions import INSTITUTIONS

if TYPE_CHECKING:
    from aiohttp import web

    from bot.desk import Desk


class Payments:
    """Serves `/v1/events/KIND`, and reads for the desk what came there."""

    name = "payments"
    channels: tuple[Channel, ...] = ()

    def __init__(self, world: World) -> None:
        self._world = world
        self.institutions: Mapping[str, Institution] = {**INSTITUTIONS}

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """What serves is imported here: a worker never comes this way."""
        from handlers.payments import inbound  # noqa: PLC0415

        return inbound.routes(desk, self._world.clock)

    async def check(self) -> str | None:
        """Nothing to try: they call us."""
        return None


async def connect(world: World) -> Payments:
    """It needs nothing."""
    return Payments(world)
