"""A database and a channel that go away while tickets fall due: how long anybody waits, how soon it goes on, what was lost."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import aiohttp
from sqlalchemy import text

from bot.clock import SystemClock
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.chaos.plan import LEAD, Plan
from tests.chaos.run import add_due, arrivals, by_monotonic, drained, merchants, rows, until
from tests.chaos.tally import Tally, tally
from tests.fakes.wire import Mode, Wire, over, to_postgres

LONGEST_CALL, RESUMED, POOL = 12.0, 10.0, 10
ASKED = ("/readyz", "/v1/tickets?limit=1", "/v1/shops/shop-m0000/refund-permission")
Row = tuple[str, Mode, float]


@dataclass(frozen=True, slots=True)
class Outages:
    """What goes away, how, and for how many seconds, one after the other; `quiet`: seconds before the first and after each."""

    tickets: int
    quiet: float
    each: tuple[Row, ...]

    @property
    def plan(self) -> Plan:
        """The tickets fall due evenly over all of it, one tier each."""
        seconds = self.quiet + sum(length + self.quiet for _, _, length in self.each)
        return Plan("postgresql", processes=1, tickets=self.tickets, seconds=seconds, kills=0, tiers=1)


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `calls`: the longest anybody waited for an answer, in seconds; `resumed`: from each return to the next arrival."""

    tally: Tally
    calls: float
    resumed: Mapping[str, float]
    connections: int
    stuck: int
    complaints: str

    def line(self) -> str:
        """The one line."""
        back = "  ".join(f"{name} back → first arrival {seconds:.1f} s" for name, seconds in self.resumed.items())
        pool = f"connections afterwards {self.connections} of {POOL}, stuck in a transaction {self.stuck}"
        return f"chaos outage: {self.tally.line(0)}  longest call {self.calls:.1f} s  {back}  {pool}"

    def missed(self, plan: Plan) -> list[str]:
        """Every goal that was missed, in words."""
        slow = {
            f"a call took {self.calls:.1f} s": self.calls > LONGEST_CALL,
            **{f"{name}: {seconds:.1f} s until it went on": seconds > RESUMED for name, seconds in self.resumed.items()},
        }
        return self.wrong(plan) + [said for said, wrong in slow.items() if wrong]

    def wrong(self, plan: Plan) -> list[str]:
        """What would be wrong on a slow machine too."""
        checks = {
            f"{self.tally.lost} of {plan.notices} lost": self.tally.lost > 0,
            f"{self.tally.fired} of {plan.notices} fired": self.tally.fired != plan.notices,
            f"{self.tally.doubled_rows} tiers fired twice": self.tally.doubled_rows > 0,
            f"{self.tally.early} before their time": self.tally.early > 0,
            f"{sum(self.tally.ended.values())} dropped, dead or still waiting": any(self.tally.ended.values()),
            f"{self.connections} connections": self.connections > POOL or self.stuck > 0,
            **{f"{name}: it never went on": seconds == float("inf") for name, seconds in self.resumed.items()},
        }
        return [said for said, wrong in checks.items() if wrong]


LONG = Outages(
    900, 12.0, (("database swallowed", "swallow", 60), ("database gone", "refuse", 60), ("channel swallowed", "swallow", 60))
)  # fmt: skip
SHORT = Outages(160, 5.0, (("database swallowed", "swallow", 8), ("database gone", "refuse", 4), ("channel swallowed", "swallow", 8)))


async def run(outages: Outages, databases: Databases) -> Told:
    """Takes the outages, the quiet between them, and what it needs to fill, start and drain."""
    plan, url = outages.plan, await databases.new("postgresql")
    folder = Path(tempfile.mkdtemp(prefix="outage-", dir=databases.folder))
    await inside(url, lambda connection: merchants(connection, plan))
    log = folder / "sink.jsonl"
    sink = program.start(["-m", "tests.fakes.slack", "--port", "0", "--log", str(log)], folder, output=subprocess.PIPE)
    sink_port = int((await asyncio.to_thread(program.first_line, sink)).rstrip("/").removesuffix("/api").rpartition(":")[2])
    served = None
    try:
        async with Wire(to_postgres(url)) as database, Wire(lambda: asyncio.open_connection("127.0.0.1", sink_port)) as channel:
            start = SystemClock().now() + LEAD + timedelta(seconds=4)
            await inside(url, lambda connection: add_due(connection, plan, start))
            port = program.free_port()
            settings = {
                "database_url": over(url, database.port), "edges": "slack,api", "port": str(port),
                **program.slack(f"http://127.0.0.1:{channel.port}/api/"),
            }  # fmt: skip
            with (folder / "process.log").open("ab") as output:
                served = program.serve(folder, settings, level="warning", output=output)
            await asyncio.to_thread(program.wait_ready, served, port)
            await until(start)
            asking = [asyncio.create_task(_longest(port, path)) for path in ASKED]
            backs = []
            for name, mode, length in outages.each:
                wire = database if "database" in name else channel
                backs.append((name, await _away(wire, mode, length, outages.quiet)))
            await until(start + timedelta(seconds=plan.seconds))
            for each in asking:
                each.cancel()
            longest = max(await asyncio.gather(*asking))
            await drained(url)
            connections, stuck = await inside(url, _connections)
    finally:
        if served is not None:
            program.end(served)
        program.end(sink)
    arrived = arrivals(log)
    counted = tally(by_monotonic(plan, start), await rows(url), arrived)
    resumed = {name: min((at - back for _, at in arrived if at >= back), default=float("inf")) for name, back in backs}
    complaints = (folder / "process.log").read_text(errors="replace")[-3000:]
    return Told(counted, longest, resumed, connections, stuck, complaints)


async def _away(wire: Wire, mode: Mode, length: float, quiet: float) -> float:
    """When it was back, on the machine's monotonic clock; and a while in peace before and after."""
    await asyncio.sleep(quiet / 2)
    await wire.set(mode)
    await asyncio.sleep(length)
    await wire.set("pass")
    back = time.monotonic()
    await asyncio.sleep(quiet / 2)
    return back


async def _longest(port: int, path: str) -> float:
    """Asks for it twice a second, whether or not it has answered; the longest time until an answer, of whatever kind."""
    times: list[float] = [0.0]
    running: set[asyncio.Task[None]] = set()
    headers = {"Authorization": f"Bearer {program.ADMIN}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", headers=headers) as session:

        async def ask() -> None:
            began = time.monotonic()
            with suppress(aiohttp.ClientError):
                async with session.get(path) as answer:
                    await answer.read()
            times.append(time.monotonic() - began)

        with suppress(asyncio.CancelledError):
            for _ in _for_ever():
                task = asyncio.create_task(ask())
                running.add(task)
                task.add_done_callback(running.discard)
                await asyncio.sleep(0.5)
        if running:
            await asyncio.wait(running, timeout=2 * LONGEST_CALL)
            times += [2 * LONGEST_CALL for _ in running]  # still without an answer
    return max(times)


def _for_ever() -> Iterator[None]:
    while True:
        yield


def _connections(connection: object) -> tuple[int, int]:
    """The program's own at the server, and those of them that sit in a transaction. One more is ours."""
    own = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'deskbell'"
    run = connection.execute  # type: ignore[attr-defined]
    idle = run(text(f"{own} AND state LIKE 'idle in transaction%' AND xact_start < now() - interval '2 s'")).scalar_one()
    return int(run(text(own)).scalar_one()) - 1, int(idle)
