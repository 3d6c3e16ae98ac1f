"""The one place that reads the time; everybody else is told it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The wall clock, in UTC."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, UTC."""
        return datetime.now(UTC)


class PausableClock:
    """The wall clock with a pause button (`demo`): paused time never happened."""

    def __init__(self) -> None:
        self._behind = timedelta()
        self._paused_at: datetime | None = None

    def now(self) -> datetime:
        """The present moment less all pauses; the same moment again and again while paused."""
        return (self._paused_at or datetime.now(UTC)) - self._behind

    @property
    def paused(self) -> bool:
        """Whether time stands still."""
        return self._paused_at is not None

    def pause(self) -> None:
        """Stops time; twice is once."""
        self._paused_at = self._paused_at or datetime.now(UTC)

    def resume(self) -> None:
        """Lets time go on from where it stopped."""
        if self._paused_at is not None:
            self._behind += datetime.now(UTC) - self._paused_at
            self._paused_at = None
