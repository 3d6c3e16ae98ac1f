"""One of a ticket's clocks, and the ledger of what became of them all: when they stood still, when a due moment was moved, and why."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.frozen import record


@record(frozen=True, slots=True)
class Target:
    """One of a ticket's three clocks. `due_at` None: not armed (yet, or for ever on a merged ticket), or standing still.

    `left`: it stands still, and this much has yet to count when it goes on.
    """

    started_at: datetime | None = None
    due_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    left: timedelta | None = None

    @property
    def running(self) -> bool:
        """Armed, not met, not standing still; a breached one still runs until it is met."""
        return self.due_at is not None and self.met_at is None

    @property
    def paused(self) -> bool:
        """Armed, not met, and standing still."""
        return self.left is not None and self.met_at is None


@record(frozen=True, slots=True)
class Pause:
    """A time in which clocks stood still. `because`: the state that the policy pauses on; `end` None: they still do."""

    start: datetime
    end: datetime | None
    because: str


@record(frozen=True, slots=True)
class Move:
    """A due moment that was moved otherwise than by a pause. `because`: the policy that did it. None: it stood still."""

    at: datetime
    kind: str
    was: datetime | None
    now: datetime | None
    because: str


@record(frozen=True, slots=True)
class Past:
    """A clock of an earlier cycle, as it was when the ticket was reopened at `ended_at`."""

    cycle: int
    kind: str
    ended_at: datetime
    target: Target


@record(frozen=True, slots=True)
class Ledger:
    """What became of a ticket's clocks, oldest first. `thanked_at`: a buyer's thanks left it resolved then, which can be undone.

    `warned`: the warnings that were given, by cycle, clock and share, so that a target that is moved back gives none twice.
    """

    pauses: tuple[Pause, ...] = ()
    moves: tuple[Move, ...] = ()
    past: tuple[Past, ...] = ()
    thanked_at: datetime | None = None
    warned: tuple[tuple[int, str, float], ...] = ()

    @property
    def standing(self) -> Pause | None:
        """The pause that has not ended."""
        return self.pauses[-1] if self.pauses and self.pauses[-1].end is None else None


UNARMED = Target()
BLANK = Ledger()
