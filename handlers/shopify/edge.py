"""Shopify as an edge: a channel that shops bring their own credentials for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import ThreadedResolver

from bot.errors import DeliveryFailed
from bot.messages import AccountsOf, Credentials
from bot.ports import Channel
from handlers.edge import World
from handlers.guard import Guard
from handlers.outward import session
from handlers.shopify import documents
from handlers.shopify.channel import ShopifyChannel
from handlers.shopify.client import Admin
from handlers.shopify.link import link_of

if TYPE_CHECKING:  # a worker serves nothing and need not load what serves
    from aiohttp import web

    from bot.desk import Desk

LIMIT = 4.0  # seconds for one request; a delivery makes two to four, and goes on where it stopped when it is tried again
SCOPES = {"read_orders", "write_orders"}


class Shopify:
    """Sends only; what shops tell us comes in by payments' connections."""

    name = "shopify"

    def __init__(self, admin: Admin) -> None:
        self._admin = admin
        self.channels: tuple[Channel, ...] = (ShopifyChannel(admin),)

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """None."""
        return []

    async def check(self) -> str | None:
        """Nothing of the deployment's own."""
        return None

    async def examine(self, desk: Desk) -> list[str]:
        """Each shop's credentials, tried."""
        found: tuple[Credentials, ...] = await desk.ask(AccountsOf(self.name))
        return [line for each in found if (line := await self._tried(each)) is not None]

    async def _tried(self, shop: Credentials) -> str | None:
        try:
            said = await self._admin.ask(link_of({**shop.doc, **shop.secrets}), documents.WHO, {})
        except DeliveryFailed as failed:
            return f"shop {shop.id}: {failed.why}"
        scopes = {each["handle"] for each in (said.get("currentAppInstallation") or {}).get("accessScopes") or ()}
        lacking = sorted(SCOPES - scopes)
        return f"shop {shop.id}: the app lacks {', '.join(lacking)}: add them in Shopify and install it again" if lacking else None


async def connect(world: World) -> Shopify:
    """With its channel."""
    guard = Guard(world.settings.webhook_allow_private)
    client = session(guard, ThreadedResolver(), LIMIT)
    world.closing.push_async_callback(client.close)
    return Shopify(Admin(client, guard, world.clock))
