"""After a ticket is stored the engine looks at it again, with all it has: a merchant's own corrections and, if installed, the meaning."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from bot import hinting, same_ip
from bot.announce import SYSTEM, commit
from bot.classifying import Lexical, judge, lessons, shipped, warm_meaning
from bot.errors import Conflict
from bot.house import House
from bot.labelling import judged, rejudged, words
from bot.ports import Work
from bot.stores import Stores
from bot.ticket import Category, Ticket

BATCH = 20  # tickets; with their meaning about a second of a thread's time
REMEMBERED = 200  # merchants whose own models are kept at hand
AGAIN = timedelta(seconds=5)  # until a ticket that somebody was changing just now is tried again
log = structlog.get_logger("second_look")


class SecondLook:
    """One per process. What it finds may correct the first look's label, never a person's."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._own: dict[str, tuple[datetime | None, Lexical]] = {}

    async def warm(self) -> None:
        """Reads the models where nobody waits for them."""
        await asyncio.to_thread(shipped)
        if self._house.settings.role != "web":
            await asyncio.to_thread(warm_meaning)

    async def work(self) -> datetime | None:
        """A batch of what waits, the oldest first; returns when to look again. Two processes at it at once come to the same."""
        waiting = await self._work.read(lambda stores: stores.labels.waiting(BATCH), quick=True)
        if not waiting:
            return None
        found = await self._work.read(lambda stores: _tickets(stores, waiting))
        models = {ticket.merchant_id: await self._model(ticket.merchant_id) for ticket in found}
        said = await asyncio.to_thread(lambda: [_said(ticket, models[ticket.merchant_id]) for ticket in found])
        try:
            await self._work.write(lambda stores: self._keep(stores, waiting, said))
        except Conflict:
            return self._house.clock.now() + AGAIN
        return self._house.clock.now() if len(waiting) == BATCH else None

    async def _model(self, merchant_id: str) -> Lexical:
        """The merchant's own, made anew when somebody has corrected something since."""
        newest = await self._work.read(lambda stores: stores.labels.newest(merchant_id), quick=True)
        kept = self._own.get(merchant_id)
        if kept is not None and kept[0] == newest:
            return kept[1]
        model = shipped()
        if newest is not None:
            taught = await self._work.read(lambda stores: stores.labels.taught(merchant_id, lessons.MOST))
            pairs = [(words(each.subject, each.message), each.label) for each in taught]
            model = Lexical(model.model, await asyncio.to_thread(lessons.learned, model, pairs))
        if len(self._own) >= REMEMBERED:
            self._own.clear()
        self._own[merchant_id] = (newest, model)
        return model

    def _keep(self, stores: Stores, waiting: Sequence[tuple[str, int]], said: Sequence[tuple[Ticket, Category]]) -> None:
        now = self._house.clock.now()
        present = stores.tickets.many([ticket.number for ticket, _ in said])
        for ticket, category in said:
            there = present.get(ticket.number)
            if there is not None:
                saved = commit(stores, self._house, there, rejudged(there, category), now, SYSTEM)
                same_ip.recategorised(stores, self._house, there, saved, now)
                hinting.again(stores, self._house, saved, now)
        stores.labels.looked(waiting)


def _tickets(stores: Stores, waiting: Sequence[tuple[str, int]]) -> list[Ticket]:
    """Those that nobody has labelled meanwhile."""
    found = stores.tickets.many([number for _, number in waiting])
    return [ticket for ticket in found.values() if ticket.category.source == "engine"]


def _said(ticket: Ticket, model: Lexical) -> tuple[Ticket, Category]:
    try:
        return ticket, judged(judge(words(ticket.subject, ticket.message), model))
    except Exception:
        # What it cannot make out keeps its first label, and holds up no other.
        log.exception("not looked at again", ticket=ticket.number)
        return ticket, ticket.category
