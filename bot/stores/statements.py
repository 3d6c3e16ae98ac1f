"""Statements: their lines while they are compared, and the payments that have been in one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from bot.jobs import Job


class Kept(NamedTuple):
    """A line as it is kept; `place` says what it is about."""

    place: str
    row: int
    doc: Mapping[str, Any]


class Statements(Protocol):
    """Statements."""

    def add(self, job: Job, lines: Sequence[Kept]) -> None: ...
    def lines(self, job: Job, after: str, places: int, most: int) -> Sequence[Kept]:
        """All lines of the next so many places behind `after`, by place and row; `most` of them at most."""
        ...

    def drop(self, job: Job) -> None:
        """Its lines are needed no more."""
        ...

    def settle(self, job: Job, payments: Sequence[tuple[str, str]]) -> None:
        """These (merchant, transaction) have been in a statement; the first to say so is kept."""
        ...

    def settled(self, merchant_id: str, transactions: Sequence[str]) -> set[str]:
        """Those of them that have."""
        ...
