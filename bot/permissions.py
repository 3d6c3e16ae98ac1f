"""Whether a shop may refund now, or a channel collect, from memory: payment systems ask each time, also while the database is away.

All that is switched off is read at once, whoever asks: it is little, and so no question of a payment waits for a read of its own. What was
read is good for `FRESH`, and for as long again while it is read anew behind the answer; what this process writes is forgotten at once. So
an answer is never more than a second behind, and where nothing is known any more it is what REFUND_CHECK_FAILS says.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.asking.freezes import KINDS, Permission, held, permission_doc, place_of
from bot.errors import Refused
from bot.house import House
from bot.messages import Authenticate, Bearer, Doc
from bot.ports import Work
from bot.records import Freeze

FRESH = timedelta(seconds=0.4)
LIMIT = 0.3  # seconds for the database; whoever asks has a payment waiting
MOST = 20_000  # shops whose merchant is remembered; a shop's never changes
MOST_HELD = 5_000  # freezes that are read at once; where there are more each shop's are read by themselves
KNOWN_KEYS, KEY_FOR = 1_000, timedelta(minutes=10)  # while the database is away, who asked lately may go on asking
log = structlog.get_logger("permissions")


Place = tuple[str, str]  # merchant; shop or channel


@dataclass(frozen=True, slots=True)
class Known:
    """What was held when it was read, by place, None: too much to know at once; by the desk's clock and by one that nobody sets."""

    held: Mapping[Place, Sequence[Freeze]] | None
    at: datetime
    ticks: float


class Permissions:
    """One per process and kind of question. `kind`: that of the freezes which it is about, `refund` or `collection`."""

    def __init__(self, work: Work, house: House, kind: str = "refund") -> None:
        self._work, self._house, self._kind = work, house, kind
        self._known: Known | None = None
        self._reading: asyncio.Task[Known] | None = None
        self._places: OrderedDict[Permission, Place] = OrderedDict()
        self._bearers: OrderedDict[str, tuple[Bearer, float]] = OrderedDict()
        self._era = 0

    def forget(self) -> None:
        """Something was written here that may have changed an answer; what is being read just now may be from before it."""
        self._known = self._reading = None
        self._era += 1

    async def ask(self, query: Permission) -> Doc:
        """The document of CONTRACT §4; `"reason": "unknown"` where the database does not answer. Raises NotFound."""
        known, age = self._known, self._age()
        place = self._places.get(query)
        if place is not None and known is not None and known.held is not None and age is not None and age < 2 * FRESH:
            if age >= FRESH:
                self._read()
            return permission_doc(known.held.get(place, ()), self._house.clock.now())
        try:
            async with asyncio.timeout(LIMIT):
                freezes = await self._held(query)
        except Refused:
            raise
        except Exception as away:  # noqa: BLE001  # whatever keeps the database from answering
            log.warning("permission unknown", kind=KINDS[type(query)], query=str(query), why=type(away).__name__)
            return {"allowed": self._house.settings.refund_check_fails == "open", "reason": "unknown"}
        return permission_doc(freezes, self._house.clock.now())

    async def _held(self, query: Permission) -> Sequence[Freeze]:
        place = self._places.get(query)
        if place is None:
            place = await self._work.read(lambda stores: place_of(stores, query), quick=True)
            self._places[query] = place
            while len(self._places) > MOST:
                self._places.popitem(last=False)
        known, age = self._known, self._age()
        if known is None or age is None or age >= 2 * FRESH:
            known = await asyncio.shield(self._read())
        if known.held is not None:
            return known.held.get(place, ())
        return await self._work.read(lambda stores: held(stores, self._house, query), quick=True)

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

    def _age(self) -> timedelta | None:
        if self._known is None:
            return None
        passed = timedelta(seconds=asyncio.get_running_loop().time() - self._known.ticks)
        by_clock = self._house.clock.now() - self._known.at
        return max(passed, by_clock) if by_clock >= timedelta() else None  # the clock was set back: what is known may be wrong

    def _read(self) -> asyncio.Task[Known]:
        """One read at a time, whoever waits for it."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._looked(self._era))
            self._reading.add_done_callback(self._ended)
        return self._reading

    async def _looked(self, era: int) -> Known:
        at, ticks = self._house.clock.now(), asyncio.get_running_loop().time()
        found = await self._work.read(lambda stores: stores.freezes.all_active(self._kind, at, MOST_HELD + 1))
        by_place: defaultdict[Place, list[Freeze]] = defaultdict(list)
        for each in found:
            by_place[each.merchant_id, each.subject].append(each)
        known = Known(dict(by_place) if len(found) <= MOST_HELD else None, at, ticks)
        if era == self._era:
            self._known = known
        return known

    def _ended(self, task: asyncio.Task[Known]) -> None:
        if self._reading is task:
            self._reading = None
        if not task.cancelled() and (failed := task.exception()) is not None:
            log.info("permissions not read", why=type(failed).__name__)
