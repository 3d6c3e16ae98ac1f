"""Outgoing webhooks as an edge: a channel that needs no setting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ThreadedResolver

from bot.ports import Channel
from handlers.edge import World
from handlers.guard import Guard
from handlers.outward import session
from handlers.webhooks.channel import WebhooksChannel

if TYPE_CHECKING:  # a worker serves nothing and need not load what serves
    from aiohttp import web

    from bot.desk import Desk

LIMIT = 5.0  # seconds for one delivery


class Webhooks:
    """Sends only, so it serves nothing."""

    name = "webhooks"

    def __init__(self, channel: WebhooksChannel) -> None:
        self.channels: tuple[Channel, ...] = (channel,)

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """None."""
        return []

    async def check(self) -> str | None:
        """Nothing to try: each subscriber has its own URL, and its deliveries say how it is."""
        return None


async def connect(world: World) -> Webhooks:
    """With its channel."""
    guard = Guard(world.settings.webhook_allow_private)
    client = session(guard, ThreadedResolver(), LIMIT)
    world.closing.push_async_callback(client.close)
    return Webhooks(WebhooksChannel(client, guard, world.clock))
