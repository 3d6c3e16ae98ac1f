"""Plays histories on a real storage: each job a unit of work of its own, those of one instant at once; then tells what there is."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from bot import same_ip
from bot import ticket as rules
from bot.announce import SYSTEM, commit
from bot.house import House
from bot.intake import open_ticket
from bot.messages import NewTicket
from bot.records import Merchant, Order, Shop
from bot.settings import Settings
from bot.stores import Stores
from storage.engine import Storage
from storage.vault import KeyVault
from tests.clock import PushedClock
from tests.risk.histories import FREEZE, History, Job

KEY = "a-secret-key-for-histories"


class Player:
    """One process's. Jobs come in as documents, so that another process can send them."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.house = House(Settings(), PushedClock(), KeyVault(KEY), {})

    async def prepare(self, histories: Sequence[History]) -> None:
        """Merchants and shops."""
        for history in histories:
            await self.storage.write(lambda stores: _prepare(stores, history))  # noqa: B023

    async def play(self, jobs: Sequence[Mapping[str, Any]]) -> None:
        """All at once."""
        await asyncio.gather(*(self._one(Job(**{**job, "at": datetime.fromisoformat(str(job["at"]))})) for job in jobs))

    async def _one(self, job: Job) -> None:
        await self.storage.write(lambda stores: _done(stores, self.house, job))


def _prepare(stores: Stores, history: History) -> None:
    begun = min(history.shops.values())
    stores.merchants.put(Merchant(history.merchant, history.merchant, history.zone, "en", {}, begun))
    for shop, made in history.shops.items():
        stores.merchants.put_shop(Shop(shop, history.merchant, "custom", shop, {}, made))


def _done(stores: Stores, house: House, job: Job) -> None:
    merchant = f"h{job.history}"
    if job.tagged is not None:
        number = next(each.number for each in stores.tickets.of_order(job.shop, str(job.order)))
        before = stores.tickets.get(number, merchant)
        assert before is not None
        after = commit(stores, house, before, rules.categorise(before, "not_received", "agent", job.at), job.at, SYSTEM)
        same_ip.recategorised(stores, house, before, after, job.at)
        return
    if job.order and stores.orders.get(job.shop, job.order) is None:
        payment = {"provider": "uqpay", "channel_id": job.channel}
        stores.orders.put(Order(merchant, job.shop, job.order, {"amount": "1", "currency": "SGD"}, payment))
    buyer = {"ip": job.address} if job.address else None
    category = "not_received" if job.dispute else "refund_delay"
    open_ticket(stores, house, NewTicket(job.shop, "s", "m", job.order, buyer=buyer, category=category), job.at)


async def found(storage: Storage) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]], Counter[str]]:
    """Reviews by (shop, day), freezes by (channel, moment), and how often each of the two was told on a timeline."""

    def read(stores: Any) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]], Counter[str]]:
        reviews: Counter[tuple[str, str]] = Counter()
        cursor: str | None = None
        while True:
            page = stores.risk.page(None, False, 500, cursor)
            reviews.update((each.shop_id, each.day) for each in page.items)
            cursor = page.next_cursor
            if cursor is None:
                break
        freezes: Counter[tuple[str, str]] = Counter()
        while True:
            held = stores.freezes.page(None, None, 500, cursor)
            assert all(each.until - each.since == FREEZE and each.reason == "risk_same_ip" for each in held.items)
            freezes.update((each.subject, each.since.isoformat()) for each in held.items)
            cursor = held.next_cursor
            if cursor is None:
                break
        told = text("SELECT type, count(*) FROM timeline WHERE type IN ('risk.review_opened', 'channel.frozen') GROUP BY type")
        return reviews, freezes, Counter(dict(stores.db.connection.execute(told).all()))

    return await storage.read(read)
