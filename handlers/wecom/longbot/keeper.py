"""Who may connect, and when: one process by a lease in the database; again after every end, never against another who holds the bot.

A lease of seconds, renewed by its holder; a standby looks as often and takes over when it lapses or is let go. Compared by the processes'
own clocks, which may differ by less than the lease is long. https://developer.work.weixin.qq.com/document/path/101463
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import structlog

from bot.ports import Clock
from handlers.wecom.longbot import frames
from handlers.wecom.longbot.connection import Connection, Ended, Rejected, Taken
from handlers.wecom.longbot.frames import Frame

if TYPE_CHECKING:
    from bot.desk import Desk

Kind = Literal["standby", "connecting", "connected", "lost", "refused", "taken"]
log = structlog.stdlib.get_logger("wecom.bot")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds. Subscribing is rate-protected: each pause doubles up to its most, and who lived for `steady` starts anew."""

    lease: float = 6.0
    renew: float = 2.0
    look: float = 1.5
    steady: float = 60.0
    lost: tuple[float, float] = (1.0, 60.0)
    refused: tuple[float, float] = (60.0, 3600.0)
    taken: tuple[float, float] = (300.0, 3600.0)

    def pause(self, kind: Literal["lost", "refused", "taken"], tries: int) -> float:
        """With jitter, so that what fell together does not come back together."""
        first, most = {"lost": self.lost, "refused": self.refused, "taken": self.taken}[kind]
        return float(min(most, first * 2.0 ** min(tries - 1, 30)) * random.uniform(0.5, 1.0))  # noqa: S311


@dataclass(frozen=True, slots=True)
class State:
    """How this process stands with the bot, since when, and why."""

    kind: Kind
    since: datetime
    why: str = ""

    @property
    def note(self) -> dict[str, str]:
        """For whoever asks the database."""
        return {"state": self.kind, "since": self.since.isoformat(), "why": self.why}


class Keeper:
    """One per process and bot. `line` is the live connection, where this process has it."""

    def __init__(
        self, name: str, opened: Callable[[], AbstractAsyncContextManager[Connection]], work: Callable[[Frame], Awaitable[None]],
        clock: Clock, patience: Patience,
    ) -> None:  # fmt: skip
        self._name, self._opened, self._work, self._clock, self._patience = name, opened, work, clock, patience
        self._holder = secrets.token_hex(8)
        self._until = clock.now()
        self._elsewhere = False
        self._changed = asyncio.Event()
        self._news = asyncio.Event()
        self.line: Connection | None = None
        self.state = State("standby", clock.now())
        self.down_since = clock.now()

    def here(self) -> bool:
        """Whether it is this process that speaks as the bot, or at least no other."""
        return not self._elsewhere

    def now(self) -> datetime:
        """By the clock that it goes by."""
        return self._clock.now()

    async def changed(self, most: float) -> None:
        """Waits until its state is another, or for so many seconds. For one waiter."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most):
                await self._news.wait()
        self._news.clear()

    def steady(self) -> bool:
        """Whether the connection has been there for so long that what was said before it counts no more."""
        return self.line is not None and (self._clock.now() - self.state.since).total_seconds() >= self._patience.steady

    async def run(self, desk: Desk) -> None:
        """Until it is cancelled."""
        try:
            while True:
                if await self._take(desk):
                    await self._hold(desk)
                await asyncio.sleep(self._patience.look)
        finally:
            # The connection is closed by now: whoever takes over subscribes without throwing anybody out.
            await self._let_go(desk)

    async def _hold(self, desk: Desk) -> None:
        """Keeps the lease and the connection, until the lease is lost."""
        tasks = [asyncio.create_task(self._renew(desk)), asyncio.create_task(self._connect())]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            for failed in await asyncio.gather(*tasks, return_exceptions=True):
                if isinstance(failed, Exception):
                    log.error("the bot's connection is not kept", exc_info=failed)
            self._tell("standby")

    async def _renew(self, desk: Desk) -> None:
        while await self._take(desk):
            self._changed.clear()
            with contextlib.suppress(TimeoutError):
                # Not wait_for: in Python 3.11 it can swallow a cancellation that comes with what it waits for.
                async with asyncio.timeout(self._patience.renew):
                    await self._changed.wait()  # what changed is on record at once
        log.warning("another process holds the bot now")

    async def _take(self, desk: Desk) -> bool:
        """Whether the bot is ours. A database that does not answer leaves us what we have, for as long as it is surely ours."""
        now = self._clock.now()
        try:
            async with asyncio.timeout(self._patience.lease / 2):
                held = await desk.hold(self._name, self._holder, timedelta(seconds=self._patience.lease), self.state.note)
        except Exception:
            log.warning("the bot's lease is not renewed", exc_info=True)
            return self._clock.now() < self._until
        mine = held.holder == self._holder
        self._elsewhere = not mine
        # Ours until somewhat before others may take it.
        self._until = now + timedelta(seconds=self._patience.lease * 0.8) if mine else now
        return mine

    async def _let_go(self, desk: Desk) -> None:
        try:
            async with asyncio.timeout(self._patience.lease / 2):
                await desk.let_go(self._name, self._holder)
        except Exception:
            log.warning("the bot's lease is not let go; it lapses", exc_info=True)

    async def _connect(self) -> None:
        """Every end is followed by a pause and another try; what differs is how long the pause is."""
        tries: Counter[str] = Counter()
        while True:
            began = asyncio.get_running_loop().time()
            kind, why = await self._live()
            if asyncio.get_running_loop().time() - began >= self._patience.steady:
                tries.clear()
            tries[kind] += 1
            self._tell(kind, why)
            await asyncio.sleep(self._patience.pause(kind, tries[kind]))

    async def _live(self) -> tuple[Literal["lost", "refused", "taken"], str]:
        """One connection from its opening to its end; how it ended."""
        self._tell("connecting")
        try:
            async with self._opened() as self.line:
                self._tell("connected")
                await self.line.live(self._work)
        except Taken as ended:
            return "taken", str(ended)
        except Rejected as ended:
            return "lost" if ended.code in frames.BUSY else "refused", str(ended)
        except Ended as ended:
            return "lost", str(ended)
        except Exception as fault:
            log.exception("fault in the bot's connection")
            return "lost", type(fault).__name__
        finally:
            if self.line is not None:
                self.line, self.down_since = None, self._clock.now()
        return "lost", "ended"

    def _tell(self, kind: Kind, why: str = "") -> None:
        if (kind, why) == (self.state.kind, self.state.why):
            return
        before, self.state = self.state, State(kind, self._clock.now(), why)
        self._changed.set()
        self._news.set()
        if kind in ("refused", "taken"):
            log.error("the bot is not connected", state=kind, why=why)
        elif kind == "lost" and before.kind != "lost":
            log.warning("the bot's connection is lost", why=why)
        elif kind == "connected":
            log.info("the bot is connected")
