"""A client of the fake WeCom."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from handlers.wecom import client
from handlers.wecom.apps import STANDING, App
from handlers.wecom.client import Client
from storage.cache import MemoryCache
from tests.clock import PushedClock
from tests.fakes.wecom import AGENT, CORP, SECRET, FakeWecom


@dataclass
class Place:
    """WeCom, a client of it, an app."""

    wecom: FakeWecom
    client: Client
    clock: PushedClock
    cache: MemoryCache
    app: App = App(STANDING, CORP, AGENT, SECRET)  # noqa: RUF009


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    """One process."""
    clock = PushedClock()
    wecom, cache = FakeWecom(clock=clock), MemoryCache(clock)
    await wecom.start()
    async with client.session() as session:
        yield Place(wecom, Client(session, cache, wecom.api_url), clock, cache)
    await wecom.stop()
