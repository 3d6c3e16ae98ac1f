"""The playground over a whole desk on a database of its own, with no ticker: a test runs the passes itself."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.clock import PausableClock
from bot.settings import read
from run_bot import assembled
from storage.migrate import migrate


@pytest.fixture
def settings(tmp_path):
    targets = {"DESKBELL_SLA_TIER1": "10s", "DESKBELL_SLA_TIER2": "25s", "DESKBELL_SLA_TIER3": "45s", "DESKBELL_SLA_WARN": ""}
    return read(
        {"DESKBELL_DATABASE_URL": f"sqlite:///{tmp_path}/demo.db", "DESKBELL_SECRET_KEY": "a key that opens nothing else", **targets}
    )


@pytest.fixture
async def clock():
    return PausableClock()


@pytest.fixture
async def demo(settings, clock):
    """The assembled bot; its sample data is still on its way."""
    await migrate(settings.database_url)
    async with assembled(settings, clock, edges=["playground"], extras={"clock": clock}) as bot:
        yield bot


@pytest.fixture
async def empty(settings, clock):
    """A desk that nobody has brought anything to."""
    await migrate(settings.database_url)
    async with assembled(settings, clock, edges=["webhooks"]) as bot:
        yield bot.desk


@pytest.fixture
async def page(demo):
    """An HTTP client that behaves as the page does."""
    async with TestClient(TestServer(demo.app)) as client:
        yield client
