"""A server that takes everything at once and remembers when: `python -m tests.bench.sink` prints its address.

`POST /api/METHOD` answers as Slack does, `POST /hook/NAME` with 204. `GET /taken` tells how many came and when (monotonic seconds) the
last one came, by channel or hook; `DELETE /taken` forgets.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter

from aiohttp import web


class Sink:
    """What came."""

    def __init__(self) -> None:
        self.many: Counter[str] = Counter()
        self.last: dict[str, float] = {}

    async def slack(self, request: web.Request) -> web.Response:
        """A message in a channel."""
        channel = str((await request.json()).get("channel"))
        self._taken(channel)
        return web.Response(
            text=f'{{"ok":true,"channel":"{channel}","ts":"1.{self.many.total()}"}}', content_type="application/json"
        )  # fmt: skip

    async def hook(self, request: web.Request) -> web.Response:
        """An event."""
        await request.read()
        self._taken(request.match_info["name"])
        return web.Response(status=204)

    async def told(self, request: web.Request) -> web.Response:
        """So far."""
        return web.json_response({"many": self.many, "last": self.last})

    async def forget(self, request: web.Request) -> web.Response:
        """All of it."""
        self.many.clear()
        self.last.clear()
        return web.Response(status=204)

    def _taken(self, name: str) -> None:
        self.many[name] += 1
        self.last[name] = time.monotonic()


async def main() -> None:
    """Until it is ended."""
    sink = Sink()
    app = web.Application()
    app.add_routes([
        web.post("/api/{method}", sink.slack), web.post("/hook/{name}", sink.hook), web.get("/taken", sink.told),
        web.delete("/taken", sink.forget),
    ])  # fmt: skip
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
