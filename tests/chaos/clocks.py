"""The machine's clock is set an hour forwards and back while tickets fall due: what rang early, what was lost, how soon it went on."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tests.bench.databases import Databases
from tests.chaos.plan import Plan
from tests.chaos.run import drained, until
from tests.chaos.stream import streaming
from tests.chaos.tally import Tally

STEPS = (3600, 0, -3600, 0, 3600, -3600, 0)  # seconds off, one after the other
RESUMED, P99 = 5.0, 1.0  # seconds from a step to the next arrival; lateness
PER_SECOND = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `seen`: by how much the process found its clock off; `resumed`: seconds from each step to the next arrival."""

    dialect: str
    tally: Tally
    seen: tuple[int, ...]
    resumed: tuple[float, ...]
    complaints: str

    def line(self) -> str:
        """The one line."""
        steps = f"set {len(self.resumed)} times by ±1 h or ±2 h, set → next arrival at most {max(self.resumed):.1f} s"
        return f"chaos clock on {self.dialect}: {self.tally.line(0)}  {steps}"

    def missed(self, plan: Plan) -> list[str]:
        """Every goal that was missed, in words."""
        slow = {
            f"p99 {self.tally.late(0.99):.2f} s": self.tally.late(0.99) > P99,
            f"{max(self.resumed):.1f} s until it went on": max(self.resumed) > RESUMED,
        }
        return self.wrong(plan) + [said for said, wrong in slow.items() if wrong]

    def wrong(self, plan: Plan) -> list[str]:
        """What would be wrong on a slow machine too."""
        checks = {
            f"its clock was off by {self.seen}, not by {STEPS}": self.seen != STEPS,
            f"{self.tally.lost} of {plan.notices} lost": self.tally.lost > 0,
            f"{self.tally.fired} of {plan.notices} fired": self.tally.fired != plan.notices,
            f"{self.tally.early} before their time": self.tally.early > 0,
            f"{self.tally.doubled_rows} tiers fired twice": self.tally.doubled_rows > 0,
            f"{self.tally.duplicates} duplicates": self.tally.duplicates > 0,
            f"{sum(self.tally.ended.values())} dropped, dead or still waiting": any(self.tally.ended.values()),
            "it never went on": float("inf") in self.resumed,
        }
        return [said for said, wrong in checks.items() if wrong]


def plan(dialect: str, apart: float) -> Plan:
    """Tickets fall due evenly, before, between and after the steps, and in the hour that is skipped or lived twice."""
    seconds = (len(STEPS) + 1) * apart
    return Plan(dialect, processes=1, tickets=int(seconds * PER_SECOND), seconds=seconds, kills=0, tiers=1, sink_delay=0)


async def run(dialect: str, apart: float, databases: Databases) -> Told:
    """Takes `apart` seconds a step, and what it needs to fill, start and drain."""
    planned = plan(dialect, apart)
    async with streaming(planned, databases, "clock", settable=True) as stream:
        set_at: dict[int, float] = {}
        for place, seconds in enumerate(STEPS):
            await until(stream.start + timedelta(seconds=(place + 1) * apart))
            stream.set_clock(seconds)
            set_at[place] = time.monotonic()
        await until(stream.start + timedelta(seconds=planned.seconds))
        await drained(stream.url)
    return Told(
        dialect, await stream.tally(), stream.clock_seen(), _resumed(set_at, [at for _, at in stream.arrived()]), stream.complaints()
    )


def _resumed(set_at: Mapping[int, float], arrived: list[float]) -> tuple[float, ...]:
    return tuple(min((at - moment for at in arrived if at >= moment), default=float("inf")) for moment in set_at.values())
