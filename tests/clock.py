"""The clock that tests push."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

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
