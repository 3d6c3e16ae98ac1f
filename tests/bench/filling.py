"""Fills a database with realistic rows, many at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy import Connection, insert, text

from bot.people import Person, Role
from bot.records import Deadline, Merchant, Shop
from bot.sla.escalation import next_moment, next_tier_at
from bot.sla.policy import Policy
from bot.target import Target
from bot.ticket import CATEGORIES, Category, State, Ticket
from storage.db import Db
from storage.rows import values
from storage.schema import deadlines, ticket_numbers, tickets
from storage.stores import SqlStores
from storage.ticket_rows import values_of

HOUR = timedelta(hours=1)
NO_WARNINGS = Policy("bench", (2 * HOUR, 24 * HOUR, 72 * HOUR), ())
AGENT = "U0AGENT"
_SUBJECTS = (
    "Refund has not arrived",
    "Charged twice for one order",
    "包裹没有收到",
    "Wrong colour, wrong size",
    "Settlement is three days late",
)
_TEXT = "I paid for this on the 3rd and the parcel still shows as handed over. Please look into it, I need an answer this week. "
_STATES = (State.NEW, State.OPEN, State.OPEN, State.PENDING)


def merchant_id(index: int) -> str:
    """The name of the index-th merchant."""
    return f"m{index:04d}"


def add_merchants(connection: Connection, many: int, now: datetime) -> None:
    """Each with a shop and a Slack channel of its own; and one agent of the operator's, who sees them all."""
    stores = SqlStores(Db(connection, count()))
    for index in range(many):
        id = merchant_id(index)
        profile = {"notify": {"slack_channel": f"C{index:04d}", "emails": []}}
        stores.merchants.put(Merchant(id, f"Merchant {index}", "Asia/Shanghai", "en", profile, now))
        stores.merchants.put_shop(Shop(f"shop-{id}", id, "shopee", f"Shop {index}"))
    stores.people.put(Person("agent", "Ann Agent", Role.LEAD, None, AGENT, locale="en"))


def open_ticket(index: int, number: int, many_merchants: int, now: datetime) -> Ticket:
    """One of many: opened within the last two hours, its clocks far from due."""
    opened = now - timedelta(seconds=index % 3600) + 48 * HOUR  # in the future: nothing of it falls due while we measure
    state, id = _STATES[index % len(_STATES)], merchant_id(index % many_merchants)
    taken = state is not State.NEW
    return Ticket(
        id, number, f"shop-{id}", "shopee", _SUBJECTS[index % len(_SUBJECTS)], _TEXT * (1 + index % 3), now, now,
        order_no=f"SP-{number}", currency="SGD", state=state, category=Category(CATEGORIES[index % len(CATEGORIES)], 0.9),
        buyer={"name": "T*** W**", "phone": "+65 **** 4567"}, buyer_sealed=b"\x01" * 96, language="en",
        assignee="agent" if taken else None, seen_at=now,
        first_response=Target(now, opened + 2 * HOUR, now if taken else None),
        resolution=Target(now, opened + 24 * HOUR), closure=Target(now, opened + 72 * HOUR),
    )  # fmt: skip


def add_tickets(connection: Connection, made: Iterable[Ticket]) -> None:
    """With their numbers and their `sla` deadlines."""
    batch: list[Ticket] = []
    for ticket in made:
        batch.append(ticket)
        if len(batch) == 1000:
            _add(connection, batch)
            batch = []
    if batch:
        _add(connection, batch)


def multiply(connection: Connection, to: int) -> None:
    """Copies the tickets that are there, which are numbered from 1001 on without a gap, until there are `to` of them."""
    base = connection.execute(text("SELECT count(*) FROM tickets")).scalar_one()
    second = "1000000" if connection.dialect.name == "sqlite" else "interval '1 second'"
    for shift in range(base, to, base):
        for table, number, due in ((ticket_numbers, "number", None), (tickets, "number", "next_due"), (deadlines, "ticket", "due_at")):
            changed = {number: f"{number} + {shift}", due: f"{due} + {shift // base} * {second}"}
            names = [column.name for column in table.c]
            taken = ", ".join(changed.get(name, name) for name in names)
            connection.execute(text(
                f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {taken} FROM {table.name} "  # noqa: S608
                f"WHERE {number} <= {1000 + min(base, to - shift)}"
            ))  # fmt: skip
    connection.execute(text("ANALYZE"))


def _add(connection: Connection, batch: Sequence[Ticket]) -> None:
    connection.execute(insert(ticket_numbers), [{"number": each.number, "merchant_id": each.merchant_id} for each in batch])
    connection.execute(insert(tickets), [values_of(each, next_tier_at(each)) for each in batch])
    moments = [(each, next_moment(each, NO_WARNINGS)) for each in batch]
    rows = [values(Deadline(each.merchant_id, each.number, "sla", at)) for each, at in moments if at is not None]
    if rows:
        connection.execute(insert(deadlines), rows)
