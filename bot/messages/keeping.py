"""What is kept because the law asks, and what is erased because a person does."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PutHold:
    """What is on this ticket is kept until then → Doc. `agent`: a lead or an admin who says so."""

    number: int
    reason: str
    until: datetime
    agent: str | None = None
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class LiftHold:
    """Ends it → Doc. Raises NotFound where there is none."""

    number: int
    agent: str | None = None
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class HoldOf:
    """A ticket's legal hold → Doc. Raises NotFound where there is none."""

    number: int
    within: str | None = None


@dataclass(frozen=True, slots=True)
class Erase:
    """Removes what tells of a person → Doc, its certificate. One of `email`, `phone` and `order_no` says whose."""

    merchant_id: str
    ground: str
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    order_no: str | None = None
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class ErasureOf:
    """One request → Doc. Raises NotFound, another merchant's too."""

    id: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class ErasuresOf:
    """All of them, the newest first → Page[Doc]."""

    within: str | None = None
    limit: int = 50
    cursor: str | None = None
