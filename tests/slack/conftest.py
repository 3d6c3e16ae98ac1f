"""A Slack edge between a fake Slack and a recording desk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.settings import Settings
from handlers.edge import World
from handlers.slack.channel import SlackChannel
from handlers.slack.edge import SlackEdge, connect
from handlers.slack.socket_keeper import Patience
from handlers.slack.socket_line import Pace
from handlers.slack.socket_mode import Tempo
from handlers.slack.turns import Patience as Turning
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


FAST = Tempo(
    Pace(opening=2.0, ping=1.5, silent=4.0, look=0.005, handing=0.1, finishing=0.5, saying=0.2),
    Patience(steady=0.0, lost=(0.001, 0.01), refused=(0.01, 0.01)), look=0.01,
)  # fmt: skip


@pytest.fixture
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """Over HTTP; over Socket Mode where a test or its file asks for it, with no secret to sign with."""
    over_socket = getattr(request, "param", "http") == "socket"
    clock = PushedClock()
    slack = FakeSlack(clock=clock)
    desk = RecordingDesk()
    async with AsyncExitStack() as closing:
        await slack.start()
        closing.push_async_callback(slack.stop)
        given = settings(slack, slack_signing_secret=None, slack_app_token="xapp-1") if over_socket else settings(slack)
        edge = await connect(World(given, clock, EndlessCache(), closing, {"slack_socket": FAST}))
        edge.patience = Turning(working=0.3, storing=0.2, opening=0.2)
        app = web.Application(client_max_size=8 * 1024 * 1024)
        app.add_routes(edge.routes(desk))
        server = await closing.enter_async_context(TestServer(app))
        slack.bot_url = str(server.make_url("/slack/events"))
        slack.socket_mode, slack.ack_within = over_socket, 2.5
        if over_socket:
            await closing.enter_async_context(running(edge, desk))
            await until(lambda: bool(slack.sockets))
        yield Place(slack, desk, clock, edge)


@asynccontextmanager
async def running(edge: SlackEdge, desk: RecordingDesk) -> AsyncIterator[None]:
    """As the program runs it, beside requests."""
    task = asyncio.create_task(edge.run(desk))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    """Waits for what happens by itself, and fails when it does not."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.002)


async def started(slack: FakeSlack, closing: AsyncExitStack, desk: RecordingDesk) -> None:
    """One more process in Socket Mode, running until `closing` ends."""
    given = settings(slack, slack_signing_secret=None, slack_app_token="xapp-1")
    edge = await connect(World(given, PushedClock(), EndlessCache(), closing, {"slack_socket": FAST}))
    await closing.enter_async_context(running(edge, desk))
