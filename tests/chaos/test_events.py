"""The program is killed a few times while events are worked: every case has its one ticket, and ends as it was told."""

from __future__ import annotations

import pytest

from tests.bench.databases import Databases
from tests.chaos.events import run


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
async def test_a_kill_while_events_are_worked_loses_none_and_does_none_twice(dialect: str) -> None:
    with Databases() as databases:
        told = await run(dialect, 3, databases)
    assert told.missed(3) == []
    assert told.events > 30, "hardly anything came: this has shown little"
