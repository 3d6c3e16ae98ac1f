"""Questions about work on files."""

from __future__ import annotations

from dataclasses import dataclass

from bot.jobs import Kind


@dataclass(frozen=True, slots=True)
class JobOf:
    """How one stands → Doc with its first `errors`. Raises NotFound, another merchant's too."""

    kind: Kind
    id: str
    within: str | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class JobsOf:
    """All of a kind, the newest first → Page[Doc]."""

    kind: Kind
    within: str | None = None
    limit: int = 50
    cursor: str | None = None
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class JobErrors:
    """The rows of one that were left out → Page[Doc], in their order; the first thousand of them. Raises NotFound."""

    kind: Kind
    id: str
    within: str | None = None
    limit: int = 50
    cursor: str | None = None
    locale: str = "en"
