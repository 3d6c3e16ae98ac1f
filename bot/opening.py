"""Tickets that come in together are opened together: one transaction, one call to the driver for all rows of a kind.

Each is answered, or refused, by itself. While one transaction runs, what comes in waits for the next; where one takes long, as behind a
lock, others begin beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.errors import AlreadyAnswered, Refused
from bot.house import House
from bot.intake import Origin, open_tickets, origin
from bot.messages import Doc, NewTicket, Once
from bot.once import answered, keep
from bot.ports import Work
from bot.stores import Stores
from bot.talk import worded
from bot.views import ticket_doc

MOST = 32  # tickets in one transaction: the first of them waits for the last
LONG = 0.1  # seconds after which another transaction may begin beside one
AT_ONCE = 4


@dataclass(slots=True, eq=False)
class Asked:
    """A ticket that somebody waits for."""

    new: NewTicket
    once: Once | None
    told: asyncio.Future[Doc]

    def tell(self, outcome: Doc | Exception) -> None:
        """Unless nobody waits any more."""
        if self.told.done():
            return
        if isinstance(outcome, Exception):
            self.told.set_exception(outcome)
        else:
            self.told.set_result(outcome)


class Opening:
    """One per process."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._waiting: list[Asked] = []
        self._running: set[asyncio.Task[None]] = set()

    async def open(self, new: NewTicket, once: Once | None) -> Doc:
        """The ticket's document. Raises what `open_ticket` raises, in English, and AlreadyAnswered."""
        asked = Asked(new, once, asyncio.get_running_loop().create_future())
        self._waiting.append(asked)
        if not self._running:
            self._begin()
        return await asked.told

    def _begin(self) -> None:
        if not self._waiting or len(self._running) >= AT_ONCE:
            return
        some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        task = asyncio.create_task(self._opened(some))
        self._running.add(task)
        longer = asyncio.get_running_loop().call_later(LONG, self._begin)

        def ended(task: asyncio.Task[None]) -> None:
            longer.cancel()
            self._running.discard(task)
            self._begin()

        task.add_done_callback(ended)

    async def _opened(self, some: Sequence[Asked]) -> None:
        try:
            outcomes = await self._work.write(lambda stores: self._all(stores, some))
        except Exception as failed:  # noqa: BLE001  # whoever asked is told
            if len(some) == 1:
                some[0].tell(failed)
                return
            # One of them, or the database: each by itself, so that none has to do with another's fault.
            await asyncio.gather(*(self._opened([each]) for each in some))
            return
        for each, outcome in zip(some, outcomes, strict=True):
            each.tell(outcome)

    def _all(self, stores: Stores, some: Sequence[Asked]) -> list[Doc | Exception]:
        """What each is told. What is refused is refused before anything of it is written."""
        now = self._house.clock.now()
        outcomes: list[Doc | Exception] = []
        good: list[tuple[int, Asked, Origin]] = []
        keys = set()
        for place, each in enumerate(some):
            outcome = self._refused(stores, each)
            if isinstance(outcome, Exception):
                outcomes.append(outcome)
                continue
            if each.once is not None and (each.once.scope, each.once.key) in keys:
                raise RuntimeError("the same idempotency key twice: one after the other")
            keys |= {(each.once.scope, each.once.key)} if each.once is not None else set()
            outcomes.append({})
            good.append((place, each, outcome))
        tickets = open_tickets(stores, self._house, [(each.new, whose) for _, each, whose in good], now) if good else []
        for (place, each, _), ticket in zip(good, tickets, strict=True):
            outcomes[place] = self._answer(stores, each, ticket_doc(ticket), now)
        return outcomes

    def _refused(self, stores: Stores, asked: Asked) -> Origin | Exception:
        try:
            before = answered(stores, self._house, asked.once)
            return AlreadyAnswered(*before) if before is not None else origin(stores, asked.new)
        except Refused as refused:
            return worded(refused, "en")

    def _answer(self, stores: Stores, asked: Asked, doc: Doc, now: datetime) -> Doc:
        keep(stores, self._house, asked.once, doc, now)
        return doc
