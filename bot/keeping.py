"""The pass that removes what is kept no longer: of tickets that were closed long enough ago, of orders, of what hangs on neither.

A batch is one transaction, and what is cleared is marked with it: whoever begins anew, after a kill or in another replica, goes on with
what is left. Open tickets, those on hold and those with an open dispute are never among it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.audit import Noted
from bot.erasing import go_on
from bot.house import House
from bot.ports import Work
from bot.records import Merchant
from bot.stores import Stores

BATCH = 50  # tickets in one transaction: nobody else waits long for it
EVERY = timedelta(minutes=10)
MERCHANTS = 200
Told = Callable[[int, int], None]


class Keeping:
    """One per process."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._next: datetime | None = None
        self.cleared = 0  # tickets, since the start

    async def run(self) -> datetime:
        """Requests that wait, then one batch of what is due, if it is time; returns when to come again."""
        now = self._house.clock.now()
        if self._next is not None and now < self._next <= now + EVERY:
            return self._next
        more = await self.erase()
        for merchant in await self._merchants():
            more = await self.batch(merchant) > 0 or more
        await self._work.write(lambda stores: stores.keeping.clear_old(None, now - self._house.settings.retention, BATCH))
        self._next = now + timedelta(seconds=1) if more else now + EVERY
        return self._next

    async def erase(self) -> bool:
        """One step of every request that waits; whether one is not through."""
        now = self._house.clock.now()
        if not await self._work.read(lambda stores: stores.keeping.waiting(now, 1)):
            return False

        def step(stores: Stores) -> bool:
            states = {go_on(stores, self._house, each, now).state for each in stores.keeping.waiting(now, 20)}
            return "working" in states

        return await self._work.write(step)

    async def batch(self, merchant: Merchant) -> int:
        """How many tickets and orders of this merchant's were cleared."""
        now = self._house.clock.now()
        before = now - self.kept_for(merchant)
        due = await self._work.read(lambda stores: _some(stores, merchant.id, before, now))
        if not due:
            return 0
        done = await self._work.write(lambda stores: clear(stores, merchant.id, before, now))
        self.cleared += done
        self._house.metrics.cleared(done)
        return done

    async def all(self, told: Told) -> int:
        """Everything that is due, batch by batch; `told` hears how many are done of how many."""
        merchants, now, total, done = await self._merchants(), self._house.clock.now(), 0, 0
        for each in merchants:
            before = now - self.kept_for(each)
            total += await self._work.read(lambda stores: stores.keeping.count(each.id, before, now))  # noqa: B023
        while await self.erase():
            pass
        for each in merchants:
            while count := await self.batch(each):
                done += count
                told(done, max(total, done))
        return done

    def kept_for(self, merchant: Merchant) -> timedelta:
        """As long as both the deployment and the merchant say."""
        return max(self._house.settings.retention, timedelta(days=int(merchant.profile.get("retention_days") or 0)))

    async def _merchants(self) -> list[Merchant]:
        found, cursor = list[Merchant](), None
        while True:
            page = await self._work.read(lambda stores: stores.merchants.page(None, MERCHANTS, cursor))  # noqa: B023
            found += page.items
            cursor = page.next_cursor
            if cursor is None:
                return found


def clear(stores: Stores, merchant_id: str, before: datetime, now: datetime) -> int:
    """One batch; an entry says how many."""
    tickets = stores.keeping.due(merchant_id, before, now, BATCH)
    for number in tickets:
        stores.keeping.clear(merchant_id, number, now, over=True)
    orders = stores.keeping.due_orders(merchant_id, before, BATCH)
    for shop_id, order_no in orders:
        stores.keeping.clear_order(merchant_id, shop_id, order_no)
    old = stores.keeping.clear_old(merchant_id, before, BATCH)
    if tickets or orders or old:
        detail = {"tickets": len(tickets), "orders": len(orders), "rows": old}
        stores.audit.add([Noted(merchant_id, now, "system", "retention.cleared", detail=detail)])
    return len(tickets) + len(orders)


def _some(stores: Stores, merchant_id: str, before: datetime, now: datetime) -> bool:
    return bool(stores.keeping.count(merchant_id, before, now) or stores.keeping.due_orders(merchant_id, before, 1))
