"""A desk that notes what it is asked and answers from a table: what stands behind the API's border, where the border is what is tested."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.errors import AlreadyAnswered, BadUsage, Unauthentic
from bot.messages import (
    Authenticate,
    Bearer,
    Command,
    ConnectionsOf,
    Doc,
    ErasuresOf,
    EventsOf,
    FindOrders,
    FindTickets,
    Health,
    HealthCheck,
    JobErrors,
    JobsOf,
    ListOf,
    NewMessage,
    NewTicket,
    Once,
    Page,
    Put,
    Reply,
    ShownAccounts,
    TimelineOf,
)  # fmt: skip
from bot.ports import Taken
from storage.cache import MemoryCache
from tests.clock import PushedClock

LISTS = (ConnectionsOf, ErasuresOf, EventsOf, FindOrders, FindTickets, JobErrors, JobsOf, ListOf, ShownAccounts, TimelineOf)
KEYS = {
    "admin": Bearer("adm", None, frozenset({"*"})),
    "acme": Bearer("k_acme", "acme", frozenset({"tickets:write", "settings:write", "webhooks:write", "orders:write"})),
    "reader": Bearer("k_read", "acme", frozenset({"tickets:read"})),
}


class RecordingFiles:
    """Takes any file that has something in it."""

    def __init__(self) -> None:
        self.id, self.taken = "imp_1", 0

    async def receive(self, kind: str, name: str, **given: Any) -> RecordingFiles:
        self.taken = 0
        return self

    async def add(self, piece: bytes) -> None:
        self.taken += len(piece)

    async def end(self) -> RecordingFiles:
        if not self.taken:
            raise BadUsage("file_empty", field="file")
        return self

    async def cancel(self) -> None:
        """Nothing was kept."""


class RecordingDesk:
    """`seen` are the questions and changes in their order, without the authentications; `raises` comes out of the next one."""

    def __init__(self) -> None:
        self.seen: list[Any] = []
        self.files = RecordingFiles()
        self.onces: list[Once | None] = []
        self.raises: BaseException | None = None
        self.health = Health(None, None, 0, 0, 0)
        self._kept: dict[tuple[str, str], Doc] = {}

    async def ask(self, query: Any) -> Any:
        if isinstance(query, Authenticate):
            if query.token not in KEYS:
                raise Unauthentic
            return KEYS[query.token]
        if isinstance(query, HealthCheck):
            return self._noted(query, self.health)
        if isinstance(query, LISTS):
            return self._noted(query, Page(({"id": "one"},), "next"))
        return self._noted(query, {"id": "one"})

    async def paper(self, query: Any) -> bytes:
        self._noted(query, {})
        return b"%PDF-1.3"

    async def handle(self, command: Command) -> Reply:
        return self._noted(command, Reply(ticket=command.ticket))

    async def configure(self, change: Any, once: Once | None = None) -> Doc:
        return self._once(change, once)

    async def preview(self, change: Put) -> Doc:
        return self._noted(change, {"looked_at": 0})

    async def rehearse(self, asked: Any) -> Doc:
        return self._noted(asked, {
            "from": "", "to": "", "looked_at": 0, "complete": True, "would_open": 0, "would_freeze": 0, "reviews": [], "freezes": [],
        })  # fmt: skip

    async def open(self, new: NewTicket, once: Once | None = None) -> Doc:
        return self._once(new, once)

    async def say(self, new: NewMessage, once: Once | None = None) -> Doc:
        return self._once(new, once)

    def _once(self, what: Any, once: Once | None) -> Doc:
        self.onces.append(once)
        if once and (once.scope, once.key) in self._kept:
            raise AlreadyAnswered(once.status, self._kept[once.scope, once.key])
        answer: Doc = self._noted(what, {"id": f"n{len(self.seen)}"})
        if once:
            self._kept[once.scope, once.key] = answer
        return answer

    def _noted(self, what: Any, answer: Any) -> Any:
        self.seen.append(what)
        if self.raises is not None:
            raised, self.raises = self.raises, None
            raise raised
        return answer


class EndlessCache(MemoryCache):
    """Takes are noted; `wait` is what they answer."""

    def __init__(self) -> None:
        super().__init__(PushedClock())
        self.asked: list[str] = []
        self.wait = timedelta()

    async def taken(self, key: str, burst: int, per_minute: float) -> Taken:
        self.asked.append(key)
        return Taken(self.wait, 0.0 if self.wait else 800.5)
