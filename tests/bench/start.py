"""From nothing to /readyz, and how much memory that takes: SQLite, no tickets, every edge loaded, none connected."""

from __future__ import annotations

import asyncio
import time

import psutil

from tests.bench import program
from tests.bench.databases import Databases
from tests.bench.table import Figure, at_most, middle

TRIES = 5
_BARE = """
import sys, asyncio
from aiohttp import web
import sqlalchemy
async def ok(request): return web.Response(text='ok')
app = web.Application(); app.add_routes([web.get('/readyz', ok)])
web.run_app(app, host='127.0.0.1', port=int(sys.argv[1]), print=None)
"""


async def measured(databases: Databases) -> list[Figure]:
    """The first start, which makes the database (and here compiles everything), is told apart."""
    started = [await asyncio.to_thread(_started, databases, ["desk"]) for _ in range(TRIES + 1)]
    bare = [await asyncio.to_thread(_started, databases, ["-c", _BARE]) for _ in range(TRIES)]
    first, later = started[0][0], middle([seconds for seconds, _ in started[1:]])
    memory = max(mb for _, mb in started)
    floor = middle([seconds for seconds, _ in bare])
    return [
        at_most("start to /readyz", later, 2.0, " s", floor=f"{floor:.2f} s, aiohttp and SQLAlchemy alone"),
        Figure("start to /readyz, the very first", f"{first:.2f} s"),
        at_most("resident memory", memory, 150.0, " MB", floor=f"{max(mb for _, mb in bare):.0f} MB", digits=0),
    ]


def _started(databases: Databases, what: list[str]) -> tuple[float, float]:
    port = program.free_port()
    folder = databases.folder / "start"
    folder.mkdir(exist_ok=True)
    began = time.perf_counter()
    if what == ["desk"]:
        process = program.serve(folder, {"database_url": "sqlite:///start.db", "port": str(port)})
    else:
        process = program.start([*what, str(port)], folder)
    try:
        program.wait_ready(process, port)
        return time.perf_counter() - began, psutil.Process(process.pid).memory_info().rss / 1e6
    finally:
        program.end(process)
