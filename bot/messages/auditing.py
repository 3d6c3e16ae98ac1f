"""What one may ask of the audit log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditOf:
    """What is in it, the newest first → Page[Doc]; what is None limits nothing. Raises NotFound for another merchant's."""

    within: str | None = None
    merchant: str | None = None
    ticket: int | None = None
    actor: str | None = None
    start: datetime | None = None
    end: datetime | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ProofOf:
    """A ticket's entries, each with the path that proves it under the newest signed head → Doc. Raises NotFound."""

    ticket: int
    within: str | None = None


@dataclass(frozen=True, slots=True)
class HeadOf:
    """The newest signed head, and the proof that it continues the one of `since` leaves → Doc. Raises NotFound, BadUsage."""

    since: int | None = None
