"""What one run does: which tickets fall due when, and how often something is killed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.target import Target
from bot.ticket import TARGETS, Ticket
from tests.bench.filling import merchant_id

FIRST = 10_000_001  # above the numbers of tickets in the background
LEAD = timedelta(seconds=6)  # from the first processes' start to the first moment
FAR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Plan:
    """`tiers` fall due on each ticket, spread evenly over `seconds`; two tiers of one ticket are a third of the run apart.

    They must be further apart than a lease, or the lower one would rightly go unsaid. Every merchant has a channel of its own, so that
    no channel's limit holds anything back: what is measured is the desk.
    """

    dialect: str
    processes: int
    tickets: int
    seconds: float
    kills: int
    tiers: int = 3
    merchants: int = 350
    sink_delay: float = 0.05
    background: int = 0  # tickets that are open and not due

    @property
    def notices(self) -> int:
        """How many must arrive."""
        return self.tickets * self.tiers

    def due(self, start: datetime) -> Mapping[tuple[int, int], datetime]:
        """(ticket, tier) → its moment."""
        return {(number, tier): start + timedelta(seconds=at) for number, tier, at in self._moments()}

    def made(self, start: datetime, opened: datetime) -> Iterator[Ticket]:
        """The tickets. Where only one tier falls due the lower ones are met and the higher ones far away."""
        moments = self.due(start)
        for index in range(self.tickets):
            number, id = FIRST + index, merchant_id(index % self.merchants)
            ticket = Ticket(
                id, number, f"shop-{id}", "shopee", f"Case {number}", "Nothing has arrived.", opened, opened, seen_at=opened
            )  # fmt: skip
            targets: dict[str, Any] = {}
            for tier, kind in enumerate(TARGETS, start=1):
                at = moments.get((number, tier))
                met = opened if at is None and tier < self._only(index) else None
                targets[kind] = Target(opened, at or (opened + FAR), met)
            yield replace(ticket, **targets)

    def _moments(self) -> Iterator[tuple[int, int, float]]:
        step = self.seconds / 3
        for index in range(self.tickets):
            if self.tiers == 1:
                yield FIRST + index, self._only(index), index / self.tickets * self.seconds
            else:
                for tier in range(1, self.tiers + 1):
                    yield FIRST + index, tier, index / self.tickets * step + (tier - 1) * step

    def _only(self, index: int) -> int:
        return index % 3 + 1
