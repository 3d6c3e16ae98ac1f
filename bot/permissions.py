"""Whether a shop may refund now, from memory: payment systems ask before every refund, also while the database is away.

What was read is good for `FRESH`, and for as long again while it is read anew behind the answer; what this process writes is forgotten at
once. So an answer is never more than a second behind, and where nothing is known any more it is what REFUND_CHECK_FAILS says.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.asking.freezes import held, permission_doc
from bot.errors import NotFound, Refused
from bot.house import House
from bot.messages import Authenticate, Bearer, Doc, RefundPermission
from bot.ports import Work
from bot.records import Freeze

FRESH = timedelta(seconds=0.4)
LIMIT = 0.3  # seconds for the database; whoever asks has a payment waiting
MOST = 20_000  # shops remembered
KNOWN_KEYS, KEY_FOR = 1_000, timedelta(minutes=10)  # while the database is away, who asked lately may go on asking
log = structlog.get_logger("permissions")


@dataclass(frozen=True, slots=True)
class Known:
    """What held a shop's refunds, when it was read: by the desk's clock and by one that nobody sets."""

    freezes: tuple[Freeze, ...]
    at: datetime
    ticks: float


class Permissions:
    """One per process."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._known: OrderedDict[RefundPermission, Known] = OrderedDict()
        self._reading: dict[RefundPermission, asyncio.Task[Known]] = {}
        self._bearers: OrderedDict[str, tuple[Bearer, float]] = OrderedDict()
        self._era = 0

    def forget(self) -> None:
        """Something was written here that may have changed an answer; what is being read just now may be from before it."""
        self._known.clear()
        self._reading.clear()
        self._era += 1

    async def ask(self, query: RefundPermission) -> Doc:
        """The document of CONTRACT §4; `"reason": "unknown"` where the database does not answer. Raises NotFound."""
        known = self._known.get(query)
        age = self._age(known)
        if known is not None and age is not None and age < 2 * FRESH:
            if age >= FRESH:
                self._read(query)
            return permission_doc(known.freezes, self._house.clock.now())
        try:
            async with asyncio.timeout(LIMIT):
                read = await asyncio.shield(self._read(query))
        except Refused:
            raise
        except Exception as away:  # noqa: BLE001  # whatever keeps the database from answering
            log.warning("refund permission unknown", shop=query.shop_id, why=type(away).__name__)
            return {"allowed": self._house.settings.refund_check_fails == "open", "reason": "unknown"}
        return permission_doc(read.freezes, self._house.clock.now())

    def remember(self, asked: Authenticate, bearer: Bearer) -> None:
        """This key was recognised just now."""
        self._bearers[asked.token] = bearer, asyncio.get_running_loop().time()
        self._bearers.move_to_end(asked.token)
        while len(self._bearers) > KNOWN_KEYS:
            self._bearers.popitem(last=False)

    def bearer(self, asked: Authenticate) -> Bearer | None:
        """Whose key this was a moment ago."""
        bearer, ticks = self._bearers.get(asked.token, (None, 0.0))
        return bearer if bearer is not None and asyncio.get_running_loop().time() - ticks < KEY_FOR.total_seconds() else None

    def drop(self, asked: Authenticate) -> None:
        """This key is no longer one of ours."""
        self._bearers.pop(asked.token, None)

    def _age(self, known: Known | None) -> timedelta | None:
        if known is None:
            return None
        passed = timedelta(seconds=asyncio.get_running_loop().time() - known.ticks)
        by_clock = self._house.clock.now() - known.at
        return max(passed, by_clock) if by_clock >= timedelta() else None  # the clock was set back: what is known may be wrong

    def _read(self, query: RefundPermission) -> asyncio.Task[Known]:
        """One read per shop at a time, whoever waits for it."""
        task = self._reading.get(query)
        if task is None:
            task = self._reading[query] = asyncio.create_task(self._looked(query, self._era))
            task.add_done_callback(lambda done: self._ended(query, done))
        return task

    async def _looked(self, query: RefundPermission, era: int) -> Known:
        at, ticks = self._house.clock.now(), asyncio.get_running_loop().time()
        try:
            freezes = await self._work.read(lambda stores: held(stores, self._house, query), quick=True)
        except NotFound:
            self._known.pop(query, None)
            raise
        known = Known(freezes, at, ticks)
        if era == self._era:
            self._known[query] = known
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return known

    def _ended(self, query: RefundPermission, task: asyncio.Task[Known]) -> None:
        if self._reading.get(query) is task:
            del self._reading[query]
        if not task.cancelled() and (failed := task.exception()) is not None and not isinstance(failed, Refused):
            log.info("refund permission not read", shop=query.shop_id, why=type(failed).__name__)
