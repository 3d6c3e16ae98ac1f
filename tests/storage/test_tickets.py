"""Tickets: numbers, versions, filters, lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import BadUsage, Conflict
from bot.messages import Page, TicketFilter
from bot.stores import Stores
from bot.target import Target
from bot.ticket import Category, State, Ticket
from storage.engine import Storage
from storage.ticket_rows import ticket_doc, ticket_from
from tests.storage.samples import NOW, new_ticket, people_and_shops, ticket

FULL = ticket(
    1001, order_no="SP-1", currency="SGD", state=State.PENDING, category=Category("chargeback_alert", 0.75, "agent", ("other",)),
    priority="high", buyer={"name": "王*"}, buyer_sealed=b"\x00\xff", language="zh", assignee="ann", tier=2, cycle=3, escalated_cycle=1,
    resolution=Target(NOW, NOW + timedelta(hours=24), NOW, NOW), closure=Target(NOW, NOW + timedelta(hours=72)), seen_at=NOW,
    first_responded_at=NOW, resolved_at=NOW, closed_at=NOW, merged_into=7, custom_fields={"订单": 1, "list": [1, None]}, version=4,
)  # fmt: skip


async def test_numbers_begin_at_1001_and_never_repeat(storage: Storage) -> None:
    numbers = [await storage.write(lambda stores: stores.tickets.next_number("m1")) for _ in range(3)]
    assert numbers == [1001, 1002, 1003]


async def test_a_ticket_comes_back_as_it_was(storage: Storage) -> None:
    await storage.write(lambda stores: stores.tickets.next_number("m1"))
    await storage.write(lambda stores: stores.tickets.add(FULL, NOW))
    assert await storage.read(lambda stores: stores.tickets.get(1001)) == FULL
    assert await storage.read(lambda stores: stores.tickets.get(1001, "m1")) == FULL
    assert await storage.read(lambda stores: stores.tickets.many([1001, 5, 1001])) == {1001: FULL}


def test_a_ticket_goes_through_json_unchanged() -> None:
    assert ticket_from(ticket_doc(FULL)) == FULL


@pytest.mark.parametrize("number", [-1, 0, 999, 2**63, 10**30])
async def test_a_number_that_is_nobodys_finds_nothing(storage: Storage, number: int) -> None:
    assert await storage.read(lambda stores: stores.tickets.get(number)) is None
    assert await storage.read(lambda stores: stores.tickets.get(number, "m1")) is None


async def test_save_grows_the_version_and_the_second_of_two_conflicts(storage: Storage) -> None:
    made = await storage.write(new_ticket)
    saved = await storage.write(lambda stores: stores.tickets.save(replace(made, priority="low"), None))
    assert saved == replace(made, priority="low", version=2)
    assert await storage.read(lambda stores: stores.tickets.get(made.number)) == saved
    tries = []

    def late(stores: Stores) -> Ticket:
        tries.append(1)
        return stores.tickets.save(replace(made, priority="high"), None)

    with pytest.raises(Conflict):
        await storage.write(late)
    assert len(tries) > 1
    assert await storage.read(lambda stores: stores.tickets.get(made.number)) == saved


async def test_a_conflict_is_gone_when_the_body_reads_again(storage: Storage) -> None:
    made = await storage.write(new_ticket)
    stale = [made]

    def claim(stores: Stores) -> Ticket:
        found = stale.pop() if stale else stores.tickets.get(made.number)
        assert found is not None
        return stores.tickets.save(replace(found, assignee="ann"), None)

    await storage.write(lambda stores: stores.tickets.save(made, None))
    assert (await storage.write(claim)).version == 3


async def test_the_clocks_of_locked_rows_are_saved_many_at_a_time_and_nothing_else_of_them(storage: Storage) -> None:
    made = [await storage.write(new_ticket) for _ in range(3)]

    def raise_tiers(stores: Stores) -> None:
        held = stores.tickets.locked([(each.merchant_id, each.number) for each in made])
        assert list(held.values()) == made
        stores.tickets.save_clocks([(replace(each, tier=1, seen_at=NOW, closure=LATE, assignee="ann"), NOW) for each in held.values()])

    await storage.write(raise_tiers)
    found = await storage.read(lambda stores: stores.tickets.many([each.number for each in made]))
    assert list(found.values()) == [replace(each, tier=1, seen_at=NOW, closure=LATE, version=2) for each in made]


async def test_many_rows_are_written_as_one_by_one_however_many_they_are(storage: Storage) -> None:
    """73 are 64 and 8 together and one alone, where a database takes several at once."""

    def add(stores: Stores) -> list[Ticket]:
        numbers = stores.tickets.next_numbers("m1", 73)
        made = [replace(FULL, number=number, subject=f"? {number}", category=Category("other", number / 7)) for number in numbers]
        stores.tickets.add_many([(each, None) for each in made])
        return made

    made = await storage.write(add)
    assert list((await storage.read(lambda stores: stores.tickets.many([each.number for each in made]))).values()) == made
    held = {each.number: replace(each, tier=each.number % 4, seen_at=NOW + timedelta(microseconds=each.number)) for each in made}
    await storage.write(lambda stores: stores.tickets.save_clocks([(each, None) for each in held.values()]))
    found = await storage.read(lambda stores: stores.tickets.many(held))
    assert list(found.values()) == [replace(each, version=each.version + 1) for each in held.values()]


LATE = Target(NOW - timedelta(hours=3), NOW - timedelta(hours=1), None, NOW - timedelta(hours=1))
SAMPLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "claimed": {"assignee": "ann", "state": State.OPEN, "priority": "high"},
    "late": {"state": State.OPEN, "first_response": LATE, "tier": 1},
    "late but closed": {"state": State.CLOSED, "first_response": LATE},
    "late but met": {"state": State.OPEN, "first_response": replace(LATE, met_at=NOW)},
    "paid": {"order_no": "SP-1", "currency": "SGD", "platform": "lazada", "category": Category("not_received")},
    "percent": {"subject": "100% WOOL_and more", "created_at": NOW - timedelta(days=2)},
    "chinese": {"message": "退款延迟了", "assignee": "bob"},
    "closed": {"state": State.CLOSED, "closed_at": NOW, "next_due": NOW + timedelta(hours=1)},
}
CASES: list[tuple[TicketFilter, set[str]]] = [
    (TicketFilter(), set(SAMPLES)),
    (TicketFilter(assignee="ann"), {"claimed"}),
    (TicketFilter(unclaimed=True), set(SAMPLES) - {"claimed", "chinese"}),
    (TicketFilter(states=("open", "pending")), {"claimed", "late", "late but met"}),
    (TicketFilter(states=("open",), priority="high"), {"claimed"}),
    (TicketFilter(tier=1), {"late"}),
    (TicketFilter(overdue=True, now=NOW), {"late"}),
    (TicketFilter(overdue=False, now=NOW), set(SAMPLES) - {"late"}),
    (TicketFilter(platform="lazada"), {"paid"}),
    (TicketFilter(currency="SGD", order_no="SP-1", category="not_received"), {"paid"}),
    (TicketFilter(currency="SGD", order_no="SP-2"), set()),
    (TicketFilter(created_to=NOW), {"percent"}),
    (TicketFilter(created_from=NOW), set(SAMPLES) - {"percent"}),
    (TicketFilter(due_from=NOW + timedelta(seconds=1)), {"closed"}),
    (TicketFilter(due_to=NOW + timedelta(hours=1)), set(SAMPLES) - {"closed"}),
    (TicketFilter(due_to=NOW), set()),
    (TicketFilter(closed_from=NOW), {"closed"}),
    (TicketFilter(closed_from=NOW + timedelta(seconds=1)), set()),
    (TicketFilter(q="100%"), {"percent"}),
    (TicketFilter(q="wool_AND"), {"percent"}),
    (TicketFilter(q="%"), set()),
    (TicketFilter(q="1_0"), set()),
    (TicketFilter(q="退款"), {"chinese"}),
    (TicketFilter(q="PARCEL come"), set(SAMPLES) - {"percent", "chinese"}),
    (TicketFilter(q="\\"), set()),
    (TicketFilter(q="'; DROP TABLE tickets; --"), set()),
    (TicketFilter(merchant="m1"), set(SAMPLES)),
    (TicketFilter(merchant="m2"), set()),
    (TicketFilter(shop="s9"), set()),
]


async def test_filters_combine(storage: Storage) -> None:
    def fill(stores: Stores) -> dict[int, str]:
        people_and_shops(stores)
        return {new_ticket(stores, **sample).number: name for name, sample in SAMPLES.items()}

    known = await storage.write(fill)
    for wanted, names in CASES:
        page = await storage.read(lambda stores: stores.tickets.page(wanted, 50, None))  # noqa: B023
        numbers = [each.number for each in page.items]
        assert {known[number] for number in numbers} == names, wanted
        assert numbers == sorted(numbers, reverse=True)
        some = await storage.read(lambda stores: stores.tickets.urgent(wanted, 2))  # noqa: B023
        assert {known[each.number] for each in some.items} <= names, wanted
        assert await storage.read(lambda stores: stores.tickets.count(wanted)) == len(names), wanted  # noqa: B023
        assert await storage.read(lambda stores: stores.tickets.count(wanted, 1)) == min(len(names), 2), wanted  # noqa: B023


async def test_the_most_urgent_come_first_and_those_without_a_clock_last(storage: Storage) -> None:
    def fill(stores: Stores) -> list[int]:
        dues = [None, NOW + timedelta(hours=1), NOW, NOW, None]
        return [new_ticket(stores, next_due=due).number for due in dues]

    numbers = await storage.write(fill)
    order = [numbers[at] for at in (2, 3, 1, 0, 4)]
    pages: list[Page[Ticket]] = []
    cursor: str | None = None
    for at in (0, 2, 4):
        pages.append(await storage.read(lambda stores: stores.tickets.urgent(TicketFilter(), 2, cursor)))  # noqa: B023
        assert [each.number for each in pages[-1].items] == order[at : at + 2]
        cursor = pages[-1].next_cursor
    assert cursor is None
    assert pages[0].previous_cursor is None
    for later, sooner in ((pages[2], pages[1]), (pages[1], pages[0])):
        back = await storage.read(lambda stores: stores.tickets.urgent(TicketFilter(), 2, later.previous_cursor, back=True))  # noqa: B023
        assert back.items == sooner.items
    await storage.write(lambda stores: new_ticket(stores, next_due=NOW - timedelta(hours=1)))
    moved = await storage.read(lambda stores: stores.tickets.urgent(TicketFilter(), 2, pages[0].next_cursor))
    assert moved.items == pages[1].items, "what comes before moves no page"


async def test_an_order_knows_its_tickets(storage: Storage) -> None:
    def fill(stores: Stores) -> list[Ticket]:
        people_and_shops(stores)
        new_ticket(stores, "m2", shop_id="s2", order_no="SP-1")
        new_ticket(stores, order_no="SP-2")
        return [new_ticket(stores, order_no="SP-1"), new_ticket(stores, order_no="SP-1")]

    wanted = await storage.write(fill)
    assert await storage.read(lambda stores: stores.tickets.of_order("s1", "SP-1")) == wanted
    assert await storage.read(lambda stores: stores.tickets.of_order("s9", "SP-1")) == []


BAD_CURSORS = ("", "x", "not base64!", "bnVsbA", "WzFd" * 1000, "WyJhIl0", "W3RydWVd", "WzFlOTld", "é", "WzEsMl0")


async def test_a_cursor_that_is_none_of_ours_is_refused(storage: Storage) -> None:
    for cursor in BAD_CURSORS:
        with pytest.raises(BadUsage) as refused:
            await storage.read(lambda stores: stores.tickets.page(TicketFilter(), 10, cursor))  # noqa: B023
        assert (refused.value.key, refused.value.field) == ("bad_cursor", "cursor"), cursor
