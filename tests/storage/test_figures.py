"""Figures on both databases: the pass counts each ticket once, whatever becomes of it, and whoever comes second finds nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from bot.errors import NotFound
from bot.house import House
from bot.messages import StatsOf
from bot.reckoning import stats
from bot.settings import Settings
from bot.stores import Stores
from bot.tallying import Tally
from bot.ticket import Category, State, Ticket
from storage.engine import Storage
from storage.schema import figure_state
from tests.clock import PushedClock
from tests.storage.samples import NOW, merchant, new_ticket, order, shop


def house(storage: Storage, clock: PushedClock) -> tuple[Tally, House]:
    made = House(Settings(), clock, None, {})  # type: ignore[arg-type]
    return Tally(storage, made), made


def save(ticket: Ticket, stores: Stores) -> Ticket:
    return stores.tickets.save(ticket, None)


async def populate(storage: Storage) -> None:
    def body(stores: Any) -> None:
        for id in ("m1", "m2"):
            stores.merchants.put(merchant(id))
        stores.merchants.put_shop(shop())
        stores.orders.put(order())

    await storage.write(body)


async def test_sums_follow_a_ticket_through_everything(storage: Storage) -> None:
    clock = PushedClock(NOW)
    tally, home = house(storage, clock)
    await populate(storage)
    one = await storage.write(lambda stores: new_ticket(stores, category=Category("not_received")))
    await storage.write(lambda stores: new_ticket(stores, "m2", created_at=NOW - timedelta(days=5)))

    async def told(**query: Any) -> Any:
        await tally.catch_up()
        return await storage.read(lambda stores: stats(stores, home, StatsOf(**query)))

    assert [(await told(**{"merchant": id} if id else {}))["tickets"] for id in ("m1", "m2", None)] == [1, 1, 2]
    assert (await told(within="m2"))["open_by_age"]["4-7d"] == 1

    replied = replace(one, first_responded_at=NOW + timedelta(hours=3), assignee="ann", version=one.version)
    one = await storage.write(lambda stores: stores.tickets.save(replied, None))
    assert (await told(merchant="m1"))["dispute_first_response_attainment"] == 0.0
    assert (await told(category="not_received"))["first_response"]["mean_seconds"] == 3 * 3600

    one = await storage.write(lambda stores: stores.tickets.save(replace(one, category=Category("other")), None))
    assert (await told(category="not_received"))["tickets"] == 0
    assert (await told(merchant="m1"))["dispute_first_response_attainment"] is None

    merged = replace(one, state=State.CLOSED, closed_at=NOW, merged_into=7)
    await storage.write(lambda stores: stores.tickets.save(merged, None))
    found = await told(merchant="m1")
    assert (found["tickets"], sum(found["open_by_age"].values()), sum(found["load_by_hour"])) == (0, 0, 1)
    with pytest.raises(NotFound):
        await told(within="m2", merchant="m1")


async def test_a_reply_that_never_came_is_missed_when_its_moment_has_passed(storage: Storage) -> None:
    clock = PushedClock(NOW)
    tally, home = house(storage, clock)
    await populate(storage)
    await storage.write(new_ticket)
    asked = StatsOf(merchant="m1", first=date(2026, 11, 1), last=date(2026, 11, 30))
    for hours, kept in ((0, None), (3, 0.0)):
        clock.push_to(NOW + timedelta(hours=hours, seconds=1))
        await tally.catch_up()
        found = await storage.read(lambda stores: stats(stores, home, asked))
        assert found["tier_attainment"]["first_response"] == kept
        assert not await tally.catch_up()


async def test_at_rest_nothing_is_looked_through(storage: Storage) -> None:
    clock = PushedClock(NOW)
    tally, _ = house(storage, clock)
    await populate(storage)
    last = [await storage.write(new_ticket) for _ in range(3)][-1]
    for minutes in (0, 3, 6):
        clock.push_to(NOW + timedelta(minutes=minutes))
        await tally.catch_up()
    assert await storage.read(lambda stores: stores.db.first(select(figure_state.c.floor))) == (last.number,)  # type: ignore[attr-defined]
    assert not await storage.read(lambda stores: stores.figures.waiting(NOW + timedelta(minutes=6, seconds=50)))


async def test_replicas_count_each_ticket_once_while_others_come_in(storage: Storage) -> None:
    clock = PushedClock(NOW)
    first, home = house(storage, clock)
    second, _ = house(storage, clock)
    await populate(storage)

    async def come(many: int) -> None:
        for _ in range(many):
            one = await storage.write(new_ticket)
            taken = replace(one, assignee="ann")
            await storage.write(partial(save, taken))

    async def look(tally: Tally) -> None:
        for place in range(6):
            clock.push_to(NOW + timedelta(minutes=place))
            await tally.catch_up()

    await asyncio.gather(come(8), come(8), look(first), look(second))
    await first.catch_up()
    found = await storage.read(lambda stores: stats(stores, home, StatsOf(merchant="m1")))
    assert found["tickets"] == 16
    assert (await storage.read(lambda stores: stats(stores, home, StatsOf(agent=None, shop="s1"))))["tickets"] == 16
