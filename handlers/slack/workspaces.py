"""With whose token a workspace is talked to: its own installation's, its organisation's, or the settings', whose own workspace that is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import DeliveryFailed
from bot.messages import AccountsOf, Credentials
from bot.ports import Clock
from bot.settings import Settings
from handlers.slack import api
from handlers.slack.organisations import Installed, Organisations
from handlers.slack.shapes import CHANNEL
from handlers.slack.tokens import Tokens

if TYPE_CHECKING:
    from bot.desk import Desk

MEMORY = timedelta(seconds=15)  # so long another replica's installation or removal may go unnoticed
ANEW = timedelta(seconds=1)  # for a workspace that is not among those remembered: it may have been installed just now
STALE = timedelta(minutes=10)  # while the database does not answer
log = structlog.stdlib.get_logger("slack")


Kept = TypeVar("Kept", bound=Installed)


class Workspaces:
    """Every installation, remembered for a moment: no request asks Slack who we are. `own` is the settings' token's team, once known."""

    def __init__(self, settings: Settings, session: ClientSession, clock: Clock) -> None:
        self._settings, self._session, self._clock = settings, session, clock
        self._tokens, self._organisations = Tokens(settings, session, clock), Organisations(clock)
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
        """Of that workspace; "" is the settings' own, or the first that installed the app. Raises DeliveryFailed: what is missing."""
        account = await self._account(team)
        if account is None:
            if self._standing is not None and (team in ("", self.own) or (self.own is None and not self._settings.slack_client_id)):
                return self._standing
            if self._standing is not None and self.own is None:
                raise DeliveryFailed("later", "still starting: Slack has not said yet whose SLACK_BOT_TOKEN is")
            if self._standing is not None and self.own is not None and await self._organisations.serves(self.own, team, self._standing):
                return self._standing
            raise DeliveryFailed("rejected", _missing(team))
        account = await self._tokens.fresh(self._desk, account)
        return self._of(account)

    def bot(self, team: str) -> str | None:
        """Our user id in that workspace, as far as it is remembered."""
        account = self._known.get(team) or self._known.get(self._organisations.of(team, self._known.values()))
        return str(account.doc.get("bot_user_id") or "") or None if account else self.own_bot

    def forget(self) -> None:
        """What was just installed or removed here holds at once."""
        self._looked_at = None
        self._organisations.forget()

    def seen(self, organisation: str, team: str) -> None:
        """Slack has signed that the organisation's installation is for this workspace."""
        if organisation == self.own or organisation in self._known:
            self._organisations.seen(organisation, team)

    async def installed(self) -> Sequence[Credentials]:
        """All of them, by id, as they are now."""
        self.forget()
        return tuple((await self._read(timedelta())).values())

    def vouches(self, account: str, person: Any, installed: Callable[[], Sequence[Installed]]) -> bool:
        """For `Abilities.vouches`: a link without a workspace is the settings' own one's, or that of the first that installed the app.

        Not of any: everybody may install an app in a workspace of theirs, where user ids are what they like.
        """
        team = account.rpartition("/")[0]
        if person.slack_team_id or (self.own is not None and (team == self.own or self._organisations.known(self.own, team))):
            return True
        found = installed()
        if self._standing is not None or not found:
            return not found
        first = _first(found)
        return first.id in (team, self._organisations.of(team, found))

    async def _account(self, team: str) -> Credentials | None:
        known = await self._read(MEMORY)
        if team:
            if team in known or team == self.own:
                return known.get(team)
            known = await self._read(ANEW)
            return known.get(team) or await self._organisation_of(team, known)
        if self._standing is not None:
            return known.get(self.own or "")
        return _first(known.values()) if known else None

    async def _organisation_of(self, team: str, known: Mapping[str, Credentials]) -> Credentials | None:
        found = known.get(self._organisations.of(team, known.values()))
        if found is not None:
            return found
        unsaid: DeliveryFailed | None = None
        for each in known.values():
            if not each.id.startswith("E"):
                continue
            try:
                web = self._of(await self._tokens.fresh(self._desk, each))
                if await self._organisations.serves(each.id, team, web):
                    return each
            except DeliveryFailed as failed:  # one whose token is dead stands in nobody's way
                unsaid = unsaid or (failed if failed.outcome != "rejected" else None)
        if unsaid is not None:
            raise DeliveryFailed("later", f"whose workspace {team} is: {unsaid.why}", unsaid.retry_after)
        return None

    async def _read(self, memory: timedelta) -> Mapping[str, Credentials]:
        now = self._clock.now()
        age = None if self._looked_at is None else now - self._looked_at
        if age is not None and timedelta() <= age < memory:
            return self._known
        if self._desk is None:
            if self._settings.slack_client_id is None:
                return self._known
            raise DeliveryFailed("later", "still starting: installations are not read yet")
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


def _first(installed: Iterable[Kept]) -> Kept:
    """Who installed the app first, whoever came since."""
    return min(installed, key=lambda each: (str(each.doc.get("since") or ""), each.id))


def _missing(team: str) -> str:
    if team:
        return f"not installed in workspace {team}: open /slack/install there"
    return "not installed in any workspace: open /slack/install"
