"""Rows that may wait go in one call for many units' worth; whoever asks for their table sees them."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import Conflict
from bot.paid import Happening
from storage.engine import Storage, open_storage
from tests.storage.samples import LATER, NOW, deadline, ticket
from tests.storage.statements import said


async def test_the_rows_of_many_tickets_go_in_one_call_for_each_kind(storage: Storage) -> None:
    def opened(stores):
        for number in stores.tickets.next_numbers("m1", 20):
            stores.tickets.add(ticket(number), LATER)
            stores.deadlines.arm([deadline(number, LATER)])

    calls = await said(storage, opened, writes=True)
    # One for the numbers; then tickets, texts and deadlines. SQLite has a table of grams besides, and takes 8 rows at a time.
    assert len(calls) <= (1 + 4 * 3 if storage.dialect == "sqlite" else 1 + 3), calls
    assert len(await storage.read(lambda stores: stores.tickets.many(range(1001, 1021)))) == 20


async def test_who_asks_for_a_table_sees_what_waits_to_be_written_to_it(storage: Storage) -> None:
    def body(stores):
        number = stores.tickets.next_number("m1")
        stores.tickets.add(ticket(number), LATER)
        assert stores.deadlines.next_due() is None
        stores.deadlines.arm([deadline(number, LATER)])
        assert stores.deadlines.next_due() == LATER
        return stores.tickets.get(number)

    assert (await storage.write(body)).number == 1001


async def test_nothing_that_waits_is_written_when_the_unit_fails(storage: Storage) -> None:
    def fails(stores):
        stores.tickets.add(ticket(1001), LATER)
        raise Conflict("somebody was faster")

    with pytest.raises(Conflict):
        await storage.write(fails)
    await storage.write(lambda stores: stores.deadlines.arm([deadline(1002, NOW)]))
    assert await storage.read(lambda stores: stores.tickets.get(1001)) is None


async def test_a_batch_of_events_is_worked_by_one_replica_at_a_time_for_each_merchant(storage: Storage) -> None:
    def happened(owner: str, place: int) -> Happening:
        return Happening(owner, "uqpay", f"e{place}", f"evt{owner}{place}", "uqpay", "t", b"sealed", NOW, NOW)

    await storage.write(lambda stores: stores.happenings.add([happened(owner, place) for owner in ("m1", "m2") for place in range(3)]))
    if storage.dialect == "sqlite":
        assert len(await storage.write(lambda stores: stores.happenings.take(NOW, 40))) == 6
        return
    other = await open_storage(str(storage.engine.url.render_as_string(hide_password=False)).replace("+asyncpg", ""))  # type: ignore[attr-defined]
    first: list[Happening] = []
    second: list[Happening] = []

    def while_it_is_worked(stores) -> None:
        first.extend(stores.happenings.take(NOW, 2))
        held.set()
        stores.db.connection.exec_driver_sql("SELECT pg_sleep(0.5)")

    held = asyncio.Event()
    working = asyncio.create_task(storage.write(while_it_is_worked))
    await held.wait()
    second.extend(await other.write(lambda stores: stores.happenings.take(NOW, 40)))
    await working
    await other.close()
    assert {each.merchant_id for each in first} == {"m1"}
    assert {each.merchant_id for each in second} == {"m2"}, "the first one's rest waits for its turn"


async def test_units_at_once_keep_their_rows_apart(storage: Storage) -> None:
    def one(place):
        def body(stores):
            number = stores.tickets.next_number("m1")
            stores.tickets.add(ticket(number), LATER)
            if place % 3 == 0:
                raise ValueError(number)
            return number

        return body

    outcomes = await asyncio.gather(*(storage.write(one(place)) for place in range(30)), return_exceptions=True)
    good = sorted(each for each in outcomes if isinstance(each, int))
    assert len(good) == 20
    assert sorted(await storage.read(lambda stores: stores.tickets.many(range(1, 5000)))) == good
