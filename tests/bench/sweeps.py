"""More due than any batch holds: every ticket once, by one sweeper twice in a row and by two at once."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

from sqlalchemy import Connection, text

from bot.clock import SystemClock
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, add_tickets
from tests.bench.idle import desk
from tests.bench.table import Figure
from tests.chaos.plan import Plan

DUE = 5000


async def measured(databases: Databases) -> list[Figure]:
    """Both databases."""
    found = []
    for dialect in ("sqlite", "postgresql"):
        for sweepers in (1, 2):
            seconds, once = await swept(databases, dialect, DUE, sweepers)
            who = "one sweeper, twice in a row" if sweepers == 1 else "two sweepers at once"
            said = f"{DUE / seconds:,.0f} tickets/s, each once" if once else "NOT each once"
            found.append(Figure(f"{dialect}: {DUE:,} due, {who}", said, "", None, "every ticket once", once))
    return found


async def swept(databases: Databases, dialect: str, due: int, sweepers: int) -> tuple[float, bool]:
    """Seconds for all of it, and whether every ticket fired exactly once: on its timeline, in the outbox and in its tier."""
    url = await databases.new(dialect)
    await inside(url, lambda connection: _due(connection, dialect, due))
    if sweepers > 1 and dialect == "postgresql":
        seconds = await asyncio.to_thread(_two_processes, url, databases)
    else:
        seconds = await sweep(url, sweepers)
    return seconds, await inside(url, lambda connection: _each_once(connection, due))


async def sweep(url: str, sweepers: int = 1, begin: float = 0.0) -> float:
    """Passes until nothing is due; then once more, which must change nothing. `begin`: a moment (monotonic) to wait for."""
    async with desk(url, **program.slack("http://127.0.0.1:9/api/")) as bot:
        await asyncio.sleep(max(0.0, begin - time.monotonic()))

        async def passes() -> None:
            while (at := await bot.desk.escalate_due()) is not None and at <= SystemClock().now():  # noqa: ASYNC110
                await asyncio.sleep(0.005)  # what is due may be another sweeper's just now

        started = time.perf_counter()
        await asyncio.gather(*(passes() for _ in range(sweepers)))
        seconds = time.perf_counter() - started
        await passes()
        return seconds


def _two_processes(url: str, databases: Databases) -> float:
    begin = time.monotonic() + 4
    folder = databases.folder / "sweepers"
    folder.mkdir(exist_ok=True)
    running = [
        program.start(["-m", "tests.bench.sweeper", url, str(begin)], folder, output=subprocess.PIPE, errors=sys.stderr.fileno())
        for _ in range(2)
    ]
    try:
        return max(float(program.first_line(process)) for process in running)
    finally:
        for process in running:
            program.end(process)


def _due(connection: Connection, dialect: str, due: int) -> None:
    plan = Plan(dialect, processes=0, tickets=due, seconds=60, kills=0, tiers=1)
    now = SystemClock().now()
    add_merchants(connection, plan.merchants, now)
    add_tickets(connection, plan.made(now - timedelta(seconds=90), now - timedelta(hours=1)))


def _each_once(connection: Connection, due: int) -> bool:
    told = Counter(row[0] for row in connection.execute(text("SELECT ticket FROM timeline WHERE type LIKE 'sla.tier%'")))
    sent = Counter(row[0] for row in connection.execute(text("SELECT ticket FROM outbox WHERE kind LIKE 'tier%'")))
    tiers = connection.execute(text("SELECT count(*) FROM tickets WHERE tier > 0")).scalar_one()
    return all(set(each.values()) == {1} and len(each) == due for each in (told, sent)) and tiers == due
