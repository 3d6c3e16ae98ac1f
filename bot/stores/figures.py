"""Figures: what each ticket was counted for, the sums of days and months, and which tickets have changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.figures.adding import Key
from bot.figures.counting import Counted, Sums


class Figures(Protocol):
    """Only the pass writes, one replica at a time."""

    def waiting(self, now: datetime) -> bool:
        """Whether a ticket is to be counted."""
        ...

    def take(self, now: datetime, most: int) -> Sequence[int]:
        """Tickets that are new, changed or to be looked at again; others' passes wait until this transaction has ended."""
        ...

    def counted(self, numbers: Sequence[int]) -> Mapping[int, Counted]:
        """What these were counted for; those that were not yet are left out."""
        ...

    def keep(self, counted: Sequence[Counted], differences: Mapping[Key, Sums]) -> None:
        """What these are counted for now, and what that adds to the sums."""
        ...

    def sums(self, merchant_id: str, kind: str, subject: str, months: Sequence[str], spans: Sequence[tuple[str, str]]) -> Sequence[Sums]:
        """Of these months and of the days in these spans, both ends in it."""
        ...

    def open(self, merchant_id: str, kind: str, subject: str) -> Mapping[str, int]:
        """Day → how many that came in then are open now."""
        ...

    def count_paid(self, now: datetime) -> bool:
        """Counts the orders of days that are over; whether there are more to count. After `take`, in its transaction."""
        ...

    def orders_paid(self, merchant_id: str | None, since: datetime, until: datetime) -> int:
        """How many orders were paid in that time, of one merchant or of all; `until` is not in it.

        What was put more than two days after it was paid is in it once a pass has counted it: after seconds, rarely after hours."""
        ...
