"""The duty roster of the operator's senior managers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from bot.records import OPERATOR
from bot.rota import EMPTY, Roster, Shift, Weekly
from storage.db import Db, PerDialect
from storage.schema import rota
from storage.types import from_micros, to_micros

_ONE = select(rota.c.doc).where(rota.c.merchant_id == bindparam("m"))
_PUT = PerDialect(
    lambda insert: (new := insert(rota)).on_conflict_do_update(
        index_elements=["merchant_id"], set_={name: new.excluded[name] for name in ("doc", "updated_at")}
    )
)


class SqlRota:
    """bot.stores.Rota."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._read: Roster | None = None

    def get(self) -> Roster:
        """Read once in a transaction."""
        if self._read is None:
            row = self._db.first(_ONE, {"m": OPERATOR})
            self._read = _roster_of(row[0]) if row else EMPTY
        return self._read

    def put(self, roster: Roster, now: datetime) -> None:
        """Replaces it."""
        self._db.run(_PUT, {"merchant_id": OPERATOR, "doc": _doc_of(roster), "updated_at": now})
        self._read = roster


def _doc_of(roster: Roster) -> dict[str, Any]:
    return {
        "shifts": [[each.agent, to_micros(each.start), to_micros(each.end)] for each in roster.shifts],
        "weekly": [[each.agent, {day: list(found) for day, found in each.hours.items()}, each.timezone] for each in roster.weekly],
    }


def _roster_of(doc: Any) -> Roster:
    shifts = tuple(Shift(agent, from_micros(start), from_micros(end)) for agent, start, end in doc["shifts"])
    return Roster(shifts, tuple(Weekly(*each) for each in doc["weekly"]))
