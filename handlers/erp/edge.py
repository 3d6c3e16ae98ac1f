"""ERPs as an edge: a channel that shops bring their own credentials for. What an ERP has to say to us it says over /v1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ThreadedResolver

from bot.errors import DeliveryFailed
from bot.messages import AccountsOf, Credentials
from bot.ports import Channel, Clock
from handlers.edge import World
from handlers.erp import mabang, signed
from handlers.erp.channel import ErpChannel, config_of
from handlers.erp.templates import NAMES
from handlers.guard import Blocked, Guard
from handlers.outward import session

if TYPE_CHECKING:  # a worker serves nothing and need not load what serves
    from aiohttp import web

    from bot.desk import Desk

LIMIT = 4.0  # seconds for one request


class Erp:
    """Sends only."""

    name = "erp"

    def __init__(self, channel: ErpChannel, guard: Guard, clock: Clock) -> None:
        self._channel, self._guard, self._clock = channel, guard, clock
        self.channels: tuple[Channel, ...] = (channel,)

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """None."""
        return []

    async def check(self) -> str | None:
        """Nothing of the deployment's own."""
        return None

    async def examine(self, desk: Desk) -> list[str]:
        """Mabang is asked for an order that nobody has; another ERP's document is filled in and not sent, for it would change something."""
        found: tuple[Credentials, ...] = await desk.ask(AccountsOf(self.name))
        return [line for each in found if (line := await self._tried(each)) is not None]

    async def _tried(self, shop: Credentials) -> str | None:
        try:
            config = config_of({**shop.doc, **shop.secrets})
            if config["kind"] == "mabang":
                await self._channel.mabang(config, mabang.READ, {"platformOrderIds": "deskbell-doctor", "allstatus": 1})
            else:
                self._guard.allowed(signed.request(config, dict.fromkeys(NAMES, "0")).url)
        except DeliveryFailed as failed:
            return f"shop {shop.id}: {failed.why}"
        except Blocked as blocked:
            return f"shop {shop.id}: erp.url: {blocked.why}"
        return None


async def connect(world: World) -> Erp:
    """With its channel."""
    guard = Guard(world.settings.webhook_allow_private)
    client = session(guard, ThreadedResolver(), LIMIT)
    world.closing.push_async_callback(client.close)
    return Erp(ErpChannel(client, guard, world.clock), guard, world.clock)
