"""A desk that writes down what it is asked and answers as told: the border's stand-in."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.card import Button, Card, Form
from bot.desk import Desk
from bot.messages import AccountsOf, Command, DeskOf, OwnDesk, Reply, Shelf
from bot.records import Hold
from handlers.slack.api import ClientFor
from storage.cache import MemoryCache
from tests.clock import PushedClock


class RecordingDesk(Desk):
    """`answers` makes replies; `working` and `storing` are what each call does first (wait, raise)."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.stored: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.answers: Callable[[Command], Reply] = lambda command: Reply(f"did: {command.words}")
        self.asked: list[Command] = []
        self.forms: Callable[[Command], Form | Reply | None] = lambda command: None
        self.asking: Exception | float | None = None
        self.working: Exception | float | None = None
        self.storing: Exception | float | None = None
        self.configuring: Exception | float | None = None
        self.holding: Exception | float | None = None
        self.holds: dict[str, Hold] = {}
        self.changes: list[Any] = []

    async def reply(self, command: Command) -> Reply:
        """Writes it down and answers."""
        self.commands.append(command)
        await _does(self.working)
        return self.answers(command)

    async def form(self, command: Command) -> Form | Reply | None:
        """Writes it down and gives the form, the refusal or nothing."""
        self.asked.append(command)
        await _does(self.asking)
        return self.forms(command)

    async def ask(self, query: Any) -> Any:
        """A desk with one ticket on it."""
        if isinstance(query, AccountsOf):
            return ()
        assert isinstance(query, DeskOf)
        return OwnDesk(Card("Desk"), (Shelf(Card("Yours: 1"), (Card("T-1", buttons=(Button("Claim", "claim 1"),)),)),), "Refresh")

    async def hold(self, name: str, holder: str, length: timedelta, note: Mapping[str, Any] | None = None) -> Hold:
        """Whoever comes first has it until it is let go."""
        await _does(self.holding)
        held = self.holds.get(name)
        if held is None or held.holder == holder:
            self.holds[name] = held = Hold(name, holder, 1, PushedClock().now() + length, note or {})
        return held

    async def let_go(self, name: str, holder: str) -> None:
        """The next may have it."""
        if name in self.holds and self.holds[name].holder == holder:
            del self.holds[name]

    async def held(self, name: str) -> Hold | None:
        """Whose it is."""
        return self.holds.get(name)

    async def configure(self, change: Any, once: Any = None) -> dict[str, Any]:
        """Writes it down."""
        await _does(self.configuring)
        self.changes.append(change)
        return {}

    async def record(self, source: str, external_id: str, body: Mapping[str, Any]) -> bool:
        """Keeps it once."""
        await _does(self.storing)
        new = (source, external_id) not in self.stored
        self.stored.setdefault((source, external_id), body)
        return new


class EndlessCache(MemoryCache):
    """Tokens for everybody."""

    def __init__(self) -> None:
        super().__init__(PushedClock())

    async def take(self, key: str, burst: int, per_minute: float) -> timedelta:
        """At once."""
        return timedelta()


def always(web: AsyncWebClient) -> ClientFor:
    """The same client for every workspace."""

    async def client(team: str) -> AsyncWebClient:
        return web

    return client


async def _does(what: Exception | float | None) -> None:
    if isinstance(what, Exception):
        raise what
    if what is not None:
        await asyncio.sleep(what)
