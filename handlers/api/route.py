"""What a call of the API is (Route), and what its work gets (Call). The server and the OpenAPI document are both made from Routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.desk import Desk
from bot.messages import Bearer, Once, Page
from bot.ports import Clock
from bot.settings import Settings
from handlers.api.fields import Answer, Model, Query

Method = str  # GET, POST, PUT, PATCH, DELETE


@dataclass(frozen=True, slots=True)
class House:
    """What all calls share."""

    desk: Desk
    settings: Settings
    clock: Clock


@dataclass(frozen=True, slots=True)
class Call:
    """One request, recognised and read."""

    house: House
    bearer: Bearer
    path: Mapping[str, str]
    query: Any  # an instance of the route's Query
    body: Any  # an instance of the route's Model, or None
    once: Once | None
    chinese: bool = False
    sent: AsyncIterator[bytes] | None = None  # the file that was sent, for a route with `sends`

    @property
    def desk(self) -> Desk:
        """Who does the work."""
        return self.house.desk

    @property
    def within(self) -> str | None:
        """A merchant's key only ever acts within its merchant."""
        return self.bearer.merchant_id

    @property
    def by(self) -> str:
        """Who did it, on the timeline."""
        return f"key:{self.bearer.key_id}"

    @property
    def number(self) -> int:
        """The ticket's number; the path was checked."""
        return int(self.path["number"])


Work = Callable[[Call], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Route:
    """One method on one path. `work` returns the answer's document, a Page of them, or None (204)."""

    method: Method
    path: str
    says: str
    work: Work
    scope: str | None = None  # None: any key will do
    body: type[Model] | None = None
    query: type[Query] = Query
    answer: type[Answer] | None = None  # None: nothing, 204
    many: bool = False
    bare: bool = False  # of many, without a page around them
    sends: tuple[str, ...] = ()  # content types of a file that is the body; it is handed on piece by piece, and may be long
    media: str | None = None  # the answer's content type where it is bytes and no document
    status: int = 200
    refusals: tuple[str, ...] = ()  # codes beside those that every call has
    limited: bool = True  # counts towards the key's rate
    lately: bool = False  # answered while the database is away, too: to who was recognised a few minutes ago
    notes: str = field(default="")


def page(found: Page[Any]) -> dict[str, Any]:
    """A list in an answer."""
    return {"items": list(found.items), "next_cursor": found.next_cursor}
