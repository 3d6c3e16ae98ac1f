"""The WeCom edge: self-built apps (the settings' is the operator's), groups, robots, the AI bot; without them it does nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.ports import Channel
from handlers.wecom import client, crypto, inlets
from handlers.wecom.apps import App, standing
from handlers.wecom.channel import WecomChannel
from handlers.wecom.client import Client
from handlers.wecom.errors import MEND, WecomFailed
from handlers.wecom.group import GroupChannel
from handlers.wecom.robot import RobotChannel
from handlers.wecom.sending import Sender

if TYPE_CHECKING:  # a worker serves nothing and need not load what serves
    from aiohttp import web

    from bot.desk import Desk
    from handlers.edge import World
    from handlers.wecom.longbot.bot import LongBot


async def connect(world: World) -> WecomEdge:
    """Opens what the edge needs and closes it through `world.closing`. Raises BadSetting when half of the settings are missing."""
    inlets.standing(world.settings)
    app = standing(world.settings)
    session = client.session()
    world.closing.push_async_callback(session.close)
    if app is not None and world.settings.role != "worker":
        await asyncio.to_thread(crypto.load)  # before the port opens: loading it would hold up the first callbacks
    return WecomEdge(world, Client(session, world.cache, world.settings.wecom_api_url), app)


class WecomEdge:
    """All of WeCom: channels out, callbacks in, the AI bot's long connection beside them."""

    name = "wecom"

    def __init__(self, world: World, talking: Client, app: App | None) -> None:
        """`app` is the settings'. Merchants' own come with what is sent through them, so the channels are there without any."""
        self._world, self.client, self.app = world, talking, app
        self._bot = _bot(world, talking, app)
        settings, sender = world.settings, Sender(talking, world.cache)
        self.robot_key = (settings.wecom_robot_key or "").rpartition("key=")[2] or None
        people = WecomChannel(sender, world.clock, app, settings.base_url)
        self._papers = people.papers
        world.closing.push_async_callback(self._papers.drain)
        self.channels: tuple[Channel, ...] = (
            people,
            GroupChannel(sender, app),
            RobotChannel(talking, world.cache, self.robot_key),
            *((self._bot.channel,) if self._bot is not None else ()),
        )

    def bind(self, desk: Desk) -> None:
        """Files are made by the desk."""
        self._papers.bind(desk)

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """Callbacks. What only they need is imported here: a worker never comes this way."""
        from handlers.wecom import inbound  # noqa: PLC0415

        return inbound.routes(desk, self._world)

    async def run(self, desk: Desk) -> None:
        """What lives beside requests: the AI bot's connection, where deliveries are made."""
        if self._bot is not None and self._world.settings.role != "web":
            await self._bot.run(desk)

    async def examine(self, desk: Desk) -> list[str]:
        """How the AI bot stands."""
        return await self._bot.examine(desk) if self._bot is not None else []

    async def check(self) -> str | None:
        """Asks WeCom for the app's token and the app itself; a robot is sent nothing that it would show."""
        try:
            if self.app is not None:
                await self.client.call(self.app, "agent/get", agentid=str(self.app.agent_id))
        except WecomFailed as failed:
            return _mend(failed, "WECOM_CORP_ID, WECOM_AGENT_ID and WECOM_SECRET", self._world.settings.wecom_api_url)
        try:
            if self.robot_key is not None:
                await self.client.robot(self.robot_key, {"msgtype": "text", "text": {"content": ""}})
        except WecomFailed as failed:
            if failed.code in MEND or not failed.code:
                return _mend(failed, "WECOM_ROBOT_KEY", self._world.settings.wecom_api_url)
        return None


def _mend(failed: WecomFailed, names: str, url: str | None) -> str:
    if failed.code:
        return f"{failed.why} ({names})"
    return f"WeCom cannot be reached ({failed.why}): check {'WECOM_API_URL' if url else 'the network’s way to qyapi.weixin.qq.com'}"


def _bot(world: World, talking: Client, app: App | None) -> LongBot | None:
    """Without a bot its library need not be loaded."""
    if not world.settings.wecom_bot_id and not world.settings.wecom_bot_secret:
        return None
    from handlers.wecom.longbot import connecting  # noqa: PLC0415

    return connecting.of(world, None if app is None else lambda path, body: talking.call(app, path, body))
