"""Deliveries: once per address, leased by one, recorded by who holds the lease, shown anew when touched."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.records import Outgoing
from bot.stores import Stores
from storage.engine import Storage
from tests.storage.samples import LATER, NOW, outgoing

SECOND = timedelta(seconds=1)


async def _add(storage: Storage, *rows: Outgoing) -> None:
    await storage.write(lambda stores: stores.outbox.add(rows))


async def _lease(storage: Storage, now: Any = NOW, limit: int = 10) -> list[Outgoing]:
    return list(await storage.write(lambda stores: stores.outbox.lease(now, now + 12 * SECOND, limit)))


async def _settle(storage: Storage, *rows: Outgoing, now: Any = NOW) -> list[str]:
    return list(await storage.write(lambda stores: stores.outbox.settle(rows, now)))


async def _get(storage: Storage, id: str) -> Outgoing:
    found = await storage.read(lambda stores: stores.outbox.get(id))
    assert found is not None
    return found


async def _touch(storage: Storage, now: Any = NOW, channels: tuple[str, ...] = ("slack",)) -> None:
    await storage.write(lambda stores: stores.outbox.touch([("m1", 1001)], channels, now))


async def test_a_notice_exists_once_per_cause_and_address(storage: Storage) -> None:
    first = outgoing("d1", cause="tier1:1001:1")
    await _add(storage, first, outgoing("d2", cause="tier1:1001:1"), outgoing("d3", cause="tier1:1001:1", target="C2"))
    await _add(storage, outgoing("d4", cause="tier1:1001:1"), outgoing("d5", cause="tier1:1001:1", merchant_id="m2"))
    found = await storage.read(lambda stores: stores.outbox.of_cause("m1", "tier1:1001:1"))
    assert [each.id for each in found] == ["d1", "d3"]
    assert found[0] == first


async def test_a_lease_takes_the_oldest_grows_the_attempt_and_ends(storage: Storage) -> None:
    await _add(storage, outgoing("new"), outgoing("old", available_at=NOW - SECOND), outgoing("later", available_at=LATER))
    assert await storage.read(lambda stores: stores.outbox.next_available()) == NOW - SECOND
    (old,) = await _lease(storage, limit=1)
    assert (old.id, old.attempt, old.leased, old.available_at) == ("old", 1, True, LATER)
    assert [each.id for each in await _lease(storage)] == ["new"]
    assert await _lease(storage) == []
    again = await _lease(storage, LATER)
    assert {(each.id, each.attempt) for each in again} == {("old", 2), ("new", 2), ("later", 1)}


async def test_what_is_written_in_one_instant_is_leased_in_that_order(storage: Storage) -> None:
    await _add(storage, *(outgoing(id) for id in "zyxab"))
    assert [each.id for each in await _lease(storage)] == list("zyxab")


async def test_a_digest_leases_more_of_one_address_alone(storage: Storage) -> None:
    await _add(storage, outgoing("a"), outgoing("b", target="C2"), outgoing("c", channel="email"), outgoing("d"))
    more = await storage.write(lambda stores: stores.outbox.lease_more("slack", "C1", NOW, LATER, 1))
    assert [each.id for each in more] == ["a"]
    assert [each.id for each in await _lease(storage)] == ["b", "c", "d"]


async def test_settle_records_the_outcome_and_ends_the_lease(storage: Storage) -> None:
    await _add(storage, outgoing("d1"), outgoing("d2"), outgoing("d3"))
    one, two, three = await _lease(storage)
    sent = replace(one, state="sent", receipt={"ts": "1.2", "channel": "C1", "thread": "1.2"}, sent_at=NOW)
    failed = replace(two, failures=1, available_at=LATER, last_error="ratelimited")
    dead = replace(three, state="dead", failures=12, last_error="channel_not_found")
    assert set(await _settle(storage, sent, failed, dead)) == {"d1", "d2", "d3"}
    for wanted in (sent, failed, dead):
        assert await _get(storage, wanted.id) == replace(wanted, leased=False)
    assert await storage.read(lambda stores: stores.outbox.counts()) == {"waiting": 1, "dead": 1}
    assert await storage.read(lambda stores: stores.outbox.by_receipt("slack", "C1", "1.2")) == replace(sent, leased=False)
    assert await storage.read(lambda stores: stores.outbox.by_receipt("slack", "C2", "1.2")) is None


async def test_who_lost_the_lease_records_nothing(storage: Storage) -> None:
    await _add(storage, outgoing("d1"), outgoing("d2"))
    lost = await _lease(storage)
    held = await _lease(storage, LATER)
    assert await _settle(storage, *(replace(each, state="dead") for each in lost)) == []
    assert await _get(storage, "d1") == held[0]
    assert await _settle(storage, replace(held[0], state="sent"), replace(lost[1], state="sent")) == ["d1"]
    assert await _settle(storage, replace(held[0], state="dead")) == []
    assert (await _get(storage, "d1")).state == "sent"


async def test_touch_shows_a_sent_card_anew_and_leaves_the_rest_alone(storage: Storage) -> None:
    rows = {
        "card": outgoing("card"), "plain": outgoing("plain", payload={}), "other": outgoing("other", ticket=1002),
        "mail": outgoing("mail", channel="email"), "folded": outgoing("folded", payload={"card": True, "folded": True}),
        "digest": outgoing("digest"), "dead": outgoing("dead"), "dropped": outgoing("dropped"),
    }  # fmt: skip
    await _add(storage, *rows.values())
    leased = {each.id: each for each in await _lease(storage)}
    receipt = {"digest": {"folded": "dgs_1"}}
    state = {"dead": "dead", "dropped": "dropped"}
    done = [replace(each, state=state.get(id, "sent"), receipt=receipt.get(id, {"ts": id})) for id, each in leased.items()]
    await _settle(storage, *done)
    await _touch(storage, LATER)
    after = {id: await _get(storage, id) for id in rows}
    assert {id for id, each in after.items() if each.revision > 1} == {"card"}
    assert (after["card"].state, after["card"].available_at, after["card"].receipt) == ("waiting", LATER, {"ts": "card"})
    assert await storage.read(lambda stores: stores.outbox.next_available()) == LATER


async def test_a_waiting_card_that_is_touched_is_available_now(storage: Storage) -> None:
    await _add(storage, outgoing("d1", available_at=LATER))
    await _touch(storage, NOW)
    assert await _get(storage, "d1") == outgoing("d1", available_at=NOW, revision=2)


async def test_a_card_touched_while_it_is_sent_keeps_its_lease_and_waits_again_after(storage: Storage) -> None:
    await _add(storage, outgoing("d1"))
    (row,) = await _lease(storage)
    await _touch(storage, NOW + SECOND)
    assert await _get(storage, "d1") == replace(row, revision=2)
    assert await _lease(storage, NOW + SECOND) == []
    assert await _settle(storage, replace(row, state="sent", receipt={"ts": "1"}, sent_at=NOW), now=NOW + 2 * SECOND) == ["d1"]
    after = await _get(storage, "d1")
    assert (after.state, after.available_at, after.receipt, after.leased) == ("waiting", NOW + 2 * SECOND, {"ts": "1"}, False)
    (again,) = await _lease(storage, NOW + 2 * SECOND)
    assert (again.revision, again.attempt) == (2, 2)


@pytest.mark.parametrize("state", ["waiting", "dead", "dropped"])
async def test_a_failure_stands_also_when_the_card_was_touched_meanwhile(storage: Storage, state: str) -> None:
    await _add(storage, outgoing("d1"))
    (row,) = await _lease(storage)
    await _touch(storage)
    failed = replace(row, state=state, available_at=LATER, failures=1, last_error="no")
    await _settle(storage, failed)
    assert await _get(storage, "d1") == replace(failed, revision=2, leased=False)


async def test_the_first_receipt_of_each_address_is_its_thread(storage: Storage) -> None:
    await _add(storage, outgoing("a"), outgoing("b"), outgoing("c", target="C2"), outgoing("d", payload={}), outgoing("e", target="C3"))
    leased = {each.id: each for each in await _lease(storage)}
    for id, at, receipt in (("b", 2, {"ts": "2"}), ("a", 1, {"ts": "1"}), ("c", 1, {"folded": "x"}), ("d", 0, {"ts": "0"})):
        await _settle(storage, replace(leased[id], state="sent", receipt=receipt, sent_at=NOW + at * SECOND))
    wanted = [("m1", 1001, "slack", target) for target in ("C1", "C2", "C3")]
    found = await storage.read(lambda stores: stores.outbox.first_receipts(wanted))
    assert found == {(1001, "slack", "C1"): {"ts": "1"}}


async def test_a_start_that_knows_its_predecessor_dead_ends_its_leases(storage: Storage) -> None:
    await _add(storage, outgoing("d1"), outgoing("d2", available_at=LATER))
    await _lease(storage)
    assert await storage.write(lambda stores: stores.outbox.free()) == 1
    assert [(each.id, each.attempt) for each in await _lease(storage)] == [("d1", 2)]


async def test_a_dead_delivery_is_retried_by_hand_and_one_that_is_being_sent_is_left_alone(storage: Storage) -> None:
    await _add(storage, outgoing("dead"), outgoing("sent"), outgoing("held"))
    dead, sent, held = await _lease(storage)
    await _settle(storage, replace(dead, state="dead", failures=12), replace(sent, state="sent"))
    for id in ("dead", "sent", "held"):
        await storage.write(lambda stores: stores.outbox.retry(id, LATER))  # noqa: B023
    assert (await _get(storage, "dead")).state == "waiting"
    assert ((await _get(storage, "dead")).failures, (await _get(storage, "dead")).available_at) == (0, LATER)
    assert (await _get(storage, "sent")).state == "sent"
    assert await _get(storage, "held") == held


async def test_lists_are_newest_first_by_state(storage: Storage) -> None:
    await _add(storage, *(outgoing(f"d{at}", created_at=NOW + at * SECOND) for at in range(3)))
    (first, *_) = await _lease(storage, limit=1)
    await _settle(storage, replace(first, state="dead"))

    async def ids(state: str | None, within: str | None = None) -> list[str]:
        page = await storage.read(lambda stores: stores.outbox.page(within, state, 10, None))
        return [each.id for each in page.items]

    assert await ids(None) == ["d2", "d1", "d0"]
    assert await ids("dead") == ["d0"]
    assert await ids("waiting", "m1") == ["d2", "d1"]
    assert await ids("nonsense") == []


async def test_an_empty_hand_writes_nothing(storage: Storage) -> None:
    def nothing(stores: Stores) -> None:
        stores.outbox.add([])
        stores.outbox.touch([], ["slack"], NOW)
        stores.outbox.touch([("m1", 1)], [], NOW)
        stores.timeline.add([])
        stores.deadlines.arm([])
        stores.tickets.save_clocks([])
        assert stores.outbox.settle([], NOW) == []
        assert stores.outbox.first_receipts([]) == {}
        assert stores.tickets.locked([]) == {}
        assert stores.notes.snoozed([], NOW) == set()

    await storage.write(nothing)


async def test_a_planned_delivery_is_leased_as_long_as_it_still_waits(storage: Storage) -> None:
    await _add(storage, outgoing("d1"), outgoing("d2", available_at=NOW - SECOND), outgoing("d3"), outgoing("d4", available_at=LATER))
    plan = await storage.read(lambda stores: stores.outbox.waiting(NOW, 10))
    assert [each.id for each in plan] == ["d2", "d1", "d3"]
    assert [each.id for each in await _lease(storage, limit=1)] == ["d2"]
    for expected in (["d1", "d3"], []):  # what somebody else has taken meanwhile stays theirs
        taken = await storage.write(lambda stores: stores.outbox.lease_these(plan, NOW, LATER))
        assert [each.id for each in taken] == expected
