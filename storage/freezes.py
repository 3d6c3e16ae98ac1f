"""Permissions switched off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, insert, select, update

from bot.messages import Page
from bot.records import Freeze
from storage import directory
from storage.db import Db
from storage.pages import page
from storage.rows import columns, values
from storage.schema import freezes

_ALL = select(*columns(freezes, Freeze))
_BY_ID = directory.Lookup(freezes, "freeze", columns(freezes, Freeze))
_ADD = insert(freezes)


def _holding(now: Any) -> list[ColumnElement[bool]]:
    return [freezes.c.lifted_at.is_(None), freezes.c.until > now]


_ACTIVE = _ALL.where(
    freezes.c.kind == bindparam("kind"), freezes.c.subject == bindparam("subject"), *_holding(bindparam("now"))
).order_by(freezes.c.until.desc(), freezes.c.id)  # fmt: skip
_ACTIVE_OWN = _ACTIVE.where(freezes.c.merchant_id == bindparam("within"))
_ALL_ACTIVE = (
    _ALL.where(freezes.c.kind == bindparam("kind"), *_holding(bindparam("now"))).order_by(freezes.c.until.desc()).limit(bindparam("most"))
)
_OF_TICKET = _ALL.where(freezes.c.merchant_id == bindparam("m"), freezes.c.ticket == bindparam("t")).order_by(freezes.c.since, freezes.c.id)
_LIFT = (
    update(freezes)
    .where(freezes.c.merchant_id == bindparam("m"), freezes.c.id == bindparam("i"), freezes.c.lifted_at.is_(None))
    .values(lifted_at=bindparam("lifted_at"), lifted_by=bindparam("lifted_by"), why=bindparam("why"))
)


class SqlFreezes:
    """bot.stores.Freezes."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, freezes: Sequence[Freeze]) -> None:
        """New ones."""
        directory.register_new(self._db, "freeze", [(each.id, each.merchant_id) for each in freezes])
        self._db.each(_ADD, [values(each) for each in freezes])

    def get(self, id: str) -> Freeze | None:
        """By id."""
        row = _BY_ID.row(self._db, id, None)
        return Freeze(*row) if row else None

    def active(self, kind: str, subject: str, merchant_id: str | None, now: datetime) -> Sequence[Freeze]:
        """Not lifted, not lapsed, the latest end first."""
        wanted = {"kind": kind, "subject": subject, "now": now}
        own = merchant_id is not None
        rows = self._db.all(_ACTIVE_OWN, {**wanted, "within": merchant_id}) if own else self._db.all(_ACTIVE, wanted)
        return [Freeze(*row) for row in rows]

    def all_active(self, kind: str, now: datetime, limit: int) -> Sequence[Freeze]:
        """By an index of those that are not lifted."""
        return [Freeze(*row) for row in self._db.all(_ALL_ACTIVE, {"kind": kind, "now": now, "most": limit})]

    def of_ticket(self, merchant_id: str, ticket: int) -> Sequence[Freeze]:
        """Over or not, the oldest first."""
        return [Freeze(*row) for row in self._db.all(_OF_TICKET, {"m": merchant_id, "t": ticket})]

    def lift(self, freeze: Freeze) -> bool:
        """Writes when, by whom and why. False: somebody was faster."""
        who = {"lifted_at": freeze.lifted_at, "lifted_by": freeze.lifted_by, "why": freeze.why}
        return self._db.run(_LIFT, {"m": freeze.merchant_id, "i": freeze.id, **who}) == 1

    def page(self, within: str | None, now: datetime | None, limit: int, cursor: str | None) -> Page[Freeze]:
        """Newest first."""
        statement = _ALL if within is None else _ALL.where(freezes.c.merchant_id == within)
        if now is not None:
            statement = statement.where(*_holding(now))
        key = [freezes.c.since, freezes.c.id]
        return page(self._db, statement, key, [datetime, str], limit, cursor, lambda row: Freeze(*row), newest_first=True)
