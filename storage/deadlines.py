"""The clock: moments at which the desk must look at a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.records import Deadline
from storage.db import Db, PerDialect
from storage.lists import one_of_pairs
from storage.rows import columns, pairs, values
from storage.schema import deadlines

_KEY = ("merchant_id", "ticket", "kind")
_ARM = PerDialect(
    lambda insert: (new := insert(deadlines)).on_conflict_do_update(index_elements=_KEY, set_={"due_at": new.excluded.due_at})
)
_OF = (deadlines.c.merchant_id == bindparam("m"), deadlines.c.ticket == bindparam("t"))
_DISARM = delete(deadlines).where(*_OF)
_DISARM_ONE = _DISARM.where(deadlines.c.kind == bindparam("k"))
_DISARM_FAMILY = _DISARM.where(deadlines.c.kind.startswith(bindparam("f")))
# SQLite has no row locks and needs none: its writers come one after another.
_DUE = (
    select(*columns(deadlines, Deadline))
    .where(deadlines.c.due_at <= bindparam("now"))
    .order_by(deadlines.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_PLAN = (
    select(*columns(deadlines, Deadline))
    .where(deadlines.c.due_at <= bindparam("now"))
    .order_by(deadlines.c.due_at)
    .limit(bindparam("most"))
)
_TAKE = (
    select(*columns(deadlines, Deadline))
    .where(one_of_pairs(deadlines.c.merchant_id, deadlines.c.ticket), deadlines.c.due_at <= bindparam("now"))
    .order_by(deadlines.c.due_at)
    .with_for_update(skip_locked=True)
)
_NEXT = select(func.min(deadlines.c.due_at))


class SqlDeadlines:
    """bot.stores.Deadlines."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def arm(self, deadlines: Sequence[Deadline]) -> None:
        """In the order of their keys, so that two transactions never wait for each other in a circle."""
        rows = {(each.merchant_id, each.ticket, each.kind): each for each in deadlines}
        self._db.soon(_ARM, [values(rows[key]) for key in sorted(rows)], key=("merchant_id", "ticket", "kind"))

    def disarm(self, merchant_id: str, ticket: int, kind: str | None = None) -> None:
        """One of them, or all of a ticket."""
        if kind is None:
            self._db.run(_DISARM, {"m": merchant_id, "t": ticket})
        else:
            self._db.run(_DISARM_ONE, {"m": merchant_id, "t": ticket, "k": kind})

    def disarm_many(self, tickets: Sequence[tuple[str, int]], kind: str) -> None:
        """In the order of their keys, as `arm` does."""
        self._db.each(_DISARM_ONE, [{"m": merchant_id, "t": ticket, "k": kind} for merchant_id, ticket in sorted(tickets)])

    def take(self, wanted: Sequence[Deadline], now: datetime) -> Sequence[Deadline]:
        """By their keys."""
        keys = {(each.merchant_id, each.ticket, each.kind) for each in wanted}
        found = [Deadline(*row) for row in self._db.all(_TAKE, {**pairs((m, t) for m, t, _ in keys), "now": now})]
        return [each for each in found if (each.merchant_id, each.ticket, each.kind) in keys]

    def due(self, now: datetime, limit: int) -> Sequence[Deadline]:
        """One indexed read."""
        return [Deadline(*row) for row in self._db.all(_PLAN, {"now": now, "most": limit})]

    def disarm_family(self, merchant_id: str, ticket: int, family: str) -> None:
        """All of that name."""
        self._db.run(_DISARM_FAMILY, {"m": merchant_id, "t": ticket, "f": f"{family}:"})

    def take_due(self, now: datetime, limit: int) -> Sequence[Deadline]:
        """The oldest due that nobody else holds."""
        return [Deadline(*row) for row in self._db.all(_DUE, {"now": now, "most": limit})]

    def next_due(self) -> datetime | None:
        """One indexed read."""
        row = self._db.first(_NEXT)
        return row[0] if row else None
