"""A Slack edge between a fake Slack and a recording desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.settings import Settings
from handlers.edge import World
from handlers.slack.channel import SlackChannel
from handlers.slack.edge import SlackEdge, connect
from handlers.slack.turns import Patience
from tests.clock import PushedClock
from tests.fakes.slack import FakeSlack
from tests.slack.recording import EndlessCache, RecordingDesk


@dataclass
class Place:
    """What a test has at hand."""

    slack: FakeSlack
    desk: RecordingDesk
    clock: PushedClock
    edge: SlackEdge

    @property
    def channel(self) -> SlackChannel:
        """The way out."""
        found = self.edge.channels[0]
        assert isinstance(found, SlackChannel)
        return found


def settings(slack: FakeSlack, **more: Any) -> Settings:
    """Settings that lead to the fake."""
    given = {"slack_bot_token": "xoxb-1", "slack_signing_secret": slack.signing_secret, "slack_api_url": slack.api_url, **more}
    return Settings(**given)


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    clock = PushedClock()
    slack = FakeSlack(clock=clock)
    desk = RecordingDesk()
    async with AsyncExitStack() as closing:
        await slack.start()
        closing.push_async_callback(slack.stop)
        edge = await connect(World(settings(slack), clock, EndlessCache(), closing))
        edge.patience = Patience(working=0.3, storing=0.2, opening=0.2)
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.add_routes(edge.routes(desk))
        server = await closing.enter_async_context(TestServer(app))
        slack.bot_url = str(server.make_url("/slack/events"))
        yield Place(slack, desk, clock, edge)
