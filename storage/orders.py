"""Orders, by shop and number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, select, union

from bot.messages import OrderFilter, Page
from bot.records import Order
from storage import paid_days
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.order_facts import facts
from storage.pages import page
from storage.rows import columns, values
from storage.schema import directory, orders, shops

_ALL = select(*columns(orders, Order))
_THIS = (orders.c.shop_id == bindparam("shop_id"), orders.c.order_no == bindparam("order_no"))
_OWN = _ALL.where(orders.c.merchant_id == bindparam("within"), *_THIS)
_ANY = _ALL.join(directory, directory.c.merchant_id == orders.c.merchant_id).where(
    directory.c.kind == "shop", directory.c.id == bindparam("shop_id"), *_THIS
)
_NUMBERED = _ALL.where(orders.c.order_no == bindparam("order_no")).order_by(orders.c.merchant_id, orders.c.shop_id).limit(50)
_NUMBERED_OWN = _NUMBERED.where(orders.c.merchant_id == bindparam("within"))
_KEY = ("merchant_id", "shop_id", "order_no")
_PUT = PerDialect(
    lambda insert: (new := insert(orders)).on_conflict_do_update(
        index_elements=_KEY, set_={name: new.excluded[name] for name in orders.c.keys() if name not in _KEY}  # noqa: SIM118
    )
)  # fmt: skip


_MANY = _ALL.where(orders.c.merchant_id == bindparam("m"), orders.c.shop_id == bindparam("s"), one_of(orders.c.order_no, "numbers"))
_PAID_BY = _ALL.where(one_of(orders.c.transaction_id, "ids"))
_PAID_BY_OWN = _PAID_BY.where(orders.c.merchant_id == bindparam("m"))
_CALLED = _ALL.where(one_of(orders.c.order_no, "ids"))
_CALLED_OWN = _CALLED.where(orders.c.merchant_id == bindparam("m"))
_REMOVE = delete(orders).where(orders.c.merchant_id == bindparam("m"), *_THIS)
_ADD = PerDialect(lambda insert: insert(orders).on_conflict_do_nothing(index_elements=_KEY))


class SqlOrders:
    """bot.stores.Orders."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._paid: dict[tuple[str, str], list[Order]] = {}  # by merchant and transaction, by merchant and number: what is known
        self._called: dict[tuple[str, str], list[Order]] = {}

    def get(self, shop_id: str, order_no: str, within: str | None = None) -> Order | None:
        """One order."""
        if within is not None and (within, order_no) in self._called:
            return next((each for each in self._called[within, order_no] if each.shop_id == shop_id), None)
        wanted = {"shop_id": shop_id, "order_no": order_no}
        row = self._db.first(_ANY, wanted) if within is None else self._db.first(_OWN, {**wanted, "within": within})
        return Order(*row) if row else None

    def find(self, order_no: str, within: str | None) -> Sequence[Order]:
        """Every shop's order of that number, 50 at most."""
        if within is None:
            return [Order(*row) for row in self._db.all(_NUMBERED, {"order_no": order_no})]
        return [Order(*row) for row in self._db.all(_NUMBERED_OWN, {"order_no": order_no, "within": within})]

    def put(self, order: Order) -> None:
        """Adds or replaces it."""
        self._db.run(_PUT, _row(order))
        paid_days.mark(self._db, [order])
        self._forget()

    def many(self, merchant_id: str, shop_id: str, numbers: Iterable[str]) -> Mapping[str, Order]:
        """In one read."""
        wanted = {"m": merchant_id, "s": shop_id, "numbers": sorted(set(numbers))}
        return {row[2]: Order(*row) for row in self._db.all(_MANY, wanted)} if wanted["numbers"] else {}

    def paid_by(self, transactions: Iterable[str], within: str | None) -> Sequence[Order]:
        """In one read."""
        wanted = set(transactions)
        if within is not None and all((within, each) in self._paid for each in wanted):
            return _sorted(order for each in wanted for order in self._paid[within, each])
        return self._of(_PAID_BY, _PAID_BY_OWN, wanted, within)

    def called(self, numbers: Iterable[str], within: str | None) -> Sequence[Order]:
        """In one read."""
        wanted = set(numbers)
        if within is not None and all((within, each) in self._called for each in wanted):
            return _sorted(order for each in wanted for order in self._called[within, each])
        return self._of(_CALLED, _CALLED_OWN, wanted, within)

    def read_ahead(self, merchant_id: str, transactions: Iterable[str], numbers: Iterable[str]) -> None:
        """In two reads; until an order is written."""
        paid, called = set(transactions), set(numbers)
        for_paid, for_called = self._of(_PAID_BY, _PAID_BY_OWN, paid, merchant_id), self._of(_CALLED, _CALLED_OWN, called, merchant_id)
        self._paid |= {(merchant_id, each): [order for order in for_paid if order.payment.get("transaction_id") == each] for each in paid}
        self._called |= {(merchant_id, each): [order for order in for_called if order.order_no == each] for each in called}

    def _forget(self) -> None:
        self._paid, self._called = {}, {}

    def _of(self, anybody: Select[Any], own: Select[Any], ids: Iterable[str], within: str | None) -> Sequence[Order]:
        wanted = sorted(set(ids))
        if not wanted:
            return []
        rows = self._db.all(anybody, {"ids": wanted}) if within is None else self._db.all(own, {"ids": wanted, "m": within})
        return _sorted(Order(*row) for row in rows)

    def add(self, orders: Sequence[Order]) -> None:
        """In the order of their keys, so that two transactions never wait for each other in a circle."""
        rows = {(each.merchant_id, each.shop_id, each.order_no): each for each in reversed(orders)}
        self._db.each(_ADD, [_row(rows[key]) for key in sorted(rows)])
        paid_days.mark(self._db, orders)
        self._forget()

    def remove(self, order: Order) -> None:
        """One."""
        self._db.run(_REMOVE, {"m": order.merchant_id, "shop_id": order.shop_id, "order_no": order.order_no})
        self._forget()

    def page(self, wanted: OrderFilter, limit: int, cursor: str | None) -> Page[Order]:
        """By merchant, shop and number."""
        statement = (_ALL if wanted.q is None else _named(wanted.q, wanted.merchant)).where(*_conditions(wanted))
        key = [orders.c[name] for name in _KEY]
        return page(self._db, statement, key, [str, str, str], limit, cursor, lambda row: Order(*row))


def _sorted(orders: Iterable[Order]) -> list[Order]:
    return sorted(orders, key=lambda each: (each.merchant_id, each.shop_id, each.order_no))


def _row(order: Order) -> dict[str, Any]:
    return values(order) | facts(order.total, order.payment)


def _conditions(wanted: OrderFilter) -> list[ColumnElement[bool]]:
    column = orders.c
    equal = (
        (column.merchant_id, wanted.merchant), (column.shop_id, wanted.shop), (column.currency, wanted.currency),
        (column.order_no, wanted.order_no), (column.transaction_id, wanted.transaction), (column.sub_merchant_id, wanted.sub_merchant),
    )  # fmt: skip
    found: list[ColumnElement[bool]] = [each == value for each, value in equal if value is not None]
    if wanted.platform is not None:
        of_platform = select(shops.c.id).where(shops.c.merchant_id == column.merchant_id, shops.c.platform == wanted.platform)
        found.append(column.shop_id.in_(of_platform))
    if wanted.paid_from is not None:
        found.append(column.paid_at >= wanted.paid_from)
    if wanted.paid_to is not None:
        found.append(column.paid_at < wanted.paid_to)
    return found


def _named(words: str, merchant: str | None) -> Select[Any]:
    """By its number, its transaction or its sub-merchant: three reads by an index, where `or` would walk the list."""
    key, own = [orders.c[name] for name in _KEY], [orders.c.merchant_id == merchant] if merchant is not None else []
    ways = (orders.c.order_no, orders.c.transaction_id, orders.c.sub_merchant_id)
    few = union(*(select(*key).where(each == words, *own) for each in ways)).subquery("few")
    return _ALL.join(few, and_(*(few.c[name] == orders.c[name] for name in _KEY)))
