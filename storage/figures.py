"""Figures: sums of days and months, kept up by what tickets count for now and what they were counted for before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, select, tuple_, update

from bot.figures.adding import OPERATOR, Key, added
from bot.figures.counting import Counted, Place, Sums
from storage import paid_days
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.schema import figure_changes, figure_facts, figure_state, figures, tickets

SETTLED = timedelta(minutes=2)  # longer than a unit of work may last: a number allotted before is stored by then, or never
_PAGE = 200  # sums read in one statement
_BEGIN = PerDialect(lambda insert: insert(figure_state).on_conflict_do_nothing())
_LOCK = update(figure_state).where(figure_state.c.merchant_id == OPERATOR).values(floor=figure_state.c.floor)
_STATE = select(figure_state.c.floor, figure_state.c.ceiling, figure_state.c.seen_at).where(figure_state.c.merchant_id == OPERATOR)
_MOVE = (
    update(figure_state)
    .where(figure_state.c.merchant_id == OPERATOR)
    .values(floor=bindparam("f"), ceiling=bindparam("c"), seen_at=bindparam("s"))
)
_CHANGE = (figure_changes.c.merchant_id, figure_changes.c.ticket)
_CHANGED = (
    delete(figure_changes)
    .where(tuple_(*_CHANGE).in_(select(*_CHANGE).order_by(*_CHANGE).limit(bindparam("most")).with_for_update(skip_locked=True)))
    .returning(figure_changes.c.ticket)
)
_ANY_CHANGE = select(figure_changes.c.ticket).limit(1)
_NEW = (
    select(tickets.c.number)
    .outerjoin(figure_facts, (figure_facts.c.merchant_id == tickets.c.merchant_id) & (figure_facts.c.ticket == tickets.c.number))
    .where(tickets.c.number > bindparam("floor"), figure_facts.c.ticket.is_(None))
    .order_by(tickets.c.number)
    .limit(bindparam("most"))
)
_LOOK = select(figure_facts.c.ticket).where(figure_facts.c.look_at < bindparam("now")).order_by(figure_facts.c.look_at)
_LOOK = _LOOK.limit(bindparam("most"))
_NEWEST = select(func.max(tickets.c.number))
_FACTS = select(figure_facts).where(one_of(figure_facts.c.ticket, "numbers"))
_KEEP = PerDialect(
    lambda insert: (new := insert(figure_facts)).on_conflict_do_update(
        index_elements=["merchant_id", "ticket"], set_={name: new.excluded[name] for name in ("version", "look_at", "counted")}
    )
)
_KEY = (figures.c.merchant_id, figures.c.kind, figures.c.subject, figures.c.at)
_THESE = select(*_KEY, figures.c.sums).where(tuple_(*_KEY).in_(bindparam("keys", expanding=True)))
_PUT = PerDialect(
    lambda insert: (new := insert(figures)).on_conflict_do_update(
        index_elements=["merchant_id", "kind", "subject", "at"], set_={name: new.excluded[name] for name in ("open", "sums")}
    )
)
_OF = (figures.c.merchant_id == bindparam("m"), figures.c.kind == bindparam("k"), figures.c.subject == bindparam("s"))
_MONTHS = select(figures.c.sums).where(*_OF, one_of(figures.c.at, "months"))
_DAYS = select(figures.c.sums).where(*_OF, figures.c.at >= bindparam("first"), figures.c.at <= bindparam("last"))
_OPEN = select(figures.c.at, figures.c.open).where(*_OF, figures.c.open > 0, func.length(figures.c.at) == len("2026-11-23"))
CHANGED = PerDialect(
    # Writes even where it stands already: so the pass that takes it waits for this change, or this change for the pass.
    lambda insert: (new := insert(figure_changes)).on_conflict_do_update(
        index_elements=["merchant_id", "ticket"], set_={"times": new.excluded.times}
    )
)


class SqlFigures:
    """bot.stores.Figures."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def waiting(self, now: datetime) -> bool:
        """Some reads by an index; or whether the floor can follow, so that at rest nothing is looked through above it."""
        floor, _, seen_at = self._db.first(_STATE) or (0, 0, now)
        if paid_days.waiting(self._db, now):
            return True
        if now - seen_at >= SETTLED and self._newest() > floor:
            return True
        one = {"most": 1}
        found = self._db.first(_ANY_CHANGE) or self._db.first(_NEW, {"floor": floor, **one}) or self._db.first(_LOOK, {"now": now, **one})
        return found is not None

    def take(self, now: datetime, most: int) -> Sequence[int]:
        """Holds the state's row until the transaction ends."""
        if self._db.run(_LOCK) == 0:
            self._db.run(_BEGIN, {"merchant_id": OPERATOR, "floor": 0, "ceiling": 0, "seen_at": now})
            self._db.run(_LOCK)
        floor, ceiling, seen_at = self._db.first(_STATE) or (0, 0, now)
        found = [row[0] for row in self._db.all(_CHANGED, {"most": most})]
        new = [row[0] for row in self._db.all(_NEW, {"floor": floor, "most": most - len(found)})]
        self._follow(floor, ceiling, seen_at, now, new[-1] if len(found) + len(new) >= most else None)
        found += new
        found += [row[0] for row in self._db.all(_LOOK, {"now": now, "most": max(most - len(found), 0)})]
        return sorted(set(found))

    def _follow(self, floor: int, ceiling: int, seen_at: datetime, now: datetime, reached: int | None) -> None:
        """`reached`: there are more new ones than are counted now, up to this one all are."""
        if now - seen_at < SETTLED:
            return
        newest = self._newest()
        if reached is None:
            self._db.run(_MOVE, {"f": max(floor, ceiling), "c": newest, "s": now})
        elif ceiling == 0:
            self._db.run(_MOVE, {"f": floor, "c": newest, "s": now})
        else:
            self._db.run(_MOVE, {"f": max(floor, min(reached, ceiling)), "c": ceiling, "s": seen_at})

    def _newest(self) -> int:
        return int((self._db.first(_NEWEST) or (0,))[0] or 0)

    def counted(self, numbers: Sequence[int]) -> Mapping[int, Counted]:
        """By number."""
        return {row.ticket: _counted(row) for row in self._db.all(_FACTS, {"numbers": list(numbers)})} if numbers else {}

    def keep(self, counted: Sequence[Counted], differences: Mapping[Key, Sums]) -> None:
        """Reads the sums that change, and writes them."""
        self._db.each(_KEEP, [_fact(each) for each in counted])
        rows = []
        keys = sorted(differences)
        for start in range(0, len(keys), _PAGE):
            some = keys[start : start + _PAGE]
            before = {Key(*row[:4]): row[4] for row in self._db.all(_THESE, {"keys": [tuple(key) for key in some]})}
            for key in some:
                sums = added(before.get(key, {}), differences[key])
                rows.append({**key._asdict(), "open": sums.get("o", 0), "sums": sums})
        self._db.each(_PUT, rows)

    def sums(self, merchant_id: str, kind: str, subject: str, months: Sequence[str], spans: Sequence[tuple[str, str]]) -> Sequence[Sums]:
        """One read for the months, one for each span: at most two."""
        of = {"m": merchant_id, "k": kind, "s": subject}
        found = [row[0] for row in self._db.all(_MONTHS, {**of, "months": list(months)})] if months else []
        for first, last in spans:
            found += [row[0] for row in self._db.all(_DAYS, {**of, "first": first, "last": last})]
        return found

    def open(self, merchant_id: str, kind: str, subject: str) -> Mapping[str, int]:
        """By an index of those days that have any."""
        return {row[0]: row[1] for row in self._db.all(_OPEN, {"m": merchant_id, "k": kind, "s": subject})}

    def orders_paid(self, merchant_id: str | None, since: datetime, until: datetime) -> int:
        """Whole days as they are kept, the rest by an index."""
        return paid_days.paid(self._db, merchant_id, since, until)

    def count_paid(self, now: datetime) -> bool:
        """A month of days at most."""
        return paid_days.count(self._db, now)


def _fact(counted: Counted) -> dict[str, Any]:
    doc = {
        "own": [counted.own.day, counted.own.hour], "operator": [counted.operator.day, counted.operator.hour],
        "subjects": counted.subjects, "sums": counted.sums,
    }  # fmt: skip
    return {
        "merchant_id": counted.merchant_id,
        "ticket": counted.ticket,
        "version": counted.version,
        "look_at": counted.look_at,
        "counted": doc,
    }


def _counted(row: Any) -> Counted:
    doc = row.counted
    places = Place(*doc["own"]), Place(*doc["operator"])
    return Counted(row.merchant_id, row.ticket, row.version, *places, doc["subjects"], doc["sums"], row.look_at)
