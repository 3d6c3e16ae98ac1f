"""Slack takes messages and its replies are lost, sixty times: nobody sees one twice, and none is never seen."""

from __future__ import annotations

import pytest

from tests.bench.databases import Databases
from tests.chaos.replies import run


@pytest.mark.chaos
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
async def test_no_lost_reply_of_slacks_is_seen(dialect: str) -> None:
    with Databases() as databases:
        told = await run(dialect, 60, databases)
    assert told.missed(60) == []
    assert told.tickets > 200, "no storm: this has shown little"
