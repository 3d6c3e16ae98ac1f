"""Events of payment institutions and shops, stored before they are acknowledged and worked from here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import TextClause, bindparam, delete, func, select, text, tuple_, update

from bot.messages import Page
from bot.paid import Happening
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.pages import page
from storage.rows import columns, values
from storage.schema import expected, happenings

_C = happenings.c
_KEY = ("merchant_id", "connection", "event_id")
_ALL = select(*columns(happenings, Happening))
_ADD = PerDialect(lambda insert: insert(happenings).on_conflict_do_nothing(index_elements=_KEY))
_THIS = tuple(_C[name] == bindparam(f"of_{name}") for name in _KEY)
_FREE = (_C.state == "waiting", _C.available_at <= bindparam("now", type_=_C.available_at.type))
_TAKE = _ALL.where(*_FREE).order_by(_C.available_at, _C.seq).limit(bindparam("most")).with_for_update(skip_locked=True)
_TAKE_ONE = _ALL.where(*_THIS, *_FREE).with_for_update(skip_locked=True)
_SETTLED = ("state", "attempt", "available_at", "why", "ticket", "worked_at")
_SETTLE = update(happenings).where(*_THIS).values({name: bindparam(name) for name in _SETTLED})
TURNS = 7463  # of the advisory locks by which replicas take turns at a merchant's events: those of one case come one after the other
_TRY = text("SELECT pg_try_advisory_xact_lock(:n, hashtext(:m))")
_WAIT = text("SELECT pg_advisory_xact_lock(:n, hashtext(:m))")
_NEXT = select(func.min(_C.available_at)).where(_C.state == "waiting")
_ONE = _ALL.where(_C.id == bindparam("id"))
_EXPECT = PerDialect(lambda insert: insert(expected).on_conflict_do_nothing())
_OWN = expected.c.merchant_id == bindparam("m")
_EXPECTING = select(expected.c.connection, expected.c.event_id).where(_OWN, one_of(expected.c.key, "keys"))
_WAKE = (
    update(happenings)
    .where(_C.merchant_id == bindparam("m"), tuple_(_C.connection, _C.event_id).in_(_EXPECTING), _C.state == "unmatched")
    .values(state="waiting", attempt=0, available_at=bindparam("now", type_=_C.available_at.type))
)  # fmt: skip
_FORGET = delete(expected).where(_OWN, one_of(expected.c.key, "keys"))


class SqlHappenings:
    """bot.stores.Happenings."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, events: Sequence[Happening]) -> None:
        """In the order of their keys, so that two transactions never wait for each other in a circle."""
        rows = [{**values(each), "seq": self._db.seq()} for each in events]
        self._db.each(_ADD, sorted(rows, key=lambda row: [row[name] for name in _KEY]))

    def take(self, now: datetime, limit: int) -> Sequence[Happening]:
        """The oldest, of merchants whose events no other replica works at this moment."""
        rows = [_happening_of(row) for row in self._db.all(_TAKE, {"now": now, "most": limit})]
        mine = {each for each in sorted({row.merchant_id for row in rows}) if self._turn(_TRY, each)}
        return [row for row in rows if row.merchant_id in mine]

    def _turn(self, statement: TextClause, merchant_id: str) -> bool:
        """Until the transaction's end. SQLite has one writer."""
        if self._db.dialect == "sqlite":
            return True
        row = self._db.first(statement, {"n": TURNS, "m": merchant_id})
        return bool(row and row[0] is not False)

    def take_one(self, event: Happening, now: datetime) -> Happening | None:
        """None where it is being worked elsewhere, or has been."""
        self._turn(_WAIT, event.merchant_id)
        row = self._db.first(_TAKE_ONE, {**_key(event), "now": now})
        return _happening_of(row) if row else None

    def settle(self, events: Sequence[Happening]) -> None:
        """In one call."""
        self._db.each(_SETTLE, [{**_key(each), **{name: getattr(each, name) for name in _SETTLED}} for each in events])

    def expect(self, event: Happening, keys: Iterable[str]) -> None:
        """Once each."""
        rows = [
            {"merchant_id": event.merchant_id, "key": key, "connection": event.connection, "event_id": event.event_id}
            for key in sorted(set(keys))
        ]
        self._db.each(_EXPECT, rows)

    def wake(self, merchant_id: str, keys: Iterable[str], now: datetime) -> int:
        """They expect nothing then; what fits nothing again will say so again."""
        wanted = {"m": merchant_id, "keys": sorted(set(keys))}
        if not wanted["keys"]:
            return 0
        woken = self._db.run(_WAKE, {**wanted, "now": now})
        if woken:
            self._db.run(_FORGET, wanted)
        return woken

    def next_available(self) -> datetime | None:
        """One indexed read."""
        row = self._db.first(_NEXT)
        return row[0] if row else None

    def get(self, id: str, within: str | None = None) -> Happening | None:
        """By our own id."""
        row = self._db.first(_ONE, {"id": id})
        found = _happening_of(row) if row else None
        return found if found is None or within in (None, found.merchant_id) else None

    def page(self, within: str | None, state: str | None, limit: int, cursor: str | None) -> Page[Happening]:
        """By when they came."""
        statement = _ALL if within is None else _ALL.where(_C.merchant_id == within)
        statement = statement if state is None else statement.where(_C.state == state)
        key = [_C.received_at, _C.id]
        return page(self._db, statement, key, [datetime, str], limit, cursor, _happening_of, newest_first=True)


def _key(event: Happening) -> dict[str, str]:
    return {f"of_{name}": getattr(event, name) for name in _KEY}


def _happening_of(row: Any) -> Happening:
    found = Happening(*row)
    return replace(found, sealed=bytes(found.sealed))
