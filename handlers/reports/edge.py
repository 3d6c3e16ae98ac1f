"""`GET /reports/T-1024.pdf?key=…`: the report for who has a link that we signed. The key is in the query, which no log shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import Refused, Unauthentic
from bot.messages import ReportByLink
from bot.ports import Channel
from handlers.edge import World
from handlers.reports.page import over

if TYPE_CHECKING:
    from aiohttp import web

    from bot.desk import Desk

LONGEST = 400  # characters of a key
PER_MINUTE = 30.0  # of one address: a PDF is work
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


class Reports:
    """Serves, and sends nothing."""

    name = "reports"
    channels: tuple[Channel, ...] = ()

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """The one page."""
        from aiohttp import web  # noqa: PLC0415  # a worker serves nothing

        async def show(request: web.Request) -> web.Response:
            key = request.query.get("key", "")
            wait = await self._world.cache.take(f"reports:{request.remote}", int(PER_MINUTE), PER_MINUTE)
            if wait.total_seconds() > 0:
                raise web.HTTPTooManyRequests(headers={"Retry-After": str(int(wait.total_seconds()) + 1)})
            try:
                if not 0 < len(key) <= LONGEST or not key.isascii():
                    raise Unauthentic("no key")
                body = await desk.paper(ReportByLink(key, request.match_info["ticket"]))
            except (Unauthentic, Refused):
                return web.Response(text=over(request.match_info["ticket"]), status=410, content_type="text/html", headers=_PRIVATE)
            name = f"inline; filename={request.match_info['ticket']}.pdf"
            return web.Response(body=body, content_type="application/pdf", headers={**_PRIVATE, "Content-Disposition": name})

        return [web.get(r"/reports/{ticket:T-[0-9]{1,12}}.pdf", show)]

    async def check(self) -> str | None:
        """Nothing to try."""
        return None


async def connect(world: World) -> Reports:
    """It needs nothing."""
    return Reports(world)
