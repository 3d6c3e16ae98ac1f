"""Slack, as the tests that every channel has to pass see it."""

from __future__ import annotations

import aiohttp

from bot.messages import Address
from bot.ports import Channel, Clock
from bot.settings import Settings
from handlers.slack import api
from handlers.slack.answers import Answers
from handlers.slack.channel import SlackChannel
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_blocks import texts
from tests.slack.recording import always


class SlackHarness:
    """The real channel over the real client, Slack a fake at the network's edge."""

    name = "slack"
    secrets = ("xoxb-conform",)

    def __init__(self) -> None:
        self.channel: Channel
        self._slack: FakeSlack
        self._session: aiohttp.ClientSession

    async def start(self, clock: Clock) -> None:
        """Slack, and the channel connected to it."""
        self._slack = FakeSlack(clock=clock)
        await self._slack.start()
        self._session = api.session()
        web = api.client(Settings(slack_bot_token="xoxb-conform", slack_api_url=self._slack.api_url), self._session)
        self.channel = SlackChannel(always(web), Answers(always(web), self._session), patience=1.5)

    def address(self) -> Address:
        """A place where messages arrive."""
        return Address("slack", "C0CONFORM")

    async def received(self) -> list[str]:
        """As on the wire: entities stay entities."""
        return ["\n".join([*texts(message.blocks), *message.labels]) for message in self._slack.channel("C0CONFORM")]

    async def fault(self, kind: str) -> None:
        """What happens to the next message: rejected, later, lost_reply, down, hang; `` ends it."""
        self._slack.forget_faults()
        if kind == "rejected":
            self._slack.fail_next("chat.postMessage", "channel_not_found")
        elif kind == "later":
            self._slack.rate_limit_next(1)
        elif kind == "lost_reply":
            self._slack.lose_reply_next()
        elif kind == "hang":
            self._slack.hang_next()
        elif kind == "down":
            await self._slack.down()
        elif not self._slack.listening:
            await self._slack.up()

    async def stop(self) -> None:
        """The session closed, then Slack."""
        await self._session.close()
        await self._slack.stop()
