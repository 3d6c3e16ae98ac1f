"""The clock that tests push."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.clock import SteadyClock

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai


class PushedClock:
    """Stands still until it is pushed; never goes back."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        """The moment it was last pushed to."""
        return self._now

    def push(self, by: timedelta) -> None:
        """Later by so much."""
        self.push_to(self._now + by)

    def push_to(self, at: datetime) -> None:
        """To that moment, unless it has passed."""
        self._now = max(self._now, at)


class SteppedClock(PushedClock):
    """Pushed like the other, and the machine's own clock can be set meanwhile: what the bot makes of both is what `now` says."""

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)
        self.set_by = timedelta()
        self._steady = SteadyClock(lambda: self.true() + self.set_by, lambda: self.true() - start)

    def true(self) -> datetime:
        """What the time really is."""
        return super().now()

    def now(self) -> datetime:
        """What the bot takes it for."""
        return self._steady.now()

    def push(self, by: timedelta) -> None:
        """Later by so much, whatever anybody's clock says."""
        self._now += by

    def push_to(self, at: datetime) -> None:
        """So much later as the bot has yet to wait for that moment."""
        self.push(max(at - self.now(), timedelta()))
