"""A steady stream for a long time: is every tier still in time at the end, and does the process grow?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import psutil

from tests.bench.databases import Databases
from tests.chaos.plan import Plan
from tests.chaos.run import drained
from tests.chaos.stream import streaming
from tests.chaos.tally import Tally

PER_SECOND = 60
P99, GROWTH = 1.0, 5.0  # seconds; per cent of its memory an hour
LONG_ENOUGH = 30.0  # minutes; a shorter run's growth is told and not judged
LOOK = 5.0  # seconds between two looks at its memory


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `memory`: MB at the middle and at the end; `growth`: per cent an hour over the second half."""

    tally: Tally
    minutes: float
    memory: tuple[float, float]
    growth: float

    def line(self) -> str:
        """The one line."""
        grown = f"memory {self.memory[0]:.0f} → {self.memory[1]:.0f} MB in the second half, {self.growth:+.1f} %/h"
        return f"chaos soak of {self.minutes:g} min at {PER_SECOND}/s: {self.tally.line(0)}  {grown}"

    def missed(self, plan: Plan) -> list[str]:
        """Every goal that was missed, in words."""
        checks = {
            f"{self.tally.lost} of {plan.notices} lost": self.tally.lost > 0,
            f"{self.tally.fired} of {plan.notices} fired": self.tally.fired != plan.notices,
            f"{self.tally.duplicates} duplicates": self.tally.duplicates > 0,
            f"{self.tally.early} before their time": self.tally.early > 0,
            f"p99 {self.tally.late(0.99):.2f} s": self.tally.late(0.99) > P99,
            f"grows by {self.growth:.1f} %/h": self.minutes >= LONG_ENOUGH and self.growth > GROWTH,
        }
        return [said for said, wrong in checks.items() if wrong]


def plan(minutes: float) -> Plan:
    """One tier of each ticket, each merchant with a channel that keeps up."""
    seconds = minutes * 60
    return Plan(
        "postgresql", processes=1, tickets=int(seconds * PER_SECOND), seconds=seconds, kills=0, tiers=1, merchants=400, sink_delay=0
    )


async def run(minutes: float, databases: Databases) -> Told:
    """Takes so long, and what it needs to fill, start and drain."""
    planned = plan(minutes)
    async with streaming(planned, databases, "soak") as stream:
        sizes = await _sizes(stream.pid, planned.seconds)
        await drained(stream.url)
    half = sizes[len(sizes) // 2 :]
    return Told(await stream.tally(), minutes, (half[0], half[-1]), _slope(half))


async def _sizes(pid: int, seconds: float) -> list[float]:
    """MB, every few seconds."""
    process = psutil.Process(pid)
    found = []
    for _ in range(max(4, int(seconds / LOOK))):
        await asyncio.sleep(seconds / max(4, int(seconds / LOOK)))
        found.append(process.memory_info().rss / 1e6)
    return found


def _slope(sizes: list[float]) -> float:
    """Per cent of the mean an hour, by least squares."""
    middle, mean = (len(sizes) - 1) / 2, sum(sizes) / len(sizes)
    spread = sum((place - middle) ** 2 for place in range(len(sizes))) or 1.0
    per_look = sum((place - middle) * (size - mean) for place, size in enumerate(sizes)) / spread
    return 100 * per_look / mean * 3600 / LOOK
