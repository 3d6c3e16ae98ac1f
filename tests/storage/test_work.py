"""The unit of work, on both databases: whole or not at all, tried again when it may help, never read by halves."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.errors import Conflict, Unavailable
from bot.stores import Stores
from storage.engine import Storage
from tests.storage.samples import NOW, deadline, merchant, message, new_ticket, outgoing, people_and_shops, put_merchant
from tests.storage.statements import said


class Oops(Exception):
    """Something inside a body."""


async def test_what_a_body_raises_rolls_everything_back_and_comes_out_as_it_is(storage: Storage) -> None:
    def body(stores: Stores) -> None:
        stores.merchants.put(merchant())
        raise Oops

    with pytest.raises(Oops):
        await storage.write(body)
    with pytest.raises(Oops):
        await storage.read(_oops)
    assert await storage.read(lambda stores: stores.merchants.get("m1")) is None


def _oops(_: Stores) -> None:
    raise Oops


async def test_one_body_fails_among_many_and_harms_no_other(storage: Storage) -> None:
    def body(at: int) -> Any:
        def put(stores: Stores) -> int:
            stores.merchants.put(merchant(f"m{at}"))
            if at % 7 == 0:
                raise Oops
            return at

        return put

    results = await asyncio.gather(*(storage.write(body(at)) for at in range(60)), return_exceptions=True)
    assert [isinstance(each, Oops) for each in results] == [at % 7 == 0 for at in range(60)]
    stored = await storage.read(lambda stores: stores.merchants.many([f"m{at}" for at in range(60)]))
    assert set(stored) == {f"m{at}" for at in range(60) if at % 7}


async def test_conflicts_are_tried_again_whole(storage: Storage) -> None:
    tries: list[int] = []

    def body(stores: Stores) -> int:
        tries.append(1)
        stores.merchants.put(merchant(f"m{len(tries)}"))
        if len(tries) < 4:
            raise Conflict("again")
        return len(tries)

    assert await storage.write(body) == 4
    stored = await storage.read(lambda stores: stores.merchants.many(["m1", "m2", "m3", "m4"]))
    assert set(stored) == {"m4"}


async def test_a_conflict_that_does_not_end_comes_out(storage: Storage) -> None:
    def body(stores: Stores) -> None:
        raise Conflict("for ever")

    with pytest.raises(Conflict):
        await storage.write(body)


async def test_two_at_once_on_one_ticket_both_get_done_one_after_the_other(storage: Storage) -> None:
    made = await storage.write(new_ticket)

    def body(stores: Stores) -> None:
        found = stores.tickets.get(made.number, "m1")
        assert found is not None
        stores.tickets.save(replace(found, tier=found.tier + 1), None)

    await asyncio.gather(*(storage.write(body) for _ in range(4)))
    after = await storage.read(lambda stores: stores.tickets.get(made.number))
    assert after is not None
    assert (after.tier, after.version) == (4, 5)


async def test_twenty_workers_take_five_hundred_deadlines_and_none_twice(storage: Storage) -> None:
    await storage.write(lambda stores: stores.deadlines.arm([deadline(number) for number in range(1, 501)]))
    taken: list[int] = []

    def body(stores: Stores) -> list[int]:
        due = stores.deadlines.take_due(NOW, 25)
        for each in due:
            stores.deadlines.disarm(each.merchant_id, each.ticket, each.kind)
        return [each.ticket for each in due]

    async def worker() -> None:
        while await storage.read(lambda stores: stores.deadlines.next_due()) is not None:
            taken.extend(await storage.write(body))

    await asyncio.gather(*(worker() for _ in range(20)))
    assert sorted(taken) == list(range(1, 501))


async def test_twenty_workers_lease_five_hundred_deliveries_and_none_twice(storage: Storage) -> None:
    await storage.write(lambda stores: stores.outbox.add([outgoing(f"d{at}") for at in range(500)]))
    until = NOW.replace(hour=23)
    leased: list[str] = []
    sizes: list[int] = []

    async def worker() -> None:
        while rows := await storage.write(lambda stores: stores.outbox.lease(NOW, until, 25)):
            leased.extend(each.id for each in rows)
            sizes.append(len(rows))

    await asyncio.gather(*(worker() for _ in range(20)))
    left = 500 - len(leased)
    while left > 0:  # a worker that found the rest held by others went home early
        rows = await storage.write(lambda stores: stores.outbox.lease(NOW, until, 25))
        leased.extend(each.id for each in rows)
        left -= len(rows)
    assert len(leased) == len(set(leased)) == 500
    assert max(sizes) <= 25


async def test_a_pass_with_nothing_due_is_one_statement(storage: Storage) -> None:
    assert len(await said(storage, lambda stores: stores.deadlines.next_due())) == 1
    assert len(await said(storage, lambda stores: stores.outbox.next_available())) == 1
    assert len(await said(storage, lambda stores: stores.inbox.next_available())) == 1


async def test_what_a_claim_says_to_the_database_is_counted(storage: Storage) -> None:
    await storage.write(people_and_shops)
    made = await storage.write(new_ticket)

    def claim(stores: Stores) -> None:
        who = stores.people.linked("slack", "T1/U1")
        assert who is not None
        ticket = stores.tickets.get(made.number, who.merchant_id)
        assert ticket is not None
        saved = stores.tickets.save(replace(ticket, assignee=who.id), NOW)
        stores.outbox.touch([(saved.merchant_id, saved.number)], ["slack"], NOW)
        stores.deadlines.arm([deadline(saved.number)])

    assert len(await said(storage, claim, writes=True)) == 6  # one of them: the day's figures have this ticket to count anew


async def test_a_cancelled_caller_harms_nobody(storage: Storage) -> None:
    tasks = [asyncio.create_task(storage.write(put_merchant(f"m{at}"))) for at in range(50)]
    await asyncio.sleep(0)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    stored = await storage.read(lambda stores: stores.merchants.many([f"m{at}" for at in range(50)]))
    assert {f"m{at}" for at in range(1, 50, 2)} <= set(stored)
    await storage.write(lambda stores: stores.merchants.put(merchant("after")))


async def test_storage_says_that_it_answers_and_that_its_schema_is_the_newest(storage: Storage) -> None:
    assert await storage.ping() is None
    assert await storage.migrated()


async def test_nothing_hangs_on_storage_that_is_closed(storage: Storage) -> None:
    if storage.dialect == "sqlite":
        await storage.close()
        with pytest.raises(Unavailable):
            await storage.read(lambda stores: stores.merchants.get("m1"))
        await storage.close()


async def test_what_was_to_be_stored_stands_in_no_error(storage: Storage) -> None:
    said = message("msg_1", text="my card is 4111 1111")
    await storage.write(lambda stores: stores.messages.add(said))
    with pytest.raises(Exception) as failed:  # each driver has its own
        await storage.write(lambda stores: stores.messages.add(said))
    assert "4111" not in str(failed.value)
