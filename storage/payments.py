"""Payments and cases, as institutions have told them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Insert, Table, bindparam, insert, select, update

from bot.errors import Conflict
from bot.paid import Case, Payment
from bot.records import Order
from storage.db import Db
from storage.lists import one_of
from storage.rows import columns, values
from storage.schema import cases, payments

Key = tuple[str, str, str]  # merchant, institution, its own id
_P, _C = payments.c, cases.c
_PAYMENTS = select(*columns(payments, Payment))
_OWN = _PAYMENTS.where(_P.merchant_id == bindparam("m"))
_THESE = _OWN.where(_P.provider == bindparam("p"), one_of(_P.payment_id, "keys"))
_PAYMENT = _OWN.where(_P.provider == bindparam("p"), _P.payment_id == bindparam("i"))
_SOME = _OWN.where(one_of(_P.payment_id, "keys")).order_by(_P.provider, _P.payment_id)
_ANYBODYS = _PAYMENTS.where(one_of(_P.payment_id, "keys")).order_by(_P.merchant_id, _P.provider)
_CALLED = _OWN.where(one_of(_P.reference, "keys")).order_by(_P.provider, _P.payment_id).limit(50)
_OF_ORDERS = _PAYMENTS.where(
    one_of(_P.merchant_id, "merchants"), one_of(_P.shop_id, "shops"), one_of(_P.order_no, "numbers")
).order_by(_P.paid_at, _P.provider, _P.payment_id)  # fmt: skip
_CASES = select(*columns(cases, Case)).where(_C.merchant_id == bindparam("m"))
_THESE_CASES = _CASES.where(_C.provider == bindparam("p"), one_of(_C.case_id, "keys"))
_CASE = _CASES.where(_C.provider == bindparam("p"), _C.case_id == bindparam("i"))
_OF_TICKET = _CASES.where(_C.ticket == bindparam("t")).order_by(_C.opened_at, _C.provider, _C.case_id)


def _changing(table: Table, key: str) -> Any:
    own = ("merchant_id", "provider", key)
    moved: dict[str, Any] = {name: bindparam(name) for name in table.c.keys() if name not in own}  # noqa: SIM118
    this = [table.c[name] == bindparam(f"of_{name}") for name in own]
    return update(table).where(*this, table.c.version == bindparam("before")).values(moved)


_ADD_PAYMENT, _CHANGE_PAYMENT = insert(payments), _changing(payments, "payment_id")
_ADD_CASE, _CHANGE_CASE = insert(cases), _changing(cases, "case_id")


class SqlPayments:
    """bot.stores.Payments."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._known: dict[Key, Payment | None] = {}

    def get(self, merchant_id: str, provider: str, payment_id: str) -> Payment | None:
        """By its institution's own id."""
        key = (merchant_id, provider, payment_id)
        if key in self._known:
            return self._known[key]
        row = self._db.first(_PAYMENT, {"m": merchant_id, "p": provider, "i": payment_id})
        return Payment(*row) if row else None

    def read_ahead(self, merchant_id: str, provider: str, ids: Iterable[str]) -> None:
        """In one read."""
        wanted = sorted(set(ids))
        found = [Payment(*row) for row in self._db.all(_THESE, {"m": merchant_id, "p": provider, "keys": wanted})] if wanted else []
        self._known |= dict.fromkeys(((merchant_id, provider, each) for each in wanted), None)
        self._known |= {(merchant_id, provider, each.payment_id): each for each in found}

    def some(self, merchant_id: str, keys: Iterable[str]) -> Sequence[Payment]:
        """In one read."""
        return self._of(_SOME, merchant_id, keys)

    def known(self, ids: Iterable[str], within: str | None) -> Sequence[Payment]:
        """In one read."""
        if within is not None:
            return self._of(_SOME, within, ids)
        wanted = sorted(set(ids))
        return [Payment(*row) for row in self._db.all(_ANYBODYS, {"keys": wanted})] if wanted else []

    def called(self, merchant_id: str, references: Iterable[str]) -> Sequence[Payment]:
        """In one read."""
        return self._of(_CALLED, merchant_id, references)

    def _of(self, statement: Any, merchant_id: str, keys: Iterable[str]) -> Sequence[Payment]:
        wanted = sorted(set(keys))
        return [Payment(*row) for row in self._db.all(statement, {"m": merchant_id, "keys": wanted})] if wanted else []

    def put(self, payment: Payment) -> None:
        """Conditional on its version."""
        _put(self._db, payment, "payment_id", _ADD_PAYMENT, _CHANGE_PAYMENT)
        if (key := (payment.merchant_id, payment.provider, payment.payment_id)) in self._known:
            self._known[key] = payment

    def of_orders(self, orders: Sequence[Order]) -> Mapping[tuple[str, str], Sequence[Payment]]:
        """One read, however many."""
        there = {(each.merchant_id, each.shop_id, each.order_no) for each in orders}
        if not there:
            return {}
        wanted = {name: sorted({key[place] for key in there}) for place, name in enumerate(("merchants", "shops", "numbers"))}
        found: dict[tuple[str, str], list[Payment]] = {}
        for row in self._db.all(_OF_ORDERS, wanted):
            payment = Payment(*row)
            if (payment.merchant_id, payment.shop_id, payment.order_no) in there:
                found.setdefault((payment.shop_id, payment.order_no), []).append(payment)
        return found


class SqlCases:
    """bot.stores.Cases."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._known: dict[Key, Case | None] = {}

    def read_ahead(self, merchant_id: str, provider: str, ids: Iterable[str]) -> None:
        """In one read."""
        wanted = sorted(set(ids))
        found = [Case(*row) for row in self._db.all(_THESE_CASES, {"m": merchant_id, "p": provider, "keys": wanted})] if wanted else []
        self._known |= dict.fromkeys(((merchant_id, provider, each) for each in wanted), None)
        self._known |= {(merchant_id, provider, each.case_id): each for each in found}

    def get(self, merchant_id: str, provider: str, case_id: str) -> Case | None:
        """By its institution's own id."""
        key = (merchant_id, provider, case_id)
        if key in self._known:
            return self._known[key]
        row = self._db.first(_CASE, {"m": merchant_id, "p": provider, "i": case_id})
        return Case(*row) if row else None

    def put(self, case: Case) -> None:
        """Conditional on its version."""
        _put(self._db, case, "case_id", _ADD_CASE, _CHANGE_CASE)
        if (key := (case.merchant_id, case.provider, case.case_id)) in self._known:
            self._known[key] = case

    def of_ticket(self, merchant_id: str, ticket: int) -> Sequence[Case]:
        """The oldest first."""
        return [Case(*row) for row in self._db.all(_OF_TICKET, {"m": merchant_id, "t": ticket})]


def _put(db: Db, record: Any, key: str, add: Insert, change: Any) -> None:
    row = values(record)
    if record.version == 1:
        # One that somebody else has added meanwhile ends the transaction; done again, it is known.
        db.soon(add, [row], key=("merchant_id", "provider", key))
        return
    else:
        own = {f"of_{name}": row.pop(name) for name in ("merchant_id", "provider", key)}
        done = db.run(change, {**row, **own, "before": record.version - 1})
    if done != 1:
        raise Conflict(f"{getattr(record, key)} has been told of meanwhile")
