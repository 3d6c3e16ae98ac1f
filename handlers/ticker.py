"""How often the desk's passes run: APScheduler as a mere ticker. It holds no state and may run in every replica.

Each pass says when it is next needed; the job sleeps until then, at most `POLL`, and is woken when something was written. APScheduler's
traps, as measured on 3.11: a late tick is skipped unless `misfire_grace_time=None`; a hung coroutine stops its job for ever, hence the
limit on each pass; its `shutdown` cancels what runs, hence our own drain before it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.events import (
    EVENT_JOB_ERROR,
    EVENT_JOB_EXECUTED,
    EVENT_JOB_MAX_INSTANCES,
    EVENT_JOB_MISSED,
    EVENT_JOB_SUBMITTED,
    JobEvent,
)
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import SystemClock
from bot.ports import Clock

POLL = timedelta(seconds=1)  # what another replica wrote is seen within this, without any message between them
SPACING = timedelta(milliseconds=50)  # at least, between two starts of a pass: what comes in a stream is worked in batches
LIMIT = 20.0  # seconds; a pass that hangs is ended, and its transaction with it
Pass = Callable[[], Awaitable[datetime | None]]

log = structlog.get_logger("ticker")


class Ticker:
    """Runs passes by name. `clock` is the desk's: it may stand still (`demo`), the wall clock by which APScheduler sleeps does not."""

    def __init__(self, passes: Mapping[str, Pass], clock: Clock, poll: timedelta = POLL) -> None:
        self._passes, self._clock, self._poll = dict(passes), clock, poll
        self._wall = SystemClock()
        self._busy: set[str] = set()  # submitted and not ended, as APScheduler counts it
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._soonest: dict[str, datetime] = {}
        self._due: dict[str, datetime | None] = {}
        self._kicked = False
        self._stopping = False
        self._seen = self._wall.now()
        self._watching: asyncio.TimerHandle | None = None
        self.last_run: dict[str, datetime] = {}
        self.moves: dict[str, int] = dict.fromkeys(passes, 0)  # how often each has begun or ended: a watchdog reads it
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1})

    def start(self) -> None:
        """Begins; needs a running loop."""
        for name in self._passes:
            self._scheduler.add_job(
                self._tick, IntervalTrigger(seconds=self._poll.total_seconds(), timezone=UTC), args=(name,), id=name,
                next_run_time=self._wall.now(),
            )  # fmt: skip
        self._scheduler.add_listener(self._submitted, EVENT_JOB_SUBMITTED)
        self._scheduler.add_listener(self._ended, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR)
        self._scheduler.add_listener(_tell, EVENT_JOB_ERROR | EVENT_JOB_MAX_INSTANCES | EVENT_JOB_MISSED)
        self._scheduler.start()
        self._watch()

    def wake(self) -> None:
        """Something was written: look at once, or `SPACING` after the last look. Many calls in one turn of the loop are one."""
        if self._kicked or self._stopping or not self._scheduler.running:
            return
        self._kicked = True
        asyncio.get_running_loop().call_soon(self._kick)

    async def stop(self, limit: float = 10.0) -> None:
        """No new passes; lets running ones finish."""
        self._stopping = True
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.pause()
            if self._running:
                await asyncio.wait(list(self._running.values()), timeout=limit)
            self._scheduler.shutdown(wait=False)

    def behind(self) -> timedelta | None:
        """How long ago the pass that ran least recently ended; None before each ran once."""
        if len(self.last_run) < len(self._passes):
            return None
        return self._wall.now() - min(self.last_run.values())

    def _watch(self) -> None:
        """A wall clock that is set back would leave APScheduler, which reckons by it, asleep until it has caught up."""
        now = self._wall.now()
        if now < self._seen:
            self._soonest.clear()
            self._kick()
        self._seen = now
        self._watching = asyncio.get_running_loop().call_later(self._poll.total_seconds(), self._watch)

    def _kick(self) -> None:
        self._kicked = False
        for name in self._passes:
            if name in self._busy:
                self._again.add(name)
            elif not self._stopping:
                self._plan(name, timedelta())

    async def _tick(self, name: str) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101  # it runs in one
        self._running[name] = task
        self.moves[name] += 1
        self._again.discard(name)  # what was written until here is seen by this pass
        self._soonest[name] = self._wall.now() + SPACING
        self._due[name] = None
        try:
            async with asyncio.timeout(LIMIT):
                self._due[name] = await self._passes[name]()
            self.last_run[name] = self._wall.now()
        except Exception:
            # A database that is away: said, and tried again at the next poll.
            log.exception("pass failed", name=name)

    def _submitted(self, event: JobEvent) -> None:
        self._busy.add(event.job_id)

    def _ended(self, event: JobEvent) -> None:
        """Only now does APScheduler count the instance as over: a tick set any earlier could be skipped."""
        name = event.job_id
        self._running.pop(name, None)
        self.moves[name] += 1
        self._busy.discard(name)
        if not self._stopping:
            self._plan(name, self._pause(name, self._due.get(name)))

    def _plan(self, name: str, pause: timedelta) -> None:
        now = self._wall.now()
        self._scheduler.modify_job(name, next_run_time=max(now + pause, self._soonest.get(name, now)))

    def _pause(self, name: str, at: datetime | None) -> timedelta:
        if name in self._again:
            return timedelta()
        if at is None:
            return self._poll
        return min(self._poll, max(timedelta(), at - self._clock.now()))


def _tell(event: JobEvent) -> None:
    """What APScheduler skipped or dropped; never silently. A pass that goes on while the next tick is due is no fault: storms take time."""
    if event.code == EVENT_JOB_MAX_INSTANCES:
        log.debug("pass goes on", job=event.job_id)
    else:
        log.warning("tick not run", job=event.job_id, code=event.code)
