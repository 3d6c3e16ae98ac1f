"""The one place that reads the time; everybody else is told it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=2)  # a difference that is no drift any more: somebody has set a clock
BELIEVED_AFTER = timedelta(minutes=10)  # who sets a clock by mistake sets it right sooner
EVERY = 30.0  # seconds between two looks at the database's clock
log = structlog.get_logger("clock")


class SystemClock:
    """The wall clock, in UTC."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, UTC."""
        return datetime.now(UTC)


class SteadyClock:
    """The machine's time as it was at the start, carried on by a counter that nobody can set.

    Were every target reckoned by a wall clock, setting it forward would ring all of them early, and setting it back would hold up all
    that waits. Drift is followed at once. A step is followed only when it has stood for BELIEVED_AFTER, then it was a correction:
    forwards at once, backwards by going at half speed until the times agree, as time itself never goes back here. Where there is a
    database server `told` says what its clock shows, and that one is followed instead: then all replicas agree.
    """

    def __init__(self, wall: Callable[[], datetime] | None = None, counter: Callable[[], timedelta] | None = None) -> None:
        self._wall = wall or SystemClock().now
        self._counter = counter or _since_boot
        self._counted = self._counter()
        self._ahead = self._wall() - EPOCH - self._counted  # of the counter
        self._of_database: timedelta | None = None
        self._doubted: tuple[timedelta, timedelta] | None = None  # how far ahead a clock has stepped, and the counter when it did
        self._last = EPOCH

    def now(self) -> datetime:
        """The present moment, UTC; never before the last one."""
        count = self._counter()
        known = self._of_database
        self._follow(self._wall() - EPOCH - count if known is None else known, count)
        self._counted = count
        self._last = max(self._last, EPOCH + count + self._ahead)
        return self._last

    def told(self, at: datetime) -> None:
        """The database's clock shows `at` now. The first time it is taken as it is, whatever this machine's says."""
        ahead = at - EPOCH - self._counter()
        if self._of_database is None:
            if abs(ahead - self._ahead) > STEP:
                log.warning("this machine's clock differs from the database's, which is followed", seconds=_seconds(ahead - self._ahead))
            self._ahead, self._last = ahead, EPOCH
        self._of_database = ahead

    def _follow(self, ahead: timedelta, count: timedelta) -> None:
        gap = ahead - self._ahead
        if abs(gap) <= STEP:
            self._ahead, self._doubted = ahead, None
        elif self._doubted is None or abs(ahead - self._doubted[0]) > STEP:
            self._doubted = (ahead, count)
            log.warning("a clock was set; not followed unless it stays so", seconds=_seconds(gap), minutes=BELIEVED_AFTER.seconds // 60)
        elif count - self._doubted[1] >= BELIEVED_AFTER:
            self._ahead = ahead if gap > timedelta() else self._ahead - min(-gap, (count - self._counted) / 2)


async def followed(clock: SteadyClock, ask: Callable[[], Awaitable[datetime | None]]) -> None:
    """Tells the clock what the database's shows, every EVERY seconds, for ever; ends where the database has none of its own."""
    while await looked(clock, ask):  # noqa: ASYNC110  # nothing but time tells when
        await asyncio.sleep(EVERY)


async def looked(clock: SteadyClock, ask: Callable[[], Awaitable[datetime | None]]) -> bool:
    """Once. False: the database has no clock of its own."""
    try:
        at = await ask()
    except Exception as away:  # noqa: BLE001  # it goes on as it knew; the passes say what is wrong
        log.debug("the database's clock was not read", error=type(away).__name__)
        return True
    if at is not None:
        clock.told(at)
    return at is not None


def _since_boot() -> timedelta:
    """Goes on while the machine sleeps, where the system counts that."""
    kind = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
    return timedelta(microseconds=time.clock_gettime_ns(kind) // 1000)


def _seconds(length: timedelta) -> float:
    return round(length.total_seconds(), 1)


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
