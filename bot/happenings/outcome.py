"""What came of a fact, and where it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Done:
    """It is in. `why`: a sentence, where there is something to say."""

    ticket: int | None = None
    why: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waits:
    """It fits nothing yet; it may once something is known by one of `keys`."""

    why: str
    keys: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing is wrong before `until`; it is looked at again then."""

    until: datetime


@dataclass(frozen=True, slots=True)
class At:
    """The connection that it came over. `shop_id` and `channel_id` hold where no known order says otherwise.

    `shop`: it is no institution's, but a shop's, which also sells what others are paid for: only orders that are known count.
    """

    merchant_id: str
    provider: str
    shop_id: str | None = None
    channel_id: str | None = None
    shop: bool = False


def further(rank: int, told_at: datetime | None, new_rank: int, new_at: datetime | None) -> bool:
    """Whether a status goes on from the one that is known: events come in any order, and none leads back."""
    if new_rank != rank:
        return new_rank > rank
    return told_at is None or (new_at is not None and new_at > told_at)
