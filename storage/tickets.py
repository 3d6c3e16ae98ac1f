"""Tickets: found by number, saved by version, listed by filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, select, tuple_, update

from bot.errors import Conflict
from bot.messages import Page, TicketFilter
from bot.records import Order
from bot.ticket import ENDED, Ticket
from storage import texts
from storage.db import Db
from storage.figures import CHANGED
from storage.lists import one_of, one_of_pairs
from storage.pages import around, page
from storage.rows import is_number, pairs
from storage.schema import RUNNING, directory, ticket_numbers, tickets
from storage.ticket_filter import conditions
from storage.ticket_rows import CLOCKS, COLUMNS, clocks_of, ticket_of, values_of

_ALL = select(*COLUMNS)
MOST_OF_ORDER = 200
_URGENCY = (tickets.c.next_due, tickets.c.number)
_NEWEST = (tickets.c.number,)
_ENDED = {state.value for state in ENDED}
_KEY = (tickets.c.merchant_id, tickets.c.number)
_JOINED = _ALL.join_from(
    ticket_numbers, tickets, (tickets.c.merchant_id == ticket_numbers.c.merchant_id) & (tickets.c.number == ticket_numbers.c.number)
)
_OWN = _ALL.where(tickets.c.merchant_id == bindparam("within"), tickets.c.number == bindparam("number"))
_ANY = _JOINED.where(ticket_numbers.c.number == bindparam("number"))
_MANY = _JOINED.where(one_of(ticket_numbers.c.number, "numbers"))
_LOCKED = (
    _ALL.where(one_of_pairs(*_KEY)).order_by(*_KEY).with_for_update(skip_locked=True)
)  # fmt: skip
_ALLOT = insert(ticket_numbers).returning(ticket_numbers.c.number)
_ADD = insert(tickets)
_KEPT = ("merchant_id", "number", "version")
_SET: dict[str, Any] = {column.name: bindparam(column.name) for column in tickets.c if column.name not in _KEPT}
_THIS = update(tickets).where(tickets.c.merchant_id == bindparam("of_merchant"), tickets.c.number == bindparam("of_number"))
_SAVE = _THIS.where(tickets.c.version == bindparam("read_version")).values(_SET | {"version": tickets.c.version + 1})
_CLOCKS = _THIS.values({name: bindparam(name) for name in CLOCKS} | {"version": tickets.c.version + 1})
_RUNNING = _ALL.where(RUNNING).order_by(*_KEY).limit(bindparam("most"))
_RUNNING_OWN = _RUNNING.where(tickets.c.merchant_id == bindparam("within"), tickets.c.number > bindparam("number"))
_RUNNING_ANY = _RUNNING.where(tuple_(*_KEY) > tuple_(bindparam("merchant"), bindparam("number")))
_OF_ORDER = (
    _ALL.join(directory, directory.c.merchant_id == tickets.c.merchant_id)
    .where(
        directory.c.kind == "shop", directory.c.id == bindparam("shop_id"),
        tickets.c.shop_id == bindparam("shop_id"), tickets.c.order_no == bindparam("order_no"),
    )
    .order_by(tickets.c.number)
    .limit(MOST_OF_ORDER)
)  # fmt: skip
_OF_ORDERS = (
    _ALL.where(one_of(tickets.c.merchant_id, "merchants"), one_of(tickets.c.order_no, "numbers"))
    .order_by(tickets.c.number)
    .limit(10 * MOST_OF_ORDER)
)


class SqlTickets:
    """bot.stores.Tickets."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def next_number(self, merchant_id: str) -> int:
        """Never waits for another transaction; one that fails leaves a gap."""
        row = self._db.first(_ALLOT, {"merchant_id": merchant_id})
        if row is None:
            raise Conflict("no number came back")
        return int(row[0])

    def add(self, ticket: Ticket, next_due: datetime | None) -> None:
        """A new one, with a number from `next_number`."""
        self.add_many([(ticket, next_due)])

    def next_numbers(self, merchant_id: str, many: int) -> Sequence[int]:
        """In one call to the driver."""
        return sorted(int(row[0]) for row in self._db.gained(_ALLOT, [{"merchant_id": merchant_id}] * many)) if many else []

    def add_many(self, tickets: Sequence[tuple[Ticket, datetime | None]]) -> None:
        """The same as `add`, in one call to the driver."""
        self._db.soon(_ADD, [values_of(ticket, next_due) for ticket, next_due in tickets])
        texts.add_tickets(self._db, [ticket for ticket, _ in tickets])

    def get(self, number: int, within: str | None = None) -> Ticket | None:
        """One key read where the merchant is known."""
        if not is_number(number):
            return None
        row = self._db.first(_ANY, {"number": number}) if within is None else self._db.first(_OWN, {"number": number, "within": within})
        return ticket_of(row) if row else None

    def many(self, numbers: Iterable[int]) -> Mapping[int, Ticket]:
        """Those that exist."""
        wanted = sorted({number for number in numbers if is_number(number)})
        return {row[1]: ticket_of(row) for row in self._db.all(_MANY, {"numbers": wanted})} if wanted else {}

    def locked(self, keys: Sequence[tuple[str, int]]) -> Mapping[int, Ticket]:
        """In the order of their keys, so that two transactions never wait for each other in a circle."""
        return {row[1]: ticket_of(row) for row in self._db.all(_LOCKED, pairs(keys))} if keys else {}

    def save(self, ticket: Ticket, next_due: datetime | None) -> Ticket:
        """Conditional on the version; raises Conflict when someone was faster."""
        if self._db.run(_SAVE, _row(ticket, next_due)) != 1:
            raise Conflict(f"{ticket.name} is not at version {ticket.version} any more")
        self._db.run(CHANGED, {"merchant_id": ticket.merchant_id, "ticket": ticket.number, "times": ticket.version})
        return replace(ticket, version=ticket.version + 1)

    def save_clocks(self, tickets: Sequence[tuple[Ticket, datetime | None]]) -> None:
        """One call to the driver; nobody else can have changed them."""
        self._db.each(_CLOCKS, [clocks_of(ticket, next_due) for ticket, next_due in tickets])
        changed = sorted((ticket.merchant_id, ticket.number, ticket.version) for ticket, _ in tickets)
        self._db.each(CHANGED, [dict(zip(("merchant_id", "ticket", "times"), each, strict=True)) for each in changed])

    def page(self, filter: TicketFilter, limit: int, cursor: str | None) -> Page[Ticket]:
        """Newest number first."""
        statement = _ALL.where(*conditions(filter, self._db.dialect))
        return page(self._db, statement, [tickets.c.number], [int], limit, cursor, ticket_of, newest_first=True)

    def walk(self, within: str | None, after: int, limit: int) -> Sequence[Ticket]:
        """By an index, wherever it has come."""
        statement = _ALL.where(tickets.c.number > after).order_by(tickets.c.number).limit(limit)
        statement = statement if within is None else statement.where(tickets.c.merchant_id == within)
        return [ticket_of(row) for row in self._db.all(statement)]

    def urgent(self, filter: TicketFilter, limit: int, cursor: str | None = None, *, back: bool = False) -> Page[Ticket]:
        """By an index in that order, where it is one merchant's or anybody's live ones."""
        statement = _ALL.where(*conditions(filter, self._db.dialect))
        if filter.states and _ENDED.issuperset(filter.states):
            return around(self._db, statement, _NEWEST, [int], limit, cursor, ticket_of, back=back, newest_first=True)
        return around(self._db, statement, _URGENCY, [datetime, int], limit, cursor, ticket_of, back=back)

    def count(self, filter: TicketFilter, most: int | None = None) -> int:
        """One read."""
        matching = conditions(filter, self._db.dialect)
        if most is None:
            row = self._db.first(select(func.count()).select_from(tickets).where(*matching))
        else:
            some = select(literal_column("1")).select_from(tickets).where(*matching).limit(most + 1).subquery()
            row = self._db.first(select(func.count()).select_from(some))
        return int(row[0]) if row else 0

    def running(self, within: str | None, after: tuple[str, int], limit: int) -> Sequence[Ticket]:
        """By an index that has no others."""
        merchant, number = after
        if within is None:
            return [ticket_of(row) for row in self._db.all(_RUNNING_ANY, {"merchant": merchant, "number": number, "most": limit})]
        return [ticket_of(row) for row in self._db.all(_RUNNING_OWN, {"within": within, "number": number, "most": limit})]

    def of_order(self, shop_id: str, order_no: str) -> Sequence[Ticket]:
        """By number, 200 at most."""
        return [ticket_of(row) for row in self._db.all(_OF_ORDER, {"shop_id": shop_id, "order_no": order_no})]

    def of_orders(self, orders: Sequence[Order]) -> Mapping[tuple[str, str], Sequence[Ticket]]:
        """In one read, by number, 200 at most of each; of a page full of orders with very many, some of the newest are left out."""
        wanted = {(each.merchant_id, each.shop_id, each.order_no) for each in orders}
        lists = {"merchants": sorted({each[0] for each in wanted}), "numbers": sorted({each[2] for each in wanted})}
        found: dict[tuple[str, str], list[Ticket]] = {}
        for ticket in map(ticket_of, self._db.all(_OF_ORDERS, lists) if wanted else ()):
            key = (ticket.shop_id, ticket.order_no or "")
            if (ticket.merchant_id, *key) in wanted and len(found.setdefault(key, [])) < MOST_OF_ORDER:
                found[key].append(ticket)
        return found


def _row(ticket: Ticket, next_due: datetime | None) -> dict[str, Any]:
    row = values_of(ticket, next_due)
    row["of_merchant"], row["of_number"], row["read_version"] = row.pop("merchant_id"), row.pop("number"), row.pop("version")
    return row
