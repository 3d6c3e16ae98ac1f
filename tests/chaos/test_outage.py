"""The database and Slack swallowed by the network and gone, for seconds each, under a running bot: nothing is lost or doubled."""

from __future__ import annotations

import pytest

from tests.bench.databases import Databases
from tests.chaos import outage


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.timeout(180)
async def test_whatever_goes_away_for_a_while_no_notice_is_lost_and_it_goes_on_soon_after() -> None:
    with Databases() as databases:
        told = await outage.run(outage.SHORT, databases)
    assert told.wrong(outage.SHORT.plan) == [], f"{told.line()}\n{told.complaints}"
    assert told.tally.duplicates <= 3, told.line()
    assert told.calls > 1.0, "nobody waited: nothing was away"
