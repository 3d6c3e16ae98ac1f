"""What a self-audit looks for, and how it lets stuck rows go again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.records import Inbound, Outgoing

Place = tuple[datetime, int]  # how far the walk over open tickets has come: a next_due and a number


class Checks(Protocol):
    """Every question is bounded by its limit and goes by an index: its cost does not follow what is open, waiting or done."""

    def hoarded(self, after: datetime, limit: int) -> Sequence[Outgoing]:
        """Deliveries leased, or made, until later than any lease lasts: by a clock that has been set back since."""
        ...

    def waiting(self, before: datetime, limit: int) -> Sequence[Outgoing]:
        """Deliveries that could have gone out before that moment and still wait, the oldest first."""
        ...

    def unworked(self, before: datetime, limit: int) -> Sequence[Inbound]:
        """What came in before that moment and is not worked yet."""
        ...

    def clockless(self, after: Place | None, until: Place | None, limit: int) -> Sequence[tuple[str, int]]:
        """(merchant, number) of tickets between these places with a target that runs and is not missed, and no `sla` deadline."""
        ...

    def farther(self, after: Place | None, many: int) -> Place | None:
        """The place so many open tickets on; None: fewer are left."""
        ...

    def let_go(self, rows: Sequence[Outgoing], now: datetime) -> int:
        """Those that still wait as they were read are free now; what was leased may have been sent. How many."""
        ...

    def bury(self, row: Outgoing, why: str) -> int:
        """It cannot be sent, whoever tries: dead, if it still waits."""
        ...

    def offer(self, rows: Sequence[Inbound], now: datetime) -> int:
        """Those still unworked may be taken now. How many."""
        ...
