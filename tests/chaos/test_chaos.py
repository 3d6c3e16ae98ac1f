"""Killed at random moments, for 20 seconds on each database: nothing is lost, little is said twice."""

from __future__ import annotations

import pytest

from tests.bench.databases import Databases
from tests.chaos.__main__ import SHORT
from tests.chaos.plan import Plan
from tests.chaos.run import run

SLACK = 3  # duplicates that a short run may have more: its kills are few


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("plan", SHORT, ids=[plan.dialect for plan in SHORT])
async def test_killed_again_and_again_the_desk_loses_no_notice(plan: Plan) -> None:
    with Databases() as databases:
        outcome = await run(plan, databases)
    told, most = outcome.tally, {"postgresql": 1.5, "sqlite": 2.0}[plan.dialect]
    assert outcome.kills >= plan.kills - 2, "hardly anything was killed: this has shown nothing"
    assert told.lost == 0, outcome.line(plan.dialect)
    assert (told.fired, told.early, told.doubled_rows) == (plan.notices, 0, 0)
    assert not any(told.ended.values()), told.ended
    assert told.duplicates <= most * outcome.kills + SLACK
    assert outcome.integrity in (None, "ok")
    assert outcome.ended == 0, outcome.complaints
