"""Messages, the timeline, deadlines, notes and the inbox."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import Conflict
from bot.records import Undoable
from bot.stores import Stores
from storage.engine import Storage
from tests.storage.samples import LATER, NOW, deadline, entry, inbound, message, new_ticket, ticket

SECOND = timedelta(seconds=1)


async def test_messages_are_read_oldest_first_in_the_order_they_were_said(storage: Storage) -> None:
    said = [message("z"), message("b", held_until=LATER, attachments=({"name": "a.png"},)), message("a", created_at=NOW + SECOND)]
    for each in said:
        await storage.write(lambda stores: stores.messages.add(each))  # noqa: B023
    assert await storage.read(lambda stores: stores.messages.last("m1", 1001, 10)) == said
    assert await storage.read(lambda stores: stores.messages.last("m1", 1001, 2)) == said[1:]
    await storage.write(lambda stores: stores.messages.release(said[1]))
    assert await storage.read(lambda stores: stores.messages.get("m1", 1001, "b")) == replace(said[1], held_until=None)
    await storage.write(lambda stores: stores.messages.remove(said[0]))
    assert await storage.read(lambda stores: stores.messages.get("m1", 1001, "z")) is None


async def test_a_merged_tickets_messages_take_their_places_among_the_others(storage: Storage) -> None:
    def fill(stores: Stores) -> None:
        for each in (message("a"), message("c", created_at=NOW + 2 * SECOND), message("b", ticket=1002, created_at=NOW + SECOND)):
            stores.messages.add(each)
        stores.messages.move(ticket(1002), ticket(1001))

    await storage.write(fill)
    assert [each.id for each in await storage.read(lambda stores: stores.messages.last("m1", 1001, 9))] == ["a", "b", "c"]
    assert await storage.read(lambda stores: stores.messages.last("m1", 1002, 9)) == []


async def test_the_timeline_keeps_the_order_of_one_instant(storage: Storage) -> None:
    await storage.write(lambda stores: stores.timeline.add([entry("b", detail={"x": 1}), entry("a")]))
    await storage.write(lambda stores: stores.timeline.add([entry("c"), entry("zero", at=NOW - SECOND), entry("other", ticket=1002)]))
    found = await storage.read(lambda stores: stores.timeline.page("m1", 1001, 10, None))
    assert [each.type for each in found.items] == ["zero", "b", "a", "c"]
    assert found.items[1] == entry("b", detail={"x": 1})


async def test_a_deadline_is_one_per_ticket_and_kind_and_moves(storage: Storage) -> None:
    assert await storage.read(lambda stores: stores.deadlines.next_due()) is None
    armed = [deadline(1002, NOW), deadline(1001, LATER), deadline(1001, NOW, "snooze:ann")]
    await storage.write(lambda stores: stores.deadlines.arm(armed))
    await storage.write(lambda stores: stores.deadlines.arm([deadline(1002, NOW - SECOND), deadline(1001, LATER)]))
    assert await storage.read(lambda stores: stores.deadlines.next_due()) == NOW - SECOND
    due = await storage.write(lambda stores: stores.deadlines.take_due(NOW, 10))
    assert due == [deadline(1002, NOW - SECOND), deadline(1001, NOW, "snooze:ann")]
    assert await storage.write(lambda stores: stores.deadlines.take_due(NOW, 1)) == due[:1]
    await storage.write(lambda stores: stores.deadlines.disarm("m1", 1002))
    await storage.write(lambda stores: stores.deadlines.disarm("m1", 1001, "snooze:ann"))
    assert await storage.write(lambda stores: stores.deadlines.take_due(LATER, 10)) == [deadline(1001, LATER)]


async def test_undo_keeps_the_ticket_before(storage: Storage) -> None:
    before = await storage.write(lambda stores: new_ticket(stores, buyer_sealed=b"\x00", resolved_at=NOW))
    close = Undoable("ann", "close", "m1", before.number, LATER, before)
    reply = Undoable("ann", "reply", "m1", before.number, LATER, None, "msg1")
    for last in (close, reply, close):
        await storage.write(lambda stores: stores.notes.put_undo(last))  # noqa: B023
        assert await storage.read(lambda stores: stores.notes.undoable("ann")) == last
    await storage.write(lambda stores: stores.notes.clear_undo("ann"))
    assert await storage.read(lambda stores: stores.notes.undoable("ann")) is None


async def test_a_snooze_silences_one_person_on_one_ticket_for_a_while(storage: Storage) -> None:
    await storage.write(lambda stores: stores.notes.snooze("m1", 1001, "ann", NOW))
    await storage.write(lambda stores: stores.notes.snooze("m1", 1001, "ann", LATER))
    await storage.write(lambda stores: stores.notes.snooze("m1", 1002, "bob", LATER))
    assert await storage.read(lambda stores: stores.notes.snoozed([1001, 1003], NOW)) == {(1001, "ann")}
    assert await storage.read(lambda stores: stores.notes.snoozed([1001], LATER)) == set()
    await storage.write(lambda stores: stores.notes.snooze("m1", 1002, "bob", None))
    assert await storage.read(lambda stores: stores.notes.snoozed([1001, 1002], NOW)) == {(1001, "ann")}


async def test_an_idempotency_key_keeps_its_first_answer_for_three_days(storage: Storage) -> None:
    await storage.write(lambda stores: stores.notes.keep_answer("k1", "a", "print", 201, {"number": 1001}, NOW))
    assert await storage.read(lambda stores: stores.notes.answered("k1", "a")) == ("print", 201, {"number": 1001})
    assert await storage.read(lambda stores: stores.notes.answered("k2", "a")) is None
    with pytest.raises(Conflict):
        await storage.write(lambda stores: stores.notes.keep_answer("k1", "a", "other", 200, None, NOW))
    await storage.write(lambda stores: stores.notes.keep_answer("k1", "b", "print", 200, None, NOW + timedelta(hours=73)))
    assert await storage.read(lambda stores: stores.notes.answered("k1", "a")) is None


async def test_what_a_platform_sends_twice_is_stored_once(storage: Storage) -> None:
    assert await storage.write(lambda stores: stores.inbox.add(inbound("e1"))) is True
    assert await storage.write(lambda stores: stores.inbox.add(inbound("e1"))) is False
    assert await storage.read(lambda stores: stores.inbox.get("slack", "e1")) == inbound("e1")
    assert await storage.read(lambda stores: stores.inbox.get("wecom", "e1")) is None


async def test_stored_input_is_leased_until_it_is_finished(storage: Storage) -> None:
    await storage.write(lambda stores: [stores.inbox.add(inbound(id, received_at=NOW - each * SECOND)) for each, id in enumerate("ab")])
    assert await storage.read(lambda stores: stores.inbox.next_available()) == NOW - SECOND
    leased = await storage.write(lambda stores: stores.inbox.lease(NOW, LATER, 10))
    assert [(each.external_id, each.attempt) for each in leased] == [("b", 1), ("a", 1)]
    assert await storage.write(lambda stores: stores.inbox.lease(NOW, LATER, 10)) == []
    await storage.write(lambda stores: stores.inbox.finish(replace(leased[0], outcome={"ok": True})))
    again = await storage.write(lambda stores: stores.inbox.lease(LATER, LATER + SECOND, 10))
    assert [(each.external_id, each.attempt) for each in again] == [("a", 2)]
    await storage.write(lambda stores: stores.inbox.finish(inbound("new", outcome={"ok": False})))
    assert (await storage.read(lambda stores: stores.inbox.get("slack", "new"))).outcome == {"ok": False}  # type: ignore[union-attr]
    await storage.write(lambda stores: stores.inbox.finish(replace(again[0], body={}, outcome={})))
    assert (await storage.read(lambda stores: stores.inbox.get("slack", "a"))).body == {}, "what was sent is done with"  # type: ignore[union-attr]
    assert await storage.read(lambda stores: stores.inbox.next_available()) is None


async def test_planned_deadlines_are_taken_as_far_as_they_are_still_due(storage: Storage) -> None:
    first, snooze, other, later = deadline(1), deadline(1, kind="snooze:ann"), deadline(2, merchant_id="m2"), deadline(3, LATER)
    await storage.write(lambda stores: stores.deadlines.arm([first, snooze, other, later]))
    plan = await storage.read(lambda stores: stores.deadlines.due(NOW, 10))
    assert set(plan) == {first, snooze, other}
    await storage.write(lambda stores: stores.deadlines.disarm_many([("m2", 2), ("m1", 9)], "sla"))
    taken = await storage.write(lambda stores: stores.deadlines.take([first, other, later], NOW))
    assert list(taken) == [first]
