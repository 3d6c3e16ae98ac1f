"""PostgreSQL itself is killed, again and again, while tickets fall due: what was lost, and how soon it goes on once the server is up."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import psutil

from tests.bench.databases import Databases
from tests.chaos.plan import Plan
from tests.chaos.run import drained, until
from tests.chaos.stream import streaming
from tests.chaos.tally import Tally

RESUMED, DUPLICATES = 5.0, 2.0  # seconds from the server's return to the next arrival; per crash
APART = 8.0  # seconds between two crashes


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `resumed`: seconds from each return to the next arrival."""

    tally: Tally
    crashes: int
    resumed: tuple[float, ...]
    complaints: str

    def line(self) -> str:
        """The one line."""
        return f"chaos crashes of PostgreSQL: {self.tally.line(self.crashes)}  up again → next arrival at most {max(self.resumed):.1f} s"

    def missed(self, plan: Plan) -> list[str]:
        """Every goal that was missed, in words."""
        checks = {
            f"{self.tally.lost} of {plan.notices} lost": self.tally.lost > 0,
            f"{self.tally.fired} of {plan.notices} fired": self.tally.fired != plan.notices,
            f"{self.tally.doubled_rows} tiers fired twice": self.tally.doubled_rows > 0,
            f"{self.tally.early} before their time": self.tally.early > 0,
            f"{self.tally.duplicates} duplicates": self.tally.duplicates > DUPLICATES * self.crashes,
            f"{sum(self.tally.ended.values())} dropped, dead or still waiting": any(self.tally.ended.values()),
            f"{max(self.resumed):.1f} s until it went on": max(self.resumed) > RESUMED,
        }
        return [said for said, wrong in checks.items() if wrong]


def plan(crashes: int) -> Plan:
    """Tickets fall due evenly, some twenty a second."""
    seconds = (crashes + 1) * APART
    return Plan("postgresql", processes=1, tickets=int(seconds * 20), seconds=seconds, kills=0, tiers=1, sink_delay=0)


async def run(crashes: int, databases: Databases) -> Told:
    """Takes `APART` seconds a crash, and what it needs to fill, start and drain."""
    planned = plan(crashes)
    async with streaming(planned, databases, "crashes") as stream:
        backs = []
        for place in range(crashes):
            await until(stream.start + timedelta(seconds=(place + 0.6) * APART))
            backs.append(await asyncio.to_thread(_crash, databases))
        await until(stream.start + timedelta(seconds=planned.seconds))
        await drained(stream.url)
    arrived = stream.arrived()
    resumed = tuple(min((at - back for _, at in arrived if at >= back), default=float("inf")) for back in backs)
    return Told(await stream.tally(), crashes, resumed, stream.complaints())


def _crash(databases: Databases) -> float:
    """SIGKILL for the server and every one of its processes, then a start, which recovers. When it takes connections again (monotonic)."""
    server = databases.server
    master = psutil.Process(server.get_pid())
    for each in [master, *master.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    psutil.wait_procs([master], timeout=10)
    server.ensure_postgres_running()
    return time.monotonic()
