"""How late a tier rings when nothing else goes on, over ten thousand and over a million open tickets: to its arrival at Slack."""

from __future__ import annotations

from tests.bench.databases import Databases
from tests.bench.idle import SIZES
from tests.bench.table import Figure
from tests.chaos.plan import Plan
from tests.chaos.run import run

P99 = 1.0  # seconds


async def measured(databases: Databases) -> list[Figure]:
    """The chaos run without its kills: real processes, the real clock, 300 tiers over 20 s."""
    found = []
    for dialect in ("sqlite", "postgresql"):
        for size in SIZES:
            plan = Plan(dialect, processes=1, tickets=300, seconds=20, kills=0, tiers=1, sink_delay=0.0, background=size)
            tally = (await run(plan, databases)).tally
            said = f"{tally.late(0.5):.3f} / {tally.late(0.99):.3f} / {tally.late(1):.3f} s"
            whole = tally.lost == 0 and tally.fired == plan.notices and tally.early == 0
            name = f"{dialect}: lateness p50/p99/max over {size:,}"
            found.append(Figure(name, said, "", None, f"p99 ≤ {P99:g} s", whole and tally.late(0.99) <= P99))
    return found
