"""With whose token a workspace is talked to: its own installation's, else the settings', whose own workspace that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryFailed
from bot.messages import AccountsOf, Credentials
from bot.ports import Clock
from bot.settings import Settings
from handlers.slack import api
from handlers.slack.shapes import CHANNEL
from handlers.slack.tokens import Tokens

if TYPE_CHECKING:
    from bot.desk import Desk

MEMORY = timedelta(seconds=15)  # so long another replica's installation or removal may go unnoticed
ANEW = timedelta(seconds=1)  # for a workspace that is not among those remembered: it may have been installed just now
STALE = timedelta(minutes=10)  # while the database does not answer
log = structlog.stdlib.get_logger("slack")


class Workspaces:
    """Every installation, remembered for a moment: no request asks Slack who we are. `own` is the settings' token's team, once known."""

    def __init__(self, settings: Settings, session: ClientSession, clock: Clock) -> None:
        self._settings, self._session, self._clock = settings, session, clock
        self._tokens = Tokens(settings, session, clock)
        self._standing = api.client(settings, session) if settings.slack_bot_token else None
        self._clients: dict[str, AsyncWebClient] = {}
        self._known: Mapping[str, Credentials] = {}
        self._looked_at: datetime | None = None
        self._desk: Desk | None = None
        self.own: str | None = None
        self.own_bot: str | None = None

    @property
    def standing(self) -> AsyncWebClient | None:
        """The settings' token's client."""
        return self._standing

    def bind(self, desk: Desk) -> None:
        """Edges connect before there is a desk; from now on installations are read through this one."""
        self._desk = desk

    async def client(self, team: str) -> AsyncWebClient:
        """Of that workspace; "" is the settings' own, or the only installation. Raises DeliveryFailed, which says what is missing."""
        account = await self._account(team)
        if account is None:
            if self._standing is not None and (team in ("", self.own) or self.own is None):
                return self._standing
            raise DeliveryFailed("rejected", _missing(team, len(self._known)))
        account = await self._tokens.fresh(self._desk, account)
        return self._of(account)

    def bot(self, team: str) -> str | None:
        """Our user id in that workspace, as far as it is remembered."""
        account = _of_team(self._known, team)
        return str(account.doc.get("bot_user_id") or "") or None if account else self.own_bot

    def forget(self) -> None:
        """What was just installed or removed here holds at once."""
        self._looked_at = None

    async def installed(self) -> Sequence[Credentials]:
        """All of them, by id, as they are now."""
        self.forget()
        return tuple((await self._read(timedelta())).values())

    def vouches(self, account: str, person: Any, installed: Callable[[], Sequence[str]]) -> bool:
        """For `Abilities.vouches`: a link without a workspace is the settings' own one's, or the only installation's."""
        team = account.rpartition("/")[0]
        if person.slack_team_id or (self.own is not None and team == self.own):
            return True
        ids = installed()
        if self._standing is not None:
            return not ids
        return not ids or (len(ids) == 1 and (ids[0] == team or _for_all(ids[0])))

    async def _account(self, team: str) -> Credentials | None:
        known = await self._read(MEMORY)
        if team:
            return _of_team(known, team) or (None if team == self.own else _of_team(await self._read(ANEW), team))
        if self._standing is not None:
            return known.get(self.own or "")
        return next(iter(known.values())) if len(known) == 1 else None

    async def _read(self, memory: timedelta) -> Mapping[str, Credentials]:
        now = self._clock.now()
        age = None if self._looked_at is None else now - self._looked_at
        if age is not None and timedelta() <= age < memory:
            return self._known
        if self._desk is None:
            if self._standing is not None:
                return self._known
            raise DeliveryFailed("later", "still starting")
        try:
            found: Sequence[Credentials] = await self._desk.ask(AccountsOf(CHANNEL))
        except Exception as failed:
            if age is None or age > STALE:
                raise DeliveryFailed("later", f"installations cannot be read: {type(failed).__name__}") from failed
            log.warning("installations not read, known from lately", why=type(failed).__name__)
            return self._known
        self._known, self._looked_at = {each.id: each for each in found}, now
        return self._known

    def _of(self, account: Credentials) -> AsyncWebClient:
        token = account.secrets["token"]
        kept = self._clients.get(account.id)
        if kept is None or kept.token != token:
            kept = self._clients[account.id] = api.client(self._settings, self._session, token)
        return kept


def _of_team(known: Mapping[str, Credentials], team: str) -> Credentials | None:
    """The workspace's own installation, else one of its whole organisation."""
    return known.get(team) or next((each for each in known.values() if team in each.doc.get("teams", ())), None)


def _for_all(id: str) -> bool:
    """Whether it is an organisation's."""
    return id.startswith("E")


def _missing(team: str, installed: int) -> str:
    if team:
        return f"not installed in workspace {team}: open /slack/install there"
    return "several workspaces: name one as slack_team_id" if installed else "not installed in any workspace: open /slack/install"
