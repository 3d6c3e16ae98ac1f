"""What one process at a time may do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, or_, select, update

from bot.records import Hold
from storage.db import Db, PerDialect
from storage.rows import columns
from storage.schema import holds

_TYPE = holds.c.until.type
_ONE = select(*columns(holds, Hold)).where(holds.c.name == bindparam("n"))
_TAKE = PerDialect(
    lambda insert: (new := insert(holds)).on_conflict_do_update(
        index_elements=["name"],
        set_={
            "fence": holds.c.fence + case((holds.c.holder == new.excluded.holder, 0), else_=1),
            "holder": new.excluded.holder, "until": new.excluded.until, "note": new.excluded.note,
        },
        where=or_(holds.c.until <= bindparam("now", type_=_TYPE), holds.c.holder == new.excluded.holder),
    )
)  # fmt: skip
_RELEASE = update(holds).where(holds.c.name == bindparam("n"), holds.c.holder == bindparam("h")).values(until=bindparam("now", type_=_TYPE))


class SqlHolds:
    """bot.stores.Holds."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def take(self, name: str, holder: str, now: datetime, until: datetime, note: Mapping[str, Any]) -> Hold:
        """One conditional write: two who try at once get two different answers."""
        wanted = {"name": name, "holder": holder, "fence": 1, "until": until, "note": dict(note), "now": now}
        self._db.run(_TAKE, wanted)
        return Hold(*self._db.first(_ONE, {"n": name}) or (name, holder, 1, until, note))

    def release(self, name: str, holder: str, now: datetime) -> None:
        """It lapses now."""
        self._db.run(_RELEASE, {"n": name, "h": holder, "now": now})

    def get(self, name: str) -> Hold | None:
        """Whose it was last, lapsed or not."""
        row = self._db.first(_ONE, {"n": name})
        return Hold(*row) if row else None
