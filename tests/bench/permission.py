"""How long a payment system waits for `refund-permission`: over a million freezes of the past and hundreds of the present."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from datetime import timedelta

import aiohttp
from sqlalchemy import Connection, insert, text

from bot.clock import SystemClock
from storage.schema import freezes
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, merchant_id
from tests.bench.table import Figure, at_most, middle

MERCHANTS, PAST, PRESENT = 1_000, 1_000_000, 500
ASKERS, SECONDS, PACE = 8, 6.0, 400.0  # connections, and questions a second in all
P99 = 5.0  # milliseconds


async def measured(databases: Databases) -> list[Figure]:
    """Both databases, over HTTP, beside a bare server that is asked at the same pace."""
    bare = program.start(["-m", "tests.bench.sink"], databases.folder, output=subprocess.PIPE, errors=sys.stderr.fileno())
    try:
        floor = await _asked(f"{await asyncio.to_thread(program.first_line, bare)}/taken", 1)
    finally:
        program.end(bare)
    found = []
    for dialect in ("sqlite", "postgresql"):
        url = await databases.new(dialect)
        await inside(url, _fill)
        port = program.free_port()
        settings = {"database_url": url, "port": str(port), "edges": "api"}
        with (databases.folder / "permission.log").open("ab") as log:
            desk = program.serve(databases.folder, settings, level="warning", output=log)
            try:
                await asyncio.to_thread(program.wait_ready, desk, port)
                times = await _asked(f"http://127.0.0.1:{port}/v1/shops/shop-{{id}}/refund-permission", MERCHANTS)
            finally:
                await asyncio.to_thread(program.end, desk)
        p50, p99 = (1e3 * middle(times, share) for share in (0.5, 0.99))
        bare99 = f"{1e3 * middle(floor, 0.99):.2f} ms, bare server"
        found.append(at_most(f"{dialect}: refund-permission p99 at {PACE:.0f}/s (p50 {p50:.2f} ms)", p99, P99, " ms", floor=bare99))
    return found


async def _asked(url: str, shops: int) -> list[float]:
    """Seconds per question, at a steady pace."""
    times: list[float] = []
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {program.ADMIN}"}) as session:

        async def ask(first: int) -> None:
            begin = time.perf_counter() + first / PACE
            for turn in range(int(SECONDS * PACE / ASKERS)):
                await asyncio.sleep(begin + turn * ASKERS / PACE - time.perf_counter())
                started = time.perf_counter()
                async with session.get(url.format(id=merchant_id((turn * 31 + first) % shops))) as answer:
                    await answer.read()
                times.append(time.perf_counter() - started)

        await asyncio.gather(*(ask(first) for first in range(ASKERS)))
    return times[len(times) // 10 :]  # the first tenth warms up


def _fill(connection: Connection) -> None:
    now = SystemClock().now()
    add_merchants(connection, MERCHANTS, now)

    def row(index: int, since: timedelta, until: timedelta) -> dict[str, object]:
        id = merchant_id(index % MERCHANTS)
        return {
            "id": f"frz_{index}_{until.days}", "merchant_id": id, "kind": "refund", "subject": f"shop-{id}", "reason": "sla_tier3",
            "since": now - since, "until": now + until, "ticket": None,
        }  # fmt: skip

    day = timedelta(days=1)
    for start in range(0, PAST, 20_000):
        connection.execute(insert(freezes), [row(index, 9 * day, -8 * day) for index in range(start, start + 20_000)])
    connection.execute(insert(freezes), [row(index, day, day) for index in range(PRESENT)])
    connection.execute(text("ANALYZE"))
