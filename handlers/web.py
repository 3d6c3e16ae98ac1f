"""The aiohttp application: the edges' routes, health and figures, behind one front."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping

from aiohttp import web

from bot.desk import Desk
from bot.settings import Settings
from handlers.edge import Ailing, Edge, Streaming
from handlers.metrics import Metrics
from handlers.web_front import BODY_LIMIT, front, security
from handlers.web_health import Check, routes


def application(
    desk: Desk, edges: Iterable[Edge], *, settings: Settings, metrics: Metrics, readiness: Mapping[str, Check]
) -> web.Application:
    """Everything that is served over HTTP.

    `readiness` are the checks of /readyz by name (`database`, `migrations`, `pass`): each answers None, or what is wrong.
    """
    app = web.Application(middlewares=[front(metrics)], client_max_size=BODY_LIMIT)
    app.on_response_prepare.append(security(https=settings.base_url.startswith("https:")))
    edges = tuple(edges)
    app.add_routes(routes(desk, metrics, readiness, [edge.ails for edge in edges if isinstance(edge, Ailing)]))
    for edge in edges:
        app.add_routes(edge.routes(desk))
        if isinstance(edge, Streaming):
            app.on_shutdown.append(_hanging_up(edge))
    return app


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serves it until `cleanup()`. The front writes the access log, so aiohttp's own is off."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner


def _hanging_up(edge: Streaming) -> Callable[[web.Application], Awaitable[None]]:
    async def hang_up(app: web.Application) -> None:
        await edge.hang_up()

    return hang_up
