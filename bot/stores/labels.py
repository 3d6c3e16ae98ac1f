"""What people said tickets are about, and which tickets the engine has yet to look at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol


class Correction(NamedTuple):
    """`was`: the engine's label, of which it was so sure; `said`: a person's."""

    merchant_id: str
    ticket: int
    was: str
    said: str
    score: float
    by: str
    at: datetime


class Taught(NamedTuple):
    """What a correction teaches: these words are about that."""

    subject: str
    message: str
    label: str


class Labels(Protocol):
    """Corrections, and tickets to look at again."""

    def correct(self, correction: Correction) -> None:
        """One per ticket; what the engine had said first stays."""
        ...

    def taught(self, merchant_id: str | None, most: int) -> Sequence[Taught]:
        """The newest corrections with their tickets' words; None: everybody's."""
        ...

    def newest(self, merchant_id: str) -> datetime | None:
        """When somebody of this merchant's last corrected something."""
        ...

    def look_again(self, merchant_id: str, ticket: int, at: datetime) -> None: ...
    def waiting(self, limit: int) -> Sequence[tuple[str, int]]:
        """The oldest (merchant, ticket) to look at again."""
        ...

    def looked(self, tickets: Sequence[tuple[str, int]]) -> None:
        """These need no look any more."""
        ...
