"""The WeCom edge: self-built apps (the settings' is the operator's), groups, robots, the AI bot; without them it does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ports import Channel
from handlers.wecom import inlets

if TYPE_CHECKING:  # a worker serves nothing and need not load what serves
    from aiohttp import web

    from bot.desk import Desk
    from handlers.edge import World


async def connect(world: World) -> WecomEdge:
    """Opens what the edge needs and closes it through `world.closing`. Raises BadSetting when half of the settings are missing."""
    inlets.standing(world.settings)
    return WecomEdge(world)


class WecomEdge:
    """All of WeCom: channels out, callbacks in, the AI bot's long connection beside them."""

    name = "wecom"

    def __init__(self, world: World) -> None:
        self._world = world
        self.channels: tuple[Channel, ...] = ()

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """Callbacks. What only they need is imported here: a worker never comes this way."""
        from handlers.wecom import inbound  # noqa: PLC0415

        return inbound.routes(desk, self._world)

    async def run(self, desk: Desk) -> None:
        """What lives beside requests: the AI bot's connection."""

    async def check(self) -> str | None:
        """Nothing to try yet."""
        return None
