"""Keeps the figures up: what tickets count for is added to the sums of their day and month, a batch at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.figures.adding import differences
from bot.figures.counting import count
from bot.house import House
from bot.ports import Work
from bot.stores import Stores

BATCH = 50  # tickets in one transaction: nobody else waits long for it
EVERY = timedelta(seconds=10)  # how far figures may be behind


class Tally:
    """The pass of one process. Replicas take turns: who comes second finds nothing left."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._next: datetime | None = None

    async def run(self) -> datetime:
        """One batch, if it is time; returns when to come again.

        A ticket is counted for what it is and no longer for what it was counted for before, in one transaction: whatever changed, however
        late, the sums are right again after it.
        """
        now = self._house.clock.now()
        if self._next is not None and now < self._next <= now + EVERY:
            return self._next
        full = await self.catch_up()
        self._next = now if full else now + EVERY
        return self._next

    async def catch_up(self) -> bool:
        """One batch now; whether there may be more."""
        now = self._house.clock.now()
        if not await self._work.read(lambda stores: stores.figures.waiting(now)):
            return False
        return await self._work.write(lambda stores: _batch(stores, self._house, now))


def _batch(stores: Stores, house: House, now: datetime) -> bool:
    numbers = stores.figures.take(now, BATCH)
    tickets, before = stores.tickets.many(numbers), stores.figures.counted(numbers)
    zones = {id: each.timezone for id, each in stores.merchants.many({each.merchant_id for each in tickets.values()}).items()}
    operators = house.settings.timezone
    after = [count(each, now, zones.get(each.merchant_id, operators), operators) for each in tickets.values()]
    stores.figures.keep(after, differences((before.get(each.ticket), each) for each in after))
    more = stores.figures.count_paid(now)
    return more or len(numbers) >= BATCH
