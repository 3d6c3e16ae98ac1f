"""One process, a stream of tickets that fall due, and a sink that remembers what arrived."""

from __future__ import annotations

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import SystemClock
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.chaos.plan import LEAD, Plan
from tests.chaos.run import add_due, arrivals, by_monotonic, merchants, rows, until
from tests.chaos.tally import Tally, tally


@dataclass(frozen=True, slots=True)
class Stream:
    """It runs; the first ticket falls due at `start`."""

    plan: Plan
    url: str
    folder: Path
    pid: int
    start: datetime

    def set_clock(self, seconds: float) -> None:
        """The process's wall clock is so far off from now on; it must have been started `settable`."""
        fresh = self.folder / "off.new"
        fresh.write_text(str(seconds))
        fresh.replace(self.folder / "off")

    def clock_seen(self) -> tuple[int, ...]:
        """By how many seconds it found its clock off, one after the other."""
        seen = self.folder / "off.seen"
        return tuple(int(line) for line in seen.read_text().split()) if seen.exists() else ()

    def arrived(self) -> list[tuple[str, float]]:
        """What the sink has: (id, monotonic seconds)."""
        return arrivals(self.folder / "sink.jsonl")

    async def tally(self) -> Tally:
        """What fell due beside what arrived."""
        return tally(by_monotonic(self.plan, self.start), await rows(self.url), self.arrived())

    def complaints(self) -> str:
        """The end of what the worker logged."""
        return (self.folder / "process.log").read_text(errors="replace")[-3000:]


@asynccontextmanager
async def streaming(plan: Plan, databases: Databases, name: str, *, settable: bool = False) -> AsyncIterator[Stream]:
    """From the moment at which the first falls due; at the end process and sink are ended. A worker, where replicas can be split."""
    url = await databases.new(plan.dialect)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=databases.folder))
    await inside(url, lambda connection: merchants(connection, plan))
    command = ["-m", "tests.fakes.slack", "--port", "0", "--delay", str(plan.sink_delay), "--log", str(folder / "sink.jsonl")]
    sink = program.start(command, folder, output=subprocess.PIPE)
    served = None
    try:
        api_url = (await asyncio.to_thread(program.first_line, sink)).split()[-1]
        start = SystemClock().now() + LEAD + timedelta(seconds=2 + plan.tickets / 2000)
        await inside(url, lambda connection: add_due(connection, plan, start))
        role = "worker" if plan.dialect == "postgresql" else "all"
        settings = {"database_url": url, "role": role, "edges": "slack", "port": str(program.free_port()), **program.slack(api_url)}
        (folder / "off").write_text("0")
        words = ["-m", "tests.chaos.off", str(folder / "off")] if settable else [str(program.ROOT / "run_bot.py")]
        with (folder / "process.log").open("ab") as output:
            served = program.start([*words, "--log-level", "warning", "serve"], folder, settings, output=output, errors=output)
        await until(start)
        yield Stream(plan, url, folder, served.pid, start)
    finally:
        if served is not None:
            program.end(served)
        program.end(sink)
