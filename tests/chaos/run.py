"""One run: fill, start, kill, drain, count."""

from __future__ import annotations

import asyncio
import json
import random
import sqlite3
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from bot.clock import SystemClock
from bot.records import Outgoing
from storage.engine import Storage, open_storage
from storage.urls import database, sqlite_file
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, add_tickets, multiply, open_ticket
from tests.chaos.herd import Herd
from tests.chaos.plan import LEAD, Plan
from tests.chaos.tally import Row, Tally, tally

DRAIN = 40.0  # seconds after the last moment; a lease that a killed process left behind lasts 12
BACKGROUND_BLOCK = 10_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run has shown. `integrity`: SQLite's word on the file, `ok`; None on PostgreSQL. `ended`: processes that died unasked."""

    tally: Tally
    kills: int
    young: int
    ended: int
    integrity: str | None
    complaints: str

    def line(self, dialect: str) -> str:
        """The one line."""
        checked = f"  integrity_check {self.integrity}" if self.integrity else ""
        faults = f"  ended by themselves {self.ended}" if self.ended else ""
        return f"chaos {dialect}: {self.tally.line(self.kills)}  killed while starting {self.young}{checked}{faults}"


async def run(plan: Plan, databases: Databases, seed: int | None = None) -> Outcome:
    """Takes `plan.seconds` and what it needs to fill, start and drain."""
    chance = random.Random(seed)
    url = await databases.new(plan.dialect)
    folder = Path(tempfile.mkdtemp(prefix="run-", dir=databases.folder))
    await inside(url, lambda connection: merchants(connection, plan))
    log = folder / "sink.jsonl"
    sink = program.start(
        ["-m", "tests.fakes.slack", "--port", "0", "--delay", str(plan.sink_delay), "--log", str(log)], folder, output=subprocess.PIPE
    )
    herd = None
    try:
        api_url = (await asyncio.to_thread(program.first_line, sink)).split()[-1]
        start = SystemClock().now() + LEAD + timedelta(seconds=plan.tickets / 2000)
        await inside(url, lambda connection: add_due(connection, plan, start))
        role = "worker" if plan.dialect == "postgresql" else "all"
        settings = {"database_url": url, "role": role, "edges": "slack", "port": str(program.free_port()), **program.slack(api_url)}
        herd = Herd(plan.processes, folder, settings, chance)
        await _kill(plan, herd, start, chance)
        await drained(url, herd)
    finally:
        if herd is not None:
            herd.stop()
        program.end(sink)
    counted = tally(by_monotonic(plan, start), await rows(url), arrivals(log))
    return Outcome(counted, herd.kills, herd.young, herd.ended, _integrity(url), herd.complaints())


def merchants(connection: Connection, plan: Plan) -> None:
    now = SystemClock().now()
    add_merchants(connection, plan.merchants, now)
    if plan.background:
        block = min(BACKGROUND_BLOCK, plan.background)
        add_tickets(connection, (open_ticket(index, 1001 + index, plan.merchants, now) for index in range(block)))
        multiply(connection, plan.background)


def add_due(connection: Connection, plan: Plan, start: datetime) -> None:
    add_tickets(connection, plan.made(start, start - timedelta(hours=1)))


async def _kill(plan: Plan, herd: Herd, start: datetime, chance: random.Random) -> None:
    """About evenly over the run, each at a random moment within its share of it."""
    await until(start)
    share = plan.seconds / max(plan.kills, 1)
    for place in range(plan.kills):
        await until(start + timedelta(seconds=(place + chance.random()) * share))
        await asyncio.to_thread(herd.kill_one)
        herd.revive()
    await until(start + timedelta(seconds=plan.seconds))


async def until(moment: datetime) -> None:
    await asyncio.sleep(max(0.0, (moment - SystemClock().now()).total_seconds()))


async def drained(url: str, herd: Herd | None = None) -> None:
    """Until nothing waits any more, or it has taken too long; what still waits then is counted as it is."""
    storage = await open_storage(url, own=False)
    try:
        end = time.monotonic() + DRAIN
        while time.monotonic() < end:
            if herd is not None:
                herd.revive()
            waiting, due = await storage.read(lambda stores: (stores.outbox.counts()["waiting"], stores.deadlines.next_due()))
            if not waiting and (due is None or due > SystemClock().now()):
                return
            await asyncio.sleep(0.5)
    finally:
        await storage.close()


def by_monotonic(plan: Plan, start: datetime) -> dict[tuple[int, int], float]:
    """The sink writes the machine's monotonic clock, which is one for all processes."""
    ahead = SystemClock().now().timestamp() - time.monotonic()
    return {key: at.timestamp() - ahead for key, at in plan.due(start).items()}


async def rows(url: str) -> list[Row]:
    storage = await open_storage(url, own=False)
    try:
        return [_row(each) for each in await _all(storage)]
    finally:
        await storage.close()


async def _all(storage: Storage) -> list[Outgoing]:
    found: list[Outgoing] = []
    cursor: str | None = None
    while True:
        page = await storage.read(lambda stores: stores.outbox.page(None, None, 1000, cursor))  # noqa: B023
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


def _row(each: Outgoing) -> Row:
    return Row(each.id, each.ticket, each.kind, each.target, each.state, (each.receipt or {}).get("folded"))


def arrivals(log: Path) -> list[tuple[str, float]]:
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return [(str(line["id"]), float(line["at"])) for line in lines]


def _integrity(url: str) -> str | None:
    found = database(url)
    if found.drivername != "sqlite":
        return None
    connection = sqlite3.connect(sqlite_file(found))
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()
