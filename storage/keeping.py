"""Holds, requests to erase, and what is due to be cleared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, exists, func, insert, or_, select, tuple_, update

from bot.messages import Page
from bot.stores.keeping import Erasure, LegalHold
from storage import clearing
from storage.db import Db, PerDialect
from storage.pages import page
from storage.rows import columns, values
from storage.schema import cases, erasures, legal_holds, orders, saved_views, tickets

_M: Any = bindparam("m")
_T: Any = bindparam("t")
_NOW = bindparam("now", type_=legal_holds.c.until.type)
_OF = (legal_holds.c.merchant_id == _M, legal_holds.c.ticket == _T)
_HOLD = select(*columns(legal_holds, LegalHold)).where(*_OF, legal_holds.c.until > _NOW)
_PUT_HOLD = PerDialect(
    lambda insert: (new := insert(legal_holds)).on_conflict_do_update(
        index_elements=["merchant_id", "ticket"], set_={name: new.excluded[name] for name in ("reason", "until", "by", "at")}
    )
)
_LIFT = delete(legal_holds).where(*_OF)
_OPEN_CASE = and_(cases.c.merchant_id == tickets.c.merchant_id, cases.c.ticket == tickets.c.number, cases.c.outcome.is_(None))
_DISPUTED = select(cases.c.case_id).where(cases.c.merchant_id == _M, cases.c.ticket == _T, cases.c.outcome.is_(None)).limit(1)
_HELD = and_(legal_holds.c.merchant_id == tickets.c.merchant_id, legal_holds.c.ticket == tickets.c.number, legal_holds.c.until > _NOW)
_IS_DUE = (
    tickets.c.merchant_id == _M, tickets.c.cleared_at.is_(None), tickets.c.closed_at.is_not(None),
    tickets.c.closed_at < bindparam("before", type_=tickets.c.closed_at.type), tickets.c.state.in_(["closed", "archived"]),
    ~exists().where(_HELD), ~exists().where(_OPEN_CASE),
)  # fmt: skip
_DUE = (
    select(tickets.c.number)
    .where(*_IS_DUE)
    .order_by(tickets.c.closed_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=tickets)
)
_COUNT = select(func.count()).select_from(tickets).where(*_IS_DUE)
_ITS = and_(
    tickets.c.merchant_id == orders.c.merchant_id, tickets.c.order_no == orders.c.order_no, tickets.c.shop_id == orders.c.shop_id,
    tickets.c.cleared_at.is_(None),
)  # fmt: skip
_DUE_ORDERS = (
    select(orders.c.shop_id, orders.c.order_no)
    .where(
        orders.c.merchant_id == _M, orders.c.buyer_sealed.is_not(None),
        orders.c.updated_at < bindparam("before", type_=orders.c.updated_at.type), ~exists().where(_ITS),
    )
    .order_by(orders.c.updated_at)
    .limit(bindparam("most"))
)  # fmt: skip
_CALLED = select(orders.c.shop_id).where(orders.c.merchant_id == _M, orders.c.order_no == bindparam("o")).order_by(orders.c.shop_id)
_ABOUT = select(tickets.c.number).where(tickets.c.merchant_id == _M, tickets.c.order_no == bindparam("o"), tickets.c.cleared_at.is_(None))
_OF_SHOP = or_(bindparam("any"), tickets.c.shop_id == bindparam("s"))
_OF_ORDER = _ABOUT.where(_OF_SHOP).order_by(tickets.c.number).limit(bindparam("most"))
_SHOPS = (
    select(tickets.c.number)
    .where(tickets.c.merchant_id == _M, tickets.c.shop_id == bindparam("s"), tickets.c.cleared_at.is_(None), tickets.c.subject != "")
    .order_by(tickets.c.number)
    .limit(bindparam("most"))
)
_SHOPS_ORDERS = (
    select(orders.c.order_no)
    .where(orders.c.merchant_id == _M, orders.c.shop_id == bindparam("s"), orders.c.buyer_sealed.is_not(None))
    .order_by(orders.c.order_no)
    .limit(bindparam("most"))
)
_ALL = select(*columns(erasures, Erasure))
_ADD = insert(erasures)
_STEP = ("state", "left", "removed", "look_at", "done_at", "certificate")
_SAVE = (
    update(erasures)
    .where(erasures.c.merchant_id == bindparam("m"), erasures.c.id == bindparam("i"))
    .values({name: bindparam(f"new_{name}", type_=erasures.c[name].type) for name in _STEP})
)
_GET = _ALL.where(erasures.c.id == bindparam("i"))
_WAITING = (
    _ALL.where(erasures.c.look_at.is_not(None), erasures.c.look_at <= bindparam("now", type_=erasures.c.look_at.type))
    .order_by(erasures.c.look_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_HURRY = (
    update(erasures)
    .where(erasures.c.merchant_id == _M, erasures.c.look_at.is_not(None))
    .values(look_at=bindparam("now", type_=erasures.c.look_at.type))
)  # fmt: skip
_VIEW = (saved_views.c.person_id, saved_views.c.name)
_VIEWS = select(*_VIEW, saved_views.c.shown, saved_views.c.words).where(saved_views.c.merchant_id == _M)


class SqlKeeping:
    """bot.stores.Keeping."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def hold(self, merchant_id: str, ticket: int, now: datetime) -> LegalHold | None:
        """By its ticket."""
        row = self._db.first(_HOLD, {"m": merchant_id, "t": ticket, "now": now})
        return LegalHold(*row) if row else None

    def put_hold(self, hold: LegalHold) -> None:
        """One per ticket."""
        self._db.run(_PUT_HOLD, values(hold))

    def lift_hold(self, merchant_id: str, ticket: int) -> bool:
        """By its ticket."""
        return self._db.run(_LIFT, {"m": merchant_id, "t": ticket}) > 0

    def disputed(self, merchant_id: str, ticket: int) -> bool:
        """Any that has no outcome."""
        return self._db.first(_DISPUTED, {"m": merchant_id, "t": ticket}) is not None

    def due(self, merchant_id: str, closed_before: datetime, now: datetime, limit: int) -> Sequence[int]:
        """By an index of those that were not cleared, the longest closed first."""
        return [row[0] for row in self._db.all(_DUE, {"m": merchant_id, "before": closed_before, "now": now, "most": limit})]

    def due_orders(self, merchant_id: str, before: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """By an index of those with a buyer."""
        return [(row[0], row[1]) for row in self._db.all(_DUE_ORDERS, {"m": merchant_id, "before": before, "most": limit})]

    def count(self, merchant_id: str, closed_before: datetime, now: datetime) -> int:
        """By the same index."""
        row = self._db.first(_COUNT, {"m": merchant_id, "before": closed_before, "now": now})
        return int(row[0]) if row else 0

    def orders_called(self, merchant_id: str, order_no: str) -> Sequence[str]:
        """Of all the merchant's shops."""
        return [row[0] for row in self._db.all(_CALLED, {"m": merchant_id, "o": order_no})]

    def tickets_of(self, merchant_id: str, order_no: str, shop_id: str | None, limit: int) -> Sequence[int]:
        """In order."""
        asked = {"m": merchant_id, "o": order_no, "any": shop_id is None, "s": shop_id or "", "most": limit}
        return [row[0] for row in self._db.all(_OF_ORDER, asked)]

    def of_shop(self, merchant_id: str, shop_id: str, limit: int) -> Sequence[str]:
        """Tickets first: an order waits for its own."""
        asked = {"m": merchant_id, "s": shop_id, "most": limit}
        found = [f"T-{row[0]}" for row in self._db.all(_SHOPS, asked)]
        return [*found, *(f"orders/{shop_id}/{row[0]}" for row in self._db.all(_SHOPS_ORDERS, asked))]

    def clear(self, merchant_id: str, ticket: int, now: datetime, *, over: bool) -> Mapping[str, int]:
        """All of it at once."""
        return clearing.ticket(self._db, merchant_id, ticket, now, over=over)

    def clear_order(self, merchant_id: str, shop_id: str, order_no: str) -> int:
        """Its buyer."""
        return clearing.order(self._db, merchant_id, shop_id, order_no)

    def clear_old(self, merchant_id: str | None, before: datetime, limit: int) -> int:
        """Some of each kind."""
        return clearing.old(self._db, merchant_id, before, limit)

    def drop_views(self, merchant_id: str, tokens_of: Callable[[str], Iterable[str]], token: str) -> int:
        """People save few."""
        rows = self._db.all(_VIEWS, {"m": merchant_id})
        named = [(row[0], row[1]) for row in rows if token in tokens_of(f"{row[2]} {row[3]}")]
        return self._db.run(delete(saved_views).where(saved_views.c.merchant_id == merchant_id, tuple_(*_VIEW).in_(named))) if named else 0

    def add(self, erasure: Erasure) -> None:
        """New."""
        self._db.run(_ADD, {**values(erasure), "left": list(erasure.left)})

    def save(self, erasure: Erasure) -> None:
        """How far it is."""
        given = {**asdict(erasure), "left": list(erasure.left)}
        self._db.run(_SAVE, {**{f"new_{name}": given[name] for name in _STEP}, "m": erasure.merchant_id, "i": erasure.id})

    def get(self, id: str, within: str | None) -> Erasure | None:
        """By id."""
        row = self._db.first(_GET, {"i": id})
        found = _erasure(row) if row else None
        return found if found is not None and within in (None, found.merchant_id) else None

    def waiting(self, now: datetime, limit: int) -> Sequence[Erasure]:
        """Another replica's are left out."""
        return [_erasure(row) for row in self._db.all(_WAITING, {"now": now, "most": limit})]

    def hurry(self, merchant_id: str, now: datetime) -> None:
        """All that are kept back."""
        self._db.run(_HURRY, {"m": merchant_id, "now": now})

    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Erasure]:
        """Newest first."""
        statement = _ALL if within is None else _ALL.where(erasures.c.merchant_id == within)
        return page(self._db, statement, [erasures.c.asked_at, erasures.c.id], [datetime, str], limit, cursor, _erasure, newest_first=True)


def _erasure(row: Any) -> Erasure:
    found = list(row)[:12]
    found[7] = tuple(found[7])
    return Erasure(*found)
