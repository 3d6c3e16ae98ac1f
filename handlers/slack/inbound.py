"""`POST /slack/events`: commands, interactions and events through one door; what Slack has not signed gets 401 and nothing else."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.errors import Unauthentic
from bot.messages import Reply
from bot.ports import Clock
from handlers.slack import cards, sentences, words
from handlers.slack.charts import Charts
from handlers.slack.forms import CALLBACK
from handlers.slack.interactions import Interactions
from handlers.slack.presses import ACTIONS, SHORTCUT
from handlers.slack.removals import Removals
from handlers.slack.shapes import installation
from handlers.slack.signature import verified
from handlers.slack.turns import Payload, Turns, as_response

_SHAPELESS = (ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError)  # bolt reads requests with much trust
Seen = Callable[[str, str], None]  # hears, of what Slack has signed, that this organisation's installation is for this workspace
Bot = Callable[[str], str | None]  # our own user id in a workspace, as far as it is known
log = structlog.stdlib.get_logger("slack")


class Door:
    """Verifies, lets bolt tell what kind of request it is, and answers."""

    def __init__(
        self, turns: Turns, interactions: Interactions, app: AsyncApp, secret: str, clock: Clock, bot: Bot, removals: Removals,
        seen: Seen, charts: Charts,
    ) -> None:  # fmt: skip
        self._turns, self._app, self._seen, self._charts = turns, app, seen, charts
        self._secret, self._clock, self._bot = secret, clock, bot
        app.action(re.compile(rf"^({'|'.join(ACTIONS)}):"))(interactions.press)
        app.shortcut(re.compile(rf"^{SHORTCUT}:"))(interactions.shortcut)
        app.view(re.compile(rf"^{CALLBACK}:"))(interactions.submit)
        app.event("app_home_opened")(interactions.home_opened)
        app.event("app_uninstalled")(removals.removed)
        app.event("tokens_revoked")(removals.removed)
        app.event("app_mention")(self._event)
        app.event({"type": "message"})(self._event)

    async def receive(self, request: web.Request) -> web.Response:
        """One request of Slack's."""
        try:
            text = verified(request.headers, await request.read(), self._secret, self._clock.now())
        except (Unauthentic, web.HTTPRequestEntityTooLarge) as refused:
            log.warning("request refused", why=str(refused) if isinstance(refused, Unauthentic) else "body too large")
            return web.json_response({"error": "invalid request"}, status=401)
        form = _slash_form(request.content_type, text)
        if form is not None:
            return web.Response(text=json.dumps(await self._command(form)), content_type="application/json")
        try:
            asked = AsyncBoltRequest(body=text, query=request.query_string, headers=_headers(request))
        except _SHAPELESS:
            log.warning("signed request is not of Slack's shape")
            return web.json_response({"error": "invalid request"}, status=400)
        answer = await self._app.async_dispatch(asked)
        if answer.status == 404:
            return web.Response()  # a kind of request that nothing here is for: Slack need not send it again
        return await to_aiohttp_response(answer)

    async def arrived(self, kind: str, payload: dict[str, Any]) -> Payload | None:
        """What came by Socket Mode → what it is acknowledged with, {} for nothing more; None: not at all, for it is to come again."""
        if kind == "slash_commands":
            return await self._command({name: value for name, value in payload.items() if isinstance(value, str)})
        try:
            asked = AsyncBoltRequest(mode="socket_mode", body=payload)
        except _SHAPELESS:
            log.warning("envelope is not of Slack's shape", kind=kind)
            return None
        answer = await self._app.async_dispatch(asked)
        if answer.status == 404:
            return {}  # a kind that nothing here is for
        return _said(answer) if answer.status == 200 else None

    async def _command(self, form: dict[str, str]) -> Payload:
        if installation(form) != form.get("team_id"):
            self._seen(installation(form), form.get("team_id", ""))
        command = words.slash(form)
        said = await self._turns.take(command) if command else Reply(sentences.NOT_UNDERSTOOD)
        self._charts.start(command.answer_to if command else None, said.charts)
        return as_response(cards.answer(said))

    async def _event(self, body: dict[str, Any]) -> BoltResponse:
        """Stored before it is acknowledged; when that fails Slack keeps it and sends it again."""
        command = words.event(body, self._bot(installation(body)))
        if command is None:
            return BoltResponse(status=200, body="")
        try:
            await self._turns.store(command)
        except Exception:
            log.exception("event not stored", once=command.once)
            return BoltResponse(status=500, body="")
        return BoltResponse(status=200, body="")


def bolt(seen: Seen) -> AsyncApp:
    """Bolt, working first and answering in the same response; signatures and our own messages are seen to here."""
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(logging.ERROR)  # its warnings and infos print whole bodies
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.WARNING)

    async def authorize(context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        if context.is_enterprise_install and enterprise_id and team_id:
            seen(enterprise_id, team_id)
        # Nobody here uses bolt's own client: each workspace has its own (Workspaces). So this takes no time, and asks Slack nothing.
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)

    return AsyncApp(
        name="deskbell", authorize=authorize, logger=quiet, process_before_response=True,
        request_verification_enabled=False, ignoring_self_events_enabled=False, attaching_function_token_enabled=False,
    )  # fmt: skip


def _said(answer: BoltResponse) -> Payload:
    said = json.loads(answer.body) if answer.body else {}
    return said if isinstance(said, dict) else {}


def _slash_form(kind: str, text: str) -> dict[str, str] | None:
    """A slash command, whatever a workspace has named it; None for anything else.

    Not by bolt: it takes a form in which the word "payload" stands anywhere for a button without one, and would drop a note that says it.
    """
    if kind != "application/x-www-form-urlencoded":
        return None
    try:
        form = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=100))
    except ValueError:
        return None
    return form if form.get("command", "").startswith("/") and not form.keys() & {"payload", "ssl_check"} else None


def _headers(request: web.Request) -> dict[str, str | Sequence[str]]:
    # Only what bolt reads: others could tell it to run other functions (x-slack-bolt-lazy-only).
    return {name: request.headers[name] for name in ("Content-Type",) if name in request.headers}
