"""The Slack edge: connected by a bot token and a signing secret; without them it is there and does nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from bot.errors import BadSetting, DeliveryFailed
from bot.ports import Channel
from bot.settings import Settings
from handlers.slack import api
from handlers.slack.answers import Answers
from handlers.slack.channel import SlackChannel
from handlers.slack.tasks import Tasks
from handlers.slack.turns import Patience, Turns

if TYPE_CHECKING:
    from aiohttp import web
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.desk import Desk
    from handlers.edge import World
    from handlers.slack.inbound import Door
    from handlers.slack.socket_mode import SocketMode

# What this edge asks of a workspace; manifest.json names the same.
SCOPES = (
    "app_mentions:read", "channels:history", "chat:write", "chat:write.public", "commands", "groups:history", "im:history", "im:write",
    "users:read",
)  # fmt: skip
log = structlog.stdlib.get_logger("slack")


async def connect(world: World) -> SlackEdge:
    """Opens what the edge needs and closes it through `world.closing`. Raises BadSetting when half of the settings are missing."""
    settings = world.settings
    app, secret = settings.slack_app_token, settings.slack_signing_secret
    if not settings.slack_bot_token and not secret and not app:
        return SlackEdge(world, None, None, Tasks())
    if app and not app.startswith("xapp-"):
        raise BadSetting("DESKBELL_SLACK_APP_TOKEN: not an app-level token, which begins with xapp-; the app's Basic Information makes one")
    if not settings.slack_bot_token:
        raise BadSetting(
            f"DESKBELL_SLACK_BOT_TOKEN: needed with {'SLACK_APP_TOKEN' if app else 'SLACK_SIGNING_SECRET'}; it begins with xoxb-"
        )
    if not secret and not app:
        where = "the app's Basic Information has it; or set SLACK_APP_TOKEN, for Socket Mode"
        raise BadSetting(f"DESKBELL_SLACK_SIGNING_SECRET: needed with SLACK_BOT_TOKEN; {where}")
    session = await world.closing.enter_async_context(api.session())
    client = api.client(settings, session)
    tasks = Tasks()
    world.closing.push_async_callback(tasks.drain)  # runs before the session closes
    edge = SlackEdge(world, client, Answers(client, session), tasks)
    if settings.role != "worker":
        learning = tasks.start(edge.learn(), "auth.test")
        world.closing.callback(learning.cancel)
    return edge


class SlackEdge:
    """One workspace's app."""

    name = "slack"

    def __init__(self, world: World, client: AsyncWebClient | None, answers: Answers | None, tasks: Tasks) -> None:
        self._world, self._client, self._answers, self._tasks = world, client, answers, tasks
        self._bot: str | None = None
        self._door: Door | None = None
        self._socket: SocketMode | None = None
        self.patience = Patience()
        self.channels: tuple[Channel, ...] = ()
        if client and answers:
            self.channels = (SlackChannel(client, answers, deployment=world.settings.slack_channel),)

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """The door for what Slack signs. What only it needs is imported here: a worker never comes this way."""
        if self._client is None or not self._world.settings.slack_signing_secret:
            return []
        from aiohttp import web  # noqa: PLC0415

        return [web.post("/slack/events", self.door(desk).receive)]

    def door(self, desk: Desk) -> Door:
        """The one door for all that comes in, whichever way."""
        if self._door is None:
            self._door = self._made(desk)
        return self._door

    async def run(self, desk: Desk) -> None:
        """Socket Mode, in processes that serve."""
        socket = self._socketed()
        if socket is not None and self._world.settings.role != "worker":
            await socket.run(desk, self.door(desk))

    async def examine(self, desk: Desk) -> list[str]:
        """How the processes that Slack's Socket Mode goes to stand."""
        socket = self._socketed()
        return await socket.examine(desk) if socket is not None else []

    def ails(self) -> str | None:
        """For /readyz: Socket Mode that does not come up."""
        return self._socket.keeper.ails() if self._socket is not None else None

    def _socketed(self) -> SocketMode | None:
        token = self._world.settings.slack_app_token
        if self._socket is None and self._client is not None and self._client.session is not None and self._answers is not None and token:
            from handlers.slack.socket_mode import SocketMode, Tempo  # noqa: PLC0415

            web = api.client(self._world.settings, self._client.session, token)
            self._socket = SocketMode(web, self._answers, self._world.clock, self._world.extras.get("slack_socket", Tempo()))
        return self._socket

    def _made(self, desk: Desk) -> Door:
        from handlers.slack.inbound import Door, bolt  # noqa: PLC0415
        from handlers.slack.interactions import Interactions  # noqa: PLC0415
        from handlers.slack.views import Views  # noqa: PLC0415

        if self._client is None or self._answers is None:
            raise DeliveryFailed("rejected", "Slack is not connected")
        turns = Turns(desk, self._tasks, self.patience)
        interactions = Interactions(desk, turns, self._answers, Views(self.client_for), self._tasks)
        secret = self._world.settings.slack_signing_secret or ""
        return Door(turns, interactions, bolt(self._client, self._own_id), secret, self._world.clock, self._own_id)

    def client_for(self, team: str) -> AsyncWebClient:
        """The client of that workspace."""
        if self._client is None:
            raise DeliveryFailed("rejected", "Slack is not connected")
        return self._client

    async def check(self) -> str | None:
        """Asks Slack who we are and what we may."""
        if self._client is None:
            return None
        try:
            answer = await self._client.api_call("auth.test")
        except api.FAILURES as failed:
            return _mend(api.failure(failed), self._world.settings)
        self._bot = str(answer.get("user_id") or "") or None
        granted = {str(name).lower(): str(value) for name, value in answer.headers.items()}.get("x-oauth-scopes")
        missing = [scope for scope in SCOPES if scope not in granted.replace(" ", "").split(",")] if granted is not None else []
        if missing:
            return f"Slack: the app lacks {', '.join(missing)}: add them under OAuth & Permissions, then reinstall it"
        return None

    async def learn(self) -> None:
        """Our own user id, by which our messages and mentions are known; events bring it too, so that this may fail."""
        for pause in (1, 5, 30, 120):
            said = await self.check()
            if said:
                log.warning("slack is not in order", mend=said)
            if self._bot is not None:
                return
            await asyncio.sleep(pause)

    def _own_id(self) -> str | None:
        return self._bot


def _mend(failed: DeliveryFailed, settings: Settings) -> str:
    if failed.why in ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"):
        return f"Slack: {failed.why}: take SLACK_BOT_TOKEN anew from the app's OAuth & Permissions page (it begins with xoxb-)"
    if failed.outcome == "rejected":
        return f"Slack: {failed.why}"
    where = "SLACK_API_URL" if settings.slack_api_url else "the network's way to slack.com"
    return f"Slack cannot be reached ({failed.why}): check {where}"
