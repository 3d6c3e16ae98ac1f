"""WeCom's three ways out, as the tests that every channel has to pass see them: an app's chat, a group that it made, a robot."""

from __future__ import annotations

import aiohttp

from bot.messages import Address
from bot.ports import Channel, Clock
from handlers.wecom import client
from handlers.wecom.apps import STANDING, App
from handlers.wecom.channel import WecomChannel
from handlers.wecom.client import Client
from handlers.wecom.group import GroupChannel
from handlers.wecom.robot import RobotChannel
from handlers.wecom.sending import Sender
from storage.cache import MemoryCache
from tests.fakes.wecom import AGENT, CORP, SECRET, FakeWecom

KEY = "693a91f6-7abc-4bc4-97a0-0ec2dead4aaa"
FAULTS = {"rejected": "81013 user & party & tag all invalid", "later": "-1 system busy"}


class WecomHarness:
    """The real channel over the real client, WeCom a fake at the network's edge."""

    name = "wecom"
    path = "message/send"
    place = "mei"
    secrets = (SECRET, KEY)
    live = ("<!channel>", "<!subteam", "<@U1>", "<https://evil", "<script", "](")
    longest = 2048

    def __init__(self) -> None:
        self.channel: Channel
        self._wecom: FakeWecom
        self._session: aiohttp.ClientSession

    async def start(self, clock: Clock) -> None:
        """WeCom, and the channel connected to it."""
        self._wecom = FakeWecom(clock=clock)
        self._wecom.robots.add(KEY)
        self._wecom.chats["Group1"] = self._wecom.app
        await self._wecom.start()
        self._session = client.session()
        cache = MemoryCache(clock)
        self.channel = self._made(Client(self._session, cache, self._wecom.api_url), cache, clock)

    def _made(self, talking: Client, cache: MemoryCache, clock: Clock) -> Channel:
        return WecomChannel(Sender(talking, cache), clock, App(STANDING, CORP, AGENT, SECRET), "https://desk.example", patience=1.5)

    def address(self) -> Address:
        """A place where messages arrive."""
        return Address("wecom", "-/mei")

    async def received(self) -> list[str]:
        """As their readers see them."""
        return [message.seen for message in self._wecom.messages[self.place]]

    async def fault(self, kind: str) -> None:
        """What happens to the next message."""
        self._wecom.forget_faults()
        if kind in FAULTS:
            self._wecom.fail_next(self.path, FAULTS[kind])
        elif kind == "lost_reply":
            self._wecom.lose_reply_next(self.path)
        elif kind == "hang":
            self._wecom.hang_next(self.path)
        elif kind == "down":
            await self._wecom.stop()
        elif not self._wecom.listening:
            await self._wecom.start()

    async def stop(self) -> None:
        """The session closed, then WeCom."""
        await self._session.close()
        await self._wecom.stop()


class WecomGroupHarness(WecomHarness):
    """Groups take no cards; nothing there tells a repeat, so the card says itself that it may be one."""

    name = "wecom_group"
    path = "appchat/send"
    forgets = True
    place = "Group1"

    def _made(self, talking: Client, cache: MemoryCache, clock: Clock) -> Channel:
        return GroupChannel(Sender(talking, cache), App(STANDING, CORP, AGENT, SECRET), patience=1.5)

    def address(self) -> Address:
        """A group."""
        return Address("wecom_group", "-/Group1")


class WecomRobotHarness(WecomHarness):
    """A robot knows nothing of repeats either."""

    name = "wecom_robot"
    path = "webhook/send"
    forgets = True
    place = KEY
    longest = 4096
    at_once = 5
    route = {"account": {"id": "lumiere", "key": KEY}}  # noqa: RUF012

    def _made(self, talking: Client, cache: MemoryCache, clock: Clock) -> Channel:
        return RobotChannel(talking, cache, patience=1.5)

    def address(self) -> Address:
        """A merchant's robot."""
        return Address("wecom_robot", "lumiere")
