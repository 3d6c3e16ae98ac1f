"""Orders paid in a time: kept by days, and always what counting them one by one finds."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.records import Order
from storage.engine import Storage
from tests.storage.samples import merchant

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def paid(number: int, at: datetime, owner: str = "m1", put: datetime = NOW) -> Order:
    payment = {"provider": "uqpay", "paid_at": at.isoformat()}
    return Order(owner, "s1", f"SP-{number}", {"amount": "1.00", "currency": "SGD"}, payment, {}, None, put)


async def counted(storage: Storage, now: datetime) -> None:
    """The pass, until it has caught up."""
    for _ in range(100):
        if not await storage.write(lambda stores: stores.figures.count_paid(now)):
            return
    raise AssertionError("it never ends")


async def test_any_time_tells_what_counting_one_by_one_finds(storage: Storage) -> None:
    chance = random.Random(7)
    orders = [paid(each, NOW - timedelta(minutes=chance.randrange(120 * 1440)), chance.choice(("m1", "m2"))) for each in range(600)]

    def fill(stores: Any) -> None:
        for id in ("m1", "m2"):
            stores.merchants.put(merchant(id))
        stores.orders.add(orders)

    await storage.write(fill)
    for now in (None, NOW, NOW + timedelta(days=3)):
        if now is not None:
            await counted(storage, now)
        for _ in range(25):
            since = NOW - timedelta(minutes=chance.randrange(140 * 1440))
            until = since + timedelta(minutes=chance.randrange(60 * 1440))
            for owner in ("m1", None):
                wanted = [
                    each for each in orders
                    if owner in (None, each.merchant_id) and since <= datetime.fromisoformat(str(each.payment["paid_at"])) < until
                ]  # fmt: skip
                found = await storage.read(lambda stores: stores.figures.orders_paid(owner, since, until))  # noqa: B023
                assert found == len(wanted), (now, owner, since, until)


async def test_an_order_that_comes_late_and_one_that_leaves_its_day_are_seen(storage: Storage) -> None:
    day = datetime(2026, 10, 1, tzinfo=UTC)

    async def told() -> int:
        return await storage.read(lambda stores: stores.figures.orders_paid(None, day, day + timedelta(days=1)))

    await storage.write(lambda stores: stores.merchants.put(merchant("m1")))
    await storage.write(lambda stores: stores.orders.put(paid(1, day)))
    await counted(storage, NOW)
    assert await told() == 1
    await storage.write(lambda stores: stores.orders.put(paid(2, day + timedelta(hours=5))))
    assert await storage.read(lambda stores: stores.figures.waiting(NOW)), "that day is marked"
    await counted(storage, NOW)
    assert await told() == 2
    await storage.write(lambda stores: stores.orders.remove(paid(1, day)))
    assert await told() == 2, "nothing marks it"
    now = NOW
    for _ in range(80):
        now += timedelta(minutes=1)
        await storage.write(lambda stores: stores.figures.count_paid(now))  # noqa: B023
    assert await told() == 1, "it was swept"


async def test_a_year_is_few_rows_however_many_orders_there_are(storage: Storage) -> None:
    first = NOW - timedelta(days=300)

    def fill(stores: Any) -> None:
        stores.merchants.put(merchant("m1"))
        stores.orders.add([paid(each, first + timedelta(hours=each)) for each in range(24 * 200)])

    await storage.write(fill)
    await counted(storage, NOW)

    def looked(stores: Any) -> int:
        found = stores.db.connection.exec_driver_sql("SELECT count(*) FROM paid_days WHERE merchant_id = '-'").scalar()
        return int(found)

    assert 195 <= await storage.read(looked) <= 202
