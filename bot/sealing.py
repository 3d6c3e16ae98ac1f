"""The pass that seals the audit log: what was written gets its place in the tree, and the tree's head is signed."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.audit import grown, leaf_hash, root
from bot.audit.note import head, signed
from bot.house import House
from bot.ports import Work
from bot.signing import begun, sign
from bot.stores import Stores

BATCH = 500  # entries in one transaction: nobody else waits long for it
EVERY = timedelta(seconds=5)  # how long an entry may be without its place


class Sealing:
    """The pass of one process. Replicas take turns: who comes second finds nothing left."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._next: datetime | None = None

    async def run(self) -> datetime:
        """One batch, if it is time; returns when to come again."""
        now = self._house.clock.now()
        if self._next is not None and now < self._next <= now + EVERY:
            return self._next
        full = await self.catch_up()
        self._next = now if full else now + EVERY
        return self._next

    async def catch_up(self) -> bool:
        """One batch now; whether there may be more."""
        idle = await self._work.read(lambda stores: stores.audit.log() is not None and not stores.audit.waiting(1))
        return False if idle else await self._work.write(lambda stores: seal(stores, self._house))

    async def all(self) -> None:
        """Until nothing waits."""
        while await self.catch_up():
            pass


def seal(stores: Stores, house: House) -> bool:
    """A batch of entries, in the order of their moments within it; whether there may be more."""
    log, now = begun(stores, house, lock=True), house.clock.now()
    some = sorted(stores.audit.waiting(BATCH), key=lambda each: (each.at, each.merchant_id, each.seq))
    if not some:
        return False
    after = grown(log.tree, (leaf_hash(each.commitment) for each in some))
    stores.audit.seal([(each, log.tree.size + place) for place, each in enumerate(some)], after)
    text = head(after.size, root(after), now)
    stores.audit.check(after.size, now, signed(text, log.public, lambda message: sign(house, log, message)))
    return len(some) >= BATCH
