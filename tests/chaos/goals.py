"""What a run must hold to: nothing lost, nothing early, few duplicates, in time."""

from __future__ import annotations

from tests.chaos.plan import Plan
from tests.chaos.run import Outcome

PER_KILL = {"postgresql": 1.5, "sqlite": 2.0}
P99 = {"postgresql": 2.0}  # seconds; one process alone is away while it starts again


def missed(plan: Plan, outcome: Outcome) -> list[str]:
    """Every goal that was missed, in words; [] is what we want."""
    tally = outcome.tally
    rate = tally.duplicates / max(outcome.kills, 1)
    checks = {
        f"{tally.lost} of {plan.notices} lost": tally.lost > 0,
        f"{tally.fired} of {plan.notices} fired": tally.fired != plan.notices,
        f"{sum(tally.ended.values())} notices dropped, dead or still waiting": any(tally.ended.values()),
        f"{tally.doubled_rows} tiers fired twice": tally.doubled_rows > 0,
        f"{tally.early} before their time": tally.early > 0,
        f"{rate:.2f} duplicates per kill": rate > PER_KILL[plan.dialect],
        f"{outcome.kills} kills instead of {plan.kills}": outcome.kills < plan.kills * 0.95,
        f"p99 {tally.late(0.99):.2f} s": tally.late(0.99) > P99.get(plan.dialect, float("inf")),
        f"integrity_check: {outcome.integrity}": outcome.integrity not in (None, "ok"),
        f"{outcome.ended} processes ended by themselves": outcome.ended > 0,
    }
    return [said for said, wrong in checks.items() if wrong]
