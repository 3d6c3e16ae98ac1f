"""What the risk rules remember: tickets a day by shop, reviews, disputes by their buyer's network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.messages.asks import Page
from bot.risk.records import Review, Sighting, Suspect


class Risk(Protocol):
    """Counters, not counts. Who counts holds that shop's day, or that network, until the unit of work ends: nobody counts beside them."""

    def count(self, merchant_id: str, shop_id: str, day: str, many: int = 1) -> int:
        """Adds so many tickets to this shop's day (ISO, the merchant's) → all of that day."""
        ...

    def days(self, merchant_id: str, shop_id: str, days: Sequence[str]) -> Mapping[str, int]:
        """How many tickets each of these days had, where any."""
        ...

    def open_review(self, review: Review) -> bool:
        """False: that shop's day has one."""
        ...

    def review(self, id: str, within: str | None = None) -> Review | None: ...
    def reviews(self, ids: Iterable[str]) -> Mapping[str, Review]: ...
    def decide(self, review: Review) -> bool:
        """False: somebody was faster."""
        ...

    def page(self, within: str | None, open_only: bool, limit: int, cursor: str | None) -> Page[Review]:
        """Newest first."""
        ...

    def suspect(self, found: Suspect) -> None:
        """Holds its network, and writes it down; one that is there stays as it is."""
        ...

    def clear(self, merchant_id: str, origin: str, ticket: int) -> None:
        """It is no dispute any more; one that was counted stays."""
        ...

    def waiting(self, merchant_id: str, origin: str, since: datetime) -> Sequence[Suspect]:
        """Those not counted yet, of that moment or later, the oldest first."""
        ...

    def counted(self, suspects: Sequence[Suspect], freeze: str) -> None: ...
    def saw(self, sightings: Sequence[Sighting]) -> None: ...
    def seen(self, merchant_id: str, tokens: Sequence[str], since: datetime) -> Sequence[Sighting]:
        """On other tickets, since then, the newest first; 100 at most."""
        ...

    def amounts(self, merchant_id: str, shop_id: str) -> Sequence[Mapping[str, str]]:
        """What some 40 orders of the shop came to, those with the highest numbers."""
        ...
