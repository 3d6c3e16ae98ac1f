"""An import and a reconciliation are killed a few times: no row is lost, none is there twice, and each bad one is told once."""

from __future__ import annotations

import pytest

from tests.bench.databases import Databases
from tests.chaos.files import run


@pytest.mark.chaos
@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
async def test_a_killed_import_goes_on_where_it_was(dialect: str) -> None:
    with Databases() as databases:
        told = await run(dialect, 1, databases, rows=4_000)
    assert told.missed(1) == []
