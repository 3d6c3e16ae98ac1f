"""Keeps a Socket Mode connection: a new one after every end, before the old one is let go where Slack gives warning."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import structlog

from bot.errors import DeliveryFailed
from bot.ports import Clock
from handlers.slack.shapes import Doc, doc, string
from handlers.slack.socket_line import Ending, Line, Pace

Kind = Literal["standby", "connecting", "connected", "lost", "refused"]
Opened = Callable[[Callable[[Line, Doc], None]], Awaitable[Line]]
# An envelope's kind and payload → what it is acknowledged with ({}: nothing to say); None: not at all, so that Slack sends it again
Work = Callable[[str, dict[str, Any]], Awaitable[dict[str, Any] | None]]
Missed = Callable[[str, dict[str, Any], dict[str, Any]], Awaitable[bool]]
log = structlog.stdlib.get_logger("slack.socket")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. Addresses are given out about once a minute (tier 1), so each pause doubles; who lived for `steady` starts anew."""

    steady: float = 60.0
    lost: tuple[float, float] = (1.0, 60.0)
    refused: tuple[float, float] = (60.0, 900.0)
    failures: int = 3  # in a row, after which it is told

    def pause(self, ending: Ending, tries: int) -> float:
        """With jitter, so that what fell together does not come back together."""
        first, most = self.refused if ending.kind == "refused" else self.lost
        asked = ending.after.total_seconds() if ending.after else 0.0
        return max(asked, float(min(most, first * 2.0 ** min(tries - 1, 30)) * random.uniform(0.5, 1.0)))  # noqa: S311


@dataclass(frozen=True, slots=True)
class State:
    """How this process stands with Slack, since when, why, and how often in a row it has failed."""

    kind: Kind
    since: datetime
    why: str = ""
    tries: int = 0

    @property
    def note(self) -> dict[str, str]:
        """For whoever asks the database."""
        return {"state": self.kind, "since": self.since.isoformat(), "why": self.why, "tries": str(self.tries)}


class Keeper:
    """One per process. `line` is the newest live connection, where there is one."""

    def __init__(self, opened: Opened, work: Work, missed: Missed, clock: Clock, pace: Pace, patience: Patience) -> None:
        """`missed` gets what could not be acknowledged over the connection that it came by, and says whether it has seen to that."""
        self._opened, self._work, self._missed = opened, work, missed
        self._clock, self._pace, self._patience = clock, pace, patience
        self._old: dict[asyncio.Task[None], Line] = {}
        self._news = asyncio.Event()
        self.line: Line | None = None
        self.state = State("standby", clock.now())

    async def changed(self, most: float) -> None:
        """Waits until its state is another, or for so many seconds. For one waiter."""
        with contextlib.suppress(TimeoutError):
            # Not wait_for: in Python 3.11 it can swallow a cancellation that comes with what it waits for.
            async with asyncio.timeout(most):
                await self._news.wait()
        self._news.clear()

    def ails(self) -> str | None:
        """What an operator should look at; None for what mostly mends itself."""
        state = self.state
        if state.kind == "refused" or (state.kind in ("lost", "connecting") and state.tries >= self._patience.failures):
            return f"Slack's Socket Mode is not connected ({state.why})"
        return None

    async def run(self) -> None:
        """Until it is cancelled; then what has arrived is worked and acknowledged."""
        tries = 0
        try:
            while True:
                ending, lived = await self._live(tries)
                steady = lived is not None and lived >= self._patience.steady
                tries = 0 if steady else tries + 1
                if ending.kind == "refresh" and steady:
                    continue
                if ending.kind != "refresh" or tries >= self._patience.failures:
                    self._tell("refused" if ending.kind == "refused" else "lost", ending.why, tries)
                await asyncio.sleep(self._patience.pause(ending, max(tries, 1)))
        finally:
            await self._all_gone()
            self._tell("standby")

    async def _live(self, tries: int) -> tuple[Ending, float | None]:
        """One connection from its opening to its end; how it ended, and how many seconds it lived."""
        if self.line is None and self.state.kind == "standby":
            self._tell("connecting", tries=tries)
        try:
            line = await self._opened(self._arrived)
        except DeliveryFailed as failed:
            return Ending("refused" if failed.outcome == "rejected" else "lost", failed.why, failed.retry_after), None
        except Exception as fault:
            log.exception("fault while connecting to slack")
            return Ending("lost", type(fault).__name__), None
        began, self.line = asyncio.get_running_loop().time(), line
        self._tell("connected")
        ending = await line.live()
        # Until its successor is there it is still the one that we have: what it has taken is acknowledged, what it takes is worked.
        self._let_go(line, self._pace.handing if ending.kind == "refresh" else 0.0)
        return ending, asyncio.get_running_loop().time() - began

    def _let_go(self, line: Line, after: float) -> None:
        if self.line is line and after == 0.0:
            self.line = None
        task = asyncio.create_task(line.close(after=after), name="slack socket closes")
        self._old[task] = line
        task.add_done_callback(lambda ended: self._old.pop(ended, None))

    async def _all_gone(self) -> None:
        """Nothing more is taken; what was taken is finished, also over old connections that had some seconds left."""
        lines = {*self._old.values(), *([self.line] if self.line is not None else [])}
        for task in self._old:
            task.cancel()
        self.line = None
        await asyncio.gather(*self._old, *(line.close() for line in lines), return_exceptions=True)

    def _arrived(self, line: Line, message: Doc) -> None:
        task = asyncio.create_task(self._take(line, message), name="slack envelope")
        line.working.add(task)
        task.add_done_callback(line.working.discard)

    async def _take(self, line: Line, message: Doc) -> None:
        kind, payload, envelope = string(message.get("type")), doc(message.get("payload")), string(message.get("envelope_id"))
        try:
            said = await self._work(kind, dict(payload))
        except Exception:
            log.exception("envelope not worked", kind=kind)
            return
        if said is None:
            return
        shown = said if message.get("accepts_response_payload") is True else {}
        acknowledged = await line.say(envelope, shown)
        if (acknowledged and shown == said) or (said and await self._missed(kind, dict(payload), said)):
            return
        other = self.line
        if not acknowledged and (other is None or other is line or not await other.say(envelope, shown)):
            log.warning("not acknowledged: the connection was lost", kind=kind)

    def _tell(self, kind: Kind, why: str = "", tries: int = 0) -> None:
        before = self.state
        self.state = State(kind, before.since if before.kind == kind else self._clock.now(), why, tries)
        if (kind, why, tries >= self._patience.failures) != (before.kind, before.why, before.tries >= self._patience.failures):
            self._news.set()
        if kind == "refused" and before.kind != "refused":
            log.error("slack does not let this app connect", why=why)
        elif kind == "lost" and before.kind != "lost":
            log.warning("slack's connection is lost", why=why)
        elif kind == "connected" and before.kind != "connected":
            log.info("connected to slack")
