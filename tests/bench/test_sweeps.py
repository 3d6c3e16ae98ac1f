"""More due than a batch holds, and two who sweep at once: every ticket rings once, none is left behind."""

from __future__ import annotations

import pytest

from bot.escalate import BATCH
from tests.bench.databases import Databases
from tests.bench.sweeps import swept


@pytest.mark.slow
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
@pytest.mark.parametrize("sweepers", [1, 2])
async def test_every_ticket_rings_once_however_many_are_due_and_sweep(dialect: str, sweepers: int) -> None:
    with Databases() as databases:
        _, once = await swept(databases, dialect, BATCH * 3 + 50, sweepers)
    assert once
