"""A pass with nothing due, over ten thousand and over a million open tickets: one indexed read."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

from bot.clock import SystemClock
from bot.settings import read
from run_bot import Deskbell, assembled
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, add_tickets, multiply, open_ticket
from tests.bench.table import Figure, middle

SIZES = (10_000, 1_000_000)
MERCHANTS, LOOKS = 350, 400


async def measured(databases: Databases) -> list[Figure]:
    """Both databases."""
    found = []
    for dialect in ("sqlite", "postgresql"):
        plan = ""
        times: dict[int, float] = {}
        said: list[str] = []
        for size in SIZES:
            url = await databases.new(dialect)
            started = time.perf_counter()
            await inside(url, lambda connection: fill(connection, size))  # noqa: B023
            filled = time.perf_counter() - started
            async with desk(url) as bot:
                times[size], said = await _looks(bot)
            plan = await inside(url, _explained)
            found.append(Figure(f"{dialect}: filling {size:,} tickets", f"{filled:.0f} s"))
        small, large = (1e3 * times[size] for size in SIZES)
        found.append(Figure(
            f"{dialect}: a pass with nothing due over {SIZES[1]:,}", f"{large:.2f} ms", f"{small:.2f} ms over {SIZES[0]:,}",
            large / small, "≤ 1.5 ×", large <= 1.5 * small,
        ))  # fmt: skip
        indexed = "ix_deadlines_due" in plan and "Seq Scan" not in plan
        found.append(Figure(
            f"{dialect}: its statements", f"{len(said)}: {'; '.join(said)}"[:60], plan.splitlines()[-1].strip()[:60], None,
            "1 indexed read", len(said) == 1 and indexed,
        ))  # fmt: skip
    return found


def fill(connection: Connection, size: int) -> None:
    """`size` open tickets that are not due."""
    now = SystemClock().now()
    add_merchants(connection, MERCHANTS, now)
    block = min(size, 10_000)
    add_tickets(connection, (open_ticket(index, 1001 + index, MERCHANTS, now) for index in range(block)))
    multiply(connection, size)


@asynccontextmanager
async def desk(url: str, **settings: str) -> AsyncIterator[Deskbell]:
    """A whole bot on that database, not ticking, that can send nowhere but where `settings` say."""
    given = {"database_url": url, "secret_key": "bench-secret-key-of-no-use", "sla_warn": "", "role": "worker", **settings}
    read_in = read({f"DESKBELL_{name.upper()}": value for name, value in given.items()})
    async with assembled(read_in, SystemClock(), edges=["slack"]) as bot:
        yield bot


async def _looks(bot: Deskbell) -> tuple[float, list[str]]:
    """The median time of a pass, and what one says to the database."""
    for _ in range(50):
        await bot.desk.escalate_due()
    times = []
    for _ in range(LOOKS):
        started = time.perf_counter()
        await bot.desk.escalate_due()
        times.append(time.perf_counter() - started)
    said: list[str] = []

    def heard(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", heard)
    try:
        await bot.desk.escalate_due()
    finally:
        event.remove(Engine, "before_cursor_execute", heard)
    return middle(times), said


def _explained(connection: Connection) -> str:
    how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    return "\n".join(str(row[-1]) for row in connection.execute(text(f"{how} SELECT min(due_at) FROM deadlines")))  # noqa: S608
