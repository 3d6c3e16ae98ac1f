"""The API as an edge: every Route on aiohttp, and the two documents that describe them. It sends nothing, so it has no channel."""

from __future__ import annotations

import json

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.desk import Desk
from bot.ports import Channel
from handlers.api import (
    actions,
    agents,
    audit,
    connections,
    custom_fields,
    deliveries,
    freezes,
    hooks,
    imports,
    keeping,
    keys,
    merchants,
    messages,
    orders,
    policies,
    reconciliations,
    rehearsals,
    reports,
    reviews,
    rota,
    shops,
    stats,
    tickets,
    translations,
    webhooks,
    wecom_apps,
)  # fmt: skip
from handlers.api.answering import handler
from handlers.api.docs import page, policy
from handlers.api.openapi import document
from handlers.api.route import House, Route
from handlers.edge import World

ROUTES: tuple[Route, ...] = (
    *tickets.ROUTES, *actions.ROUTES, *messages.ROUTES, *orders.ROUTES, *shops.ROUTES, *merchants.ROUTES, *agents.ROUTES, *rota.ROUTES,
    *keys.ROUTES, *webhooks.ROUTES, *deliveries.ROUTES, *freezes.ROUTES, *policies.ROUTES, *reports.ROUTES, *imports.ROUTES,
    *reconciliations.ROUTES, *wecom_apps.ROUTES, *connections.ROUTES, *reviews.ROUTES, *rehearsals.ROUTES, *keeping.ROUTES, *stats.ROUTES,
    *translations.ROUTES, *audit.ROUTES, *hooks.ROUTES, *custom_fields.ROUTES,
)  # fmt: skip


class Api:
    """Serves `/v1`, `/openapi.json` and `/docs`."""

    name = "api"
    channels: tuple[Channel, ...] = ()

    def __init__(self, world: World) -> None:
        self._world = world
        self._pages: tuple[bytes, str] | None = None

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """Everything it serves."""
        house = House(desk, self._world.settings, self._world.clock)
        calls = [_serve(each, handler(each, house, self._world.cache)) for each in ROUTES]
        return [*calls, web.get("/openapi.json", self._openapi), web.get("/docs", self._docs)]

    async def check(self) -> str | None:
        """Nothing to try."""
        return None

    async def _openapi(self, request: web.Request) -> web.Response:
        return web.Response(body=self._described()[0], content_type="application/json")

    async def _docs(self, request: web.Request) -> web.Response:
        html = self._described()[1]
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy()})

    def _described(self) -> tuple[bytes, str]:
        """Made when first asked for: a start does not wait for it."""
        if self._pages is None:
            described = document(ROUTES, self._world.settings.base_url)
            self._pages = json.dumps(described, ensure_ascii=False).encode(), page(described)
        return self._pages


def _serve(route: Route, answer: Handler) -> web.RouteDef:
    # `web.get` answers HEAD too.
    return web.get(route.path, answer) if route.method == "GET" else web.route(route.method, route.path, answer)


async def connect(world: World) -> Api:
    """The API needs nothing to connect to."""
    return Api(world)
