"""How fast a backlog goes out to a sink that answers at once, beside a bare client that posts as much to the same sink."""

from __future__ import annotations

import asyncio
import subprocess
import time
from datetime import timedelta

from sqlalchemy import Connection

from bot.clock import SystemClock
from tests.bench import program
from tests.bench.bare import bare
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, add_tickets
from tests.bench.idle import desk
from tests.bench.table import Figure
from tests.chaos.plan import Plan

NOTICES = 2000
PLAN = Plan("", processes=0, tickets=NOTICES, seconds=60, kills=0, tiers=1, merchants=1000)


async def measured(databases: Databases) -> list[Figure]:
    """Both databases; every notice to a channel whose limit holds nothing back."""
    log = databases.folder / "delivering.jsonl"
    command = ["-m", "tests.fakes.slack", "--port", "0", "--log", str(log)]
    sink = program.start(command, databases.folder, output=subprocess.PIPE)
    try:
        api_url = (await asyncio.to_thread(program.first_line, sink)).split()[-1]
        floor = await bare(api_url, NOTICES)
        found = []
        for dialect in ("sqlite", "postgresql"):
            before = len(log.read_text().splitlines())
            rate = NOTICES / await _delivered(databases, dialect, api_url)
            arrived = len(log.read_text().splitlines()) - before
            found.append(
                Figure(
                    f"{dialect}: notices delivered", f"{rate:,.0f}/s", f"{floor:,.0f}/s", rate / floor, "all of them", arrived == NOTICES
                )
            )
        return found
    finally:
        program.end(sink)


async def _delivered(databases: Databases, dialect: str, api_url: str) -> float:
    url = await databases.new(dialect)
    await inside(url, _due)
    async with desk(url, **program.slack(api_url)) as bot:
        while (at := await bot.desk.escalate_due()) is not None and at <= SystemClock().now():
            pass
        waiting = True
        started = time.perf_counter()
        while waiting:
            at = await bot.desk.deliver_waiting()
            waiting = at is None or at <= SystemClock().now() + timedelta(seconds=30)
            if at is None and not await bot.storage.read(lambda stores: stores.outbox.counts()["waiting"]):
                break
            await asyncio.sleep(0.002)
        await bot.desk.delivery.drain(10)
        return time.perf_counter() - started


def _due(connection: Connection) -> None:
    now = SystemClock().now()
    add_merchants(connection, PLAN.merchants, now)
    add_tickets(connection, PLAN.made(now - timedelta(seconds=90), now - timedelta(hours=1)))
