"""A process's clock is set an hour forwards and back, in earnest: nothing early, nothing lost, nothing twice, and it goes on."""

from __future__ import annotations

import pytest

from tests.bench.databases import Databases
from tests.chaos import clocks


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.timeout(120)
async def test_however_its_machines_clock_is_set_it_rings_at_the_true_moment() -> None:
    with Databases() as databases:
        told = await clocks.run("sqlite", 2.0, databases)
    assert told.wrong(clocks.plan("sqlite", 2.0)) == [], told.complaints
