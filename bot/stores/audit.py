"""The audit log: written with what it tells of, sealed into a tree afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.audit import Grown, Noted
from bot.messages.asks import Page


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry as it is kept. `entry` and `salt` None: erased; what is left proves that there was one."""

    merchant_id: str
    leaf: int
    entry: str | None
    salt: bytes | None
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Waits:
    """An entry that has no place in the tree yet."""

    merchant_id: str
    seq: int
    at: datetime
    commitment: bytes


@dataclass(frozen=True, slots=True)
class Log:
    """How far it is sealed. `key` opens, for the Vault, to the key that signs; `public` is its other half, in hex."""

    tree: Grown
    key: bytes
    public: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Which entries; what is None limits nothing. `shop`: its own, and its tickets'."""

    merchant: str | None = None
    ticket: int | None = None
    actor: str | None = None
    shop: str | None = None
    start: datetime | None = None
    end: datetime | None = None


class Audit(Protocol):
    """The audit log. `written` counts what this transaction has added to it."""

    written: int

    def add(self, entries: Sequence[Noted]) -> None:
        """Commits with all else, or not at all."""
        ...

    def log(self, *, lock: bool = False) -> Log | None:
        """None: it was never begun. `lock`: nobody else seals until this transaction ends."""
        ...

    def begin(self, key: bytes, public: str) -> None:
        """The first to begin it has."""
        ...

    def waiting(self, limit: int) -> Sequence[Waits]:
        """Entries without a place."""
        ...

    def seal(self, places: Sequence[tuple[Waits, int]], after: Grown) -> None:
        """Gives each its leaf, and keeps the tree as it is `after`."""
        ...

    def check(self, size: int, at: datetime, note: str) -> None:
        """Keeps a signed note."""
        ...

    def checkpoint(self, size: int | None = None) -> tuple[int, datetime, str] | None:
        """The newest: its size, when it was made, and the note itself. With a size: the first of at least that."""
        ...

    def nodes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Of the tree, for proofs; level 0 is the leaves'."""
        ...

    def page(self, asked: Asked, limit: int, cursor: str | None) -> Page[Kept]:
        """What is sealed, the newest first."""
        ...

    def some(self, asked: Asked, after: int, limit: int) -> Sequence[Kept]:
        """What is sealed, in order, behind a leaf (-1: from the first)."""
        ...
