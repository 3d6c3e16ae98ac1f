"""What is cleared, what stays, and that the list of where personal data lies forgets no column."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import LargeBinary, Text, select

from bot.audit import Noted, leaf_hash
from bot.records import Order
from bot.stores import Stores
from bot.stores.keeping import LegalHold
from bot.ticket import State
from storage.engine import Storage
from storage.personal_places import KEPT, PERSONAL
from storage.schema import METADATA, messages, originals, outbox, subjects, ticket_texts, tickets, timeline
from storage.types import Document
from tests.storage.samples import NOW, entry, message, outgoing, ticket

LONG_AGO = NOW - timedelta(days=200)
BEFORE = NOW - timedelta(days=180)


def test_every_column_that_can_hold_words_is_listed_as_personal_or_as_not() -> None:
    wordy = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, Text | LargeBinary | Document) or column.type.__class__.__name__ == "Grams"
    }
    assert not set(PERSONAL) & set(KEPT)
    assert set(PERSONAL) | set(KEPT) == wordy


def told(stores: Stores, number: int, state: State = State.CLOSED, merchant: str = "m1") -> None:
    closed = {"closed_at": LONG_AGO} if state in (State.CLOSED, State.ARCHIVED) else {}
    made = ticket(number, merchant, subject="canary subject", message="canary words", state=state, order_no="SP-1", **closed)
    stores.tickets.add(made, None)
    stores.messages.add(message(f"msg{number}", number, text="canary reply"))
    stores.personal.keep("m1", number, {f"T-{number}/message": b"sealed canary"})
    stores.personal.told("m1", f"T-{number}", ["token"])
    stores.timeline.add([entry("ticket.closed", number, detail={"text": "canary text", "tier": 2})])
    stores.outbox.add([outgoing(f"dlv{number}", ticket=number, payload={"text": "canary"}, state="sent")])


async def test_what_is_closed_long_ago_and_free_is_cleared_and_its_figures_stay(storage: Storage) -> None:
    def make(stores: Stores) -> None:
        for number, state in ((1, State.CLOSED), (2, State.OPEN), (3, State.ARCHIVED)):
            told(stores, number, state)
        stores.keeping.put_hold(LegalHold("m1", 3, "a court", NOW + timedelta(days=9), "lee", NOW))

    def read(stores: Stores) -> dict[str, int]:
        db = stores.keeping._db  # type: ignore[attr-defined]
        return {
            each.name: len([row for row in db.all(select(each)) if "canary" in str(row) or each in (originals, subjects)])
            for each in (tickets, messages, originals, subjects, ticket_texts, timeline, outbox)
        }

    await storage.write(make)
    assert await storage.write(lambda stores: list(stores.keeping.due("m1", BEFORE, NOW, 9))) == [1]
    assert await storage.write(lambda stores: list(stores.keeping.due("m1", BEFORE, NOW + timedelta(days=10), 9))) == [1, 3]
    before = await storage.read(read)
    removed = await storage.write(lambda stores: stores.keeping.clear("m1", 1, NOW, over=True))
    after = await storage.read(read)
    assert all(after[name] < before[name] for name in before), (before, after)
    assert (removed["messages"], removed["originals"], removed["deliveries"]) == (1, 1, 1)
    kept = await storage.read(lambda stores: stores.tickets.get(1, "m1"))
    assert kept is not None
    assert (kept.subject, kept.message, dict(kept.buyer), kept.state) == ("", "", {}, State.CLOSED)
    assert (kept.closed_at, kept.category.label, kept.version) == (LONG_AGO, ticket(1).category.label, ticket(1).version + 1)
    assert [dict(each.detail) for each in (await storage.read(lambda s: s.timeline.page("m1", 1, 9, None))).items] == [{"tier": 2}]
    assert await storage.write(lambda stores: list(stores.keeping.due("m1", BEFORE, NOW, 9))) == []


async def test_an_audit_entry_that_quotes_somebody_loses_its_text_and_keeps_its_leaf(storage: Storage) -> None:
    def make(stores: Stores) -> None:
        told(stores, 1)
        stores.audit.add([Noted("m1", NOW, "mei", "ticket.claimed", 1, detail={"agent": "mei"})])

    await storage.write(make)
    leaves = await storage.read(lambda stores: sorted(leaf_hash(each.commitment) for each in stores.audit.waiting(9)))
    await storage.write(lambda stores: stores.keeping.clear("m1", 1, NOW, over=True))
    assert await storage.read(lambda stores: sorted(leaf_hash(each.commitment) for each in stores.audit.waiting(9))) == leaves


async def test_an_orders_buyer_goes_when_no_ticket_of_it_holds_anything_any_more(storage: Storage) -> None:
    def make(stores: Stores) -> None:
        told(stores, 1)
        buyer = {"name": "T** M**"}
        stores.orders.put(Order("m1", "s1", "SP-1", {"amount": "1", "currency": "SGD"}, {}, buyer, b"sealed", LONG_AGO))

    await storage.write(make)
    assert not await storage.read(lambda stores: stores.keeping.due_orders("m1", BEFORE, 9))
    await storage.write(lambda stores: stores.keeping.clear("m1", 1, NOW, over=True))
    assert await storage.read(lambda stores: list(stores.keeping.due_orders("m1", BEFORE, 9))) == [("s1", "SP-1")]
    assert await storage.write(lambda stores: stores.keeping.clear_order("m1", "s1", "SP-1")) == 1
    kept = await storage.read(lambda stores: stores.orders.get("s1", "SP-1", "m1"))
    assert kept is not None
    assert (dict(kept.buyer), kept.buyer_sealed, kept.total["amount"]) == ({}, None, "1")
