"""The Slack edge: connected by a bot token or an app that workspaces install, over HTTP or Socket Mode; without them it does nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import chain, repeat
from typing import TYPE_CHECKING

import structlog

from bot.errors import BadSetting, DeliveryFailed
from bot.ports import Channel
from bot.settings import Settings
from handlers.slack import api
from handlers.slack.answers import Answers
from handlers.slack.channel import SlackChannel
from handlers.slack.charts import Charts
from handlers.slack.tasks import Tasks
from handlers.slack.turns import Patience, Turns
from handlers.slack.workspaces import Workspaces

if TYPE_CHECKING:
    from aiohttp import ClientSession, web
    from slack_sdk.web.async_client import AsyncWebClient

    from bot.desk import Desk
    from handlers.edge import World
    from handlers.slack.inbound import Door
    from handlers.slack.socket_mode import SocketMode

# What this edge asks of a workspace; manifest.json names the same.
SCOPES = (
    "app_mentions:read", "channels:history", "chat:write", "chat:write.public", "commands", "files:write", "groups:history", "im:history",
    "im:write",
)  # fmt: skip
log = structlog.stdlib.get_logger("slack")


async def connect(world: World) -> SlackEdge:
    """Opens what the edge needs and closes it through `world.closing`. Raises BadSetting when half of the settings are missing."""
    settings = world.settings
    if not _wanted(settings):
        return SlackEdge(world, None, None, Tasks())
    session = await world.closing.enter_async_context(api.session())
    workspaces, tasks = Workspaces(settings, session, world.clock), Tasks()
    world.closing.push_async_callback(tasks.drain)  # runs before the session closes
    edge = SlackEdge(world, workspaces, session, tasks)
    if workspaces.standing is not None:
        learning = tasks.start(edge.learn(), "auth.test")
        world.closing.callback(learning.cancel)
    return edge


def _wanted(settings: Settings) -> bool:
    """Whether there is a Slack at all. Raises BadSetting for half of one."""
    token, secret, socket = settings.slack_bot_token, settings.slack_signing_secret, settings.slack_app_token
    id, app_secret = settings.slack_client_id, settings.slack_client_secret
    if not any((token, secret, socket, id, app_secret)):
        return False
    if app_secret and not id:
        raise BadSetting("DESKBELL_SLACK_CLIENT_ID: needed with SLACK_CLIENT_SECRET; the app's Basic Information has it")
    if id and not app_secret:
        raise BadSetting("DESKBELL_SLACK_CLIENT_SECRET: needed with SLACK_CLIENT_ID; the app's Basic Information has it")
    if socket and not socket.startswith("xapp-"):
        raise BadSetting("DESKBELL_SLACK_APP_TOKEN: not an app-level token, which begins with xapp-; the app's Basic Information makes one")
    if not token and not id:
        other = "SLACK_APP_TOKEN" if socket else "SLACK_SIGNING_SECRET"
        raise BadSetting(f"DESKBELL_SLACK_BOT_TOKEN: needed with {other}; it begins with xoxb-")
    if not secret and not socket:
        where = "the app's Basic Information has it; or set SLACK_APP_TOKEN, for Socket Mode"
        raise BadSetting(f"DESKBELL_SLACK_SIGNING_SECRET: needed with {'SLACK_BOT_TOKEN' if token else 'SLACK_CLIENT_ID'}; {where}")
    return True


class SlackEdge:
    """One app, in one workspace or in many."""

    name = "slack"

    def __init__(self, world: World, workspaces: Workspaces | None, session: ClientSession | None, tasks: Tasks) -> None:
        self._world, self._workspaces, self._session, self._tasks = world, workspaces, session, tasks
        self._answers: Answers | None = None
        self._charts: Charts | None = None
        self._door: Door | None = None
        self._socket: SocketMode | None = None
        self.patience = Patience()
        self.channels: tuple[Channel, ...] = ()
        if workspaces is not None and session is not None:
            self._answers = Answers(workspaces.client, session)
            self._charts = Charts(workspaces.client, self._answers, session, tasks)
            deployment, vouches = world.settings.slack_channel, workspaces.vouches
            self.channels = (SlackChannel(workspaces.client, self._answers, deployment=deployment, vouches=vouches, charts=self._charts),)

    def bind(self, desk: Desk) -> None:
        """From here on it knows what is installed."""
        if self._workspaces is not None:
            self._workspaces.bind(desk)
        if self._charts is not None:
            self._charts.bind(desk)

    def routes(self, desk: Desk) -> list[web.RouteDef]:
        """The door for what Slack signs, and the pages that install. Imports what a worker never needs."""
        workspaces, settings = self._workspaces, self._world.settings
        if workspaces is None or self._session is None:
            return []
        from aiohttp import web  # noqa: PLC0415

        from handlers.slack.oauth import Installing  # noqa: PLC0415

        workspaces.bind(desk)
        found = [web.post("/slack/events", self.door(desk).receive)] if settings.slack_signing_secret else []
        if not settings.slack_client_id:
            return found
        return found + Installing(desk, settings, workspaces, self._session, self._world.cache, self._world.clock, SCOPES).routes()

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

    def ails(self) -> str | None:
        """For /readyz: Socket Mode that does not come up."""
        return self._socket.keeper.ails() if self._socket is not None else None

    def _socketed(self) -> SocketMode | None:
        token = self._world.settings.slack_app_token
        if self._socket is None and self._session is not None and self._answers is not None and token:
            from handlers.slack.socket_mode import SocketMode, Tempo  # noqa: PLC0415

            web = api.client(self._world.settings, self._session, token)
            self._socket = SocketMode(web, self._answers, self._world.clock, self._world.extras.get("slack_socket", Tempo()))
        return self._socket

    def _made(self, desk: Desk) -> Door:
        from handlers.slack.inbound import Door, bolt  # noqa: PLC0415
        from handlers.slack.interactions import Interactions  # noqa: PLC0415
        from handlers.slack.removals import Removals  # noqa: PLC0415
        from handlers.slack.views import Views  # noqa: PLC0415

        if self._workspaces is None or self._answers is None or self._charts is None:
            raise DeliveryFailed("rejected", "Slack is not connected")
        turns = Turns(desk, self._tasks, self.patience)
        interactions = Interactions(desk, turns, self._answers, Views(self._workspaces.client), self._tasks)
        secret, removals = self._world.settings.slack_signing_secret or "", Removals(desk, self._workspaces)
        return Door(
            turns,
            interactions,
            bolt(self._workspaces.seen),
            secret,
            self._world.clock,
            self._workspaces.bot,
            removals,
            self._workspaces.seen,
            self._charts,
        )

    async def check(self) -> str | None:
        """Asks Slack who the settings' token is, and what it may."""
        workspaces = self._workspaces
        if workspaces is None or workspaces.standing is None:
            return None
        said, team, bot = await _tried(workspaces.standing)
        workspaces.own, workspaces.own_bot = team or workspaces.own, bot or workspaces.own_bot
        return said if not isinstance(said, DeliveryFailed) else _mend(said, self._world.settings)

    async def examine(self, desk: Desk) -> list[str]:
        """The same of each installation, and how the processes that Slack's Socket Mode goes to stand."""
        workspaces, settings, socket = self._workspaces, self._world.settings, self._socketed()
        if workspaces is None:
            return []
        workspaces.bind(desk)
        lines = await socket.examine(desk) if socket is not None else []
        installed = await workspaces.installed()
        if not installed and workspaces.standing is None:
            lines.append(f"Slack: no workspace has installed the app yet: open {settings.base_url}/slack/install")
        if settings.slack_client_id and not settings.base_url.startswith("https:"):
            lines.append("Slack: installing needs a redirect URL with https: set PUBLIC_URL to one that Slack's users reach")
        for each in installed:
            try:
                said = (await _tried(await workspaces.client(each.id)))[0]
            except DeliveryFailed as failed:
                said = failed
            if said is not None:
                lines.append(
                    f"{each.doc.get('name')} ({each.id}): " + (_again(said, settings) if isinstance(said, DeliveryFailed) else said)
                )
        return lines

    async def learn(self) -> None:
        """The settings' token's workspace, by which people are told from another's, and our user id in it."""
        pauses: Iterator[int] = chain((1, 5, 30), repeat(120))
        for pause in pauses:
            said = await self.check()
            if said:
                log.warning("slack is not in order", mend=said)
            if self._workspaces is None or self._workspaces.own is not None:
                return
            await asyncio.sleep(pause)


async def _tried(web: AsyncWebClient) -> tuple[str | DeliveryFailed | None, str | None, str | None]:
    """What is to be mended, the team, our user id there."""
    try:
        answer = await web.api_call("auth.test")
    except api.FAILURES as failed:
        return api.failure(failed), None, None
    granted = {str(name).lower(): str(value) for name, value in answer.headers.items()}.get("x-oauth-scopes")
    missing = [scope for scope in SCOPES if scope not in granted.replace(" ", "").split(",")] if granted is not None else []
    lacking = f"Slack: the app lacks {', '.join(missing)}: add them under OAuth & Permissions, then reinstall it" if missing else None
    team = answer.get("enterprise_id" if answer.get("is_enterprise_install") is True else "team_id")
    return lacking, str(team or "") or None, str(answer.get("user_id") or "") or None


def _again(failed: DeliveryFailed, settings: Settings) -> str:
    if failed.outcome == "rejected":
        return f"Slack: {failed.why}: have someone there open {settings.base_url}/slack/install"
    return _mend(failed, settings)


def _mend(failed: DeliveryFailed, settings: Settings) -> str:
    if failed.why in ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"):
        return f"Slack: {failed.why}: take SLACK_BOT_TOKEN anew from the app's OAuth & Permissions page (it begins with xoxb-)"
    if failed.outcome == "rejected":
        return f"Slack: {failed.why}"
    where = "SLACK_API_URL" if settings.slack_api_url else "the network's way to slack.com"
    return f"Slack cannot be reached ({failed.why}): check {where}"
