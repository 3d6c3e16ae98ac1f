"""PostgreSQL itself is killed, again and again, while tickets fall due: what was lost, and how soon it goes on once the server is up."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psutil

from bot.clock import SystemClock
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.chaos.plan import LEAD, Plan
from tests.chaos.run import add_due, arrivals, by_monotonic, drained, merchants, rows, until
from tests.chaos.tally import Tally, tally

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
    return Plan("postgresql", processes=1, tickets=int(seconds * 20), seconds=seconds, kills=0, tiers=1)


async def run(crashes: int, databases: Databases) -> Told:
    """Takes `APART` seconds a crash, and what it needs to fill, start and drain."""
    planned, url = plan(crashes), await databases.new("postgresql")
    folder = Path(tempfile.mkdtemp(prefix="crashes-", dir=databases.folder))
    await inside(url, lambda connection: merchants(connection, planned))
    log = folder / "sink.jsonl"
    sink = program.start(["-m", "tests.fakes.slack", "--port", "0", "--log", str(log)], folder, output=subprocess.PIPE)
    served = None
    try:
        api_url = (await asyncio.to_thread(program.first_line, sink)).split()[-1]
        start = SystemClock().now() + LEAD + timedelta(seconds=2)
        await inside(url, lambda connection: add_due(connection, planned, start))
        settings = {"database_url": url, "role": "worker", "edges": "slack", **program.slack(api_url)}
        with (folder / "process.log").open("ab") as output:
            served = program.serve(folder, settings, level="warning", output=output)
        await until(start)
        backs = []
        for place in range(crashes):
            await until(start + timedelta(seconds=(place + 0.6) * APART))
            backs.append(await asyncio.to_thread(_crash, databases))
        await until(start + timedelta(seconds=planned.seconds))
        await drained(url)
    finally:
        if served is not None:
            program.end(served)
        program.end(sink)
    arrived = arrivals(log)
    counted = tally(by_monotonic(planned, start), await rows(url), arrived)
    resumed = tuple(min((at - back for _, at in arrived if at >= back), default=float("inf")) for back in backs)
    return Told(counted, crashes, resumed, (folder / "process.log").read_text(errors="replace")[-3000:])


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
