"""The application under test, over a desk that records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client import CollectorRegistry

from bot.clock import SystemClock
from bot.desk import Desk
from bot.settings import Settings
from handlers.api.edge import connect
from handlers.edge import World
from handlers.metrics import Metrics
from handlers.web import application
from handlers.web_health import Check
from tests.api.recording import EndlessCache, RecordingDesk

ADMIN = {"Authorization": "Bearer admin"}


@dataclass
class Api:
    """A client with the operator's key, and what stands behind."""

    client: TestClient[Any, Any]
    desk: RecordingDesk
    cache: EndlessCache
    metrics: Metrics
    readiness: dict[str, Check] = field(default_factory=dict)

    async def call(self, method: str, path: str, body: Any = None, key: str = "admin", **headers: str) -> ClientResponse:
        """One call with JSON; header names with `_` for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.request(method, path, json=body, headers={"Authorization": f"Bearer {key}", **named})


@pytest.fixture
async def api() -> AsyncIterator[Api]:
    desk, cache, metrics = RecordingDesk(), EndlessCache(), Metrics(CollectorRegistry())
    readiness: dict[str, Check] = {}
    async with AsyncExitStack() as closing:
        settings = Settings()
        edge = await connect(World(settings, SystemClock(), cache, closing))
        served = application(cast(Desk, desk), [edge], settings=settings, metrics=metrics, readiness=readiness)
        async with TestClient(TestServer(served)) as client:
            yield Api(client, desk, cache, metrics, readiness)
