"""What platforms sent, stored before it is acknowledged and worked from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, select, tuple_, update

from bot.errors import Conflict
from bot.records import Inbound
from storage.db import Db, PerDialect
from storage.rows import columns, values
from storage.schema import inbox

_COLUMNS = columns(inbox, Inbound)
_KEY = ("source", "external_id")
_TYPE = inbox.c.available_at.type
_ADD = PerDialect(lambda insert: insert(inbox).on_conflict_do_nothing(index_elements=_KEY))
_FINISH = PerDialect(
    lambda insert: (new := insert(inbox)).on_conflict_do_update(
        index_elements=_KEY, set_={"outcome": new.excluded.outcome, "body": new.excluded.body}, where=inbox.c.outcome.is_(None)
    )
)
_ONE = select(*_COLUMNS).where(inbox.c.source == bindparam("s"), inbox.c.external_id == bindparam("i"))
_FREE = (inbox.c.outcome.is_(None), inbox.c.available_at <= bindparam("now", type_=_TYPE))
_OLDEST = (
    select(inbox.c.source, inbox.c.external_id)
    .where(*_FREE)
    .order_by(inbox.c.available_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
    .prefix_with("MATERIALIZED")
)
_LEASE = (
    update(inbox)
    .where(tuple_(inbox.c.source, inbox.c.external_id).in_(select(_OLDEST.c.source, _OLDEST.c.external_id)), *_FREE)
    .values(attempt=inbox.c.attempt + 1, available_at=bindparam("lease_end", type_=_TYPE))
    .returning(*_COLUMNS)
)
_NEXT = select(func.min(inbox.c.available_at)).where(inbox.c.outcome.is_(None))


class SqlInbox:
    """bot.stores.Inbox."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, inbound: Inbound) -> bool:
        """False when it is there already."""
        return self._db.run(_ADD, {**values(inbound), "available_at": inbound.received_at}) == 1

    def get(self, source: str, external_id: str) -> Inbound | None:
        """By the platform's own id."""
        row = self._db.first(_ONE, {"s": source, "i": external_id})
        return Inbound(*row) if row else None

    def finish(self, inbound: Inbound) -> None:
        """Its outcome, and what is kept of what was sent. Raises Conflict when another has finished it meanwhile."""
        if not self._db.run(_FINISH, {**values(inbound), "available_at": inbound.received_at}):
            raise Conflict("worked meanwhile")

    def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[Inbound]:
        """The oldest unworked; each comes back at `until` unless it is finished."""
        rows = self._db.all(_LEASE, {"now": now, "lease_end": until, "most": limit})
        return sorted((Inbound(*row) for row in rows), key=lambda each: each.received_at)

    def next_available(self) -> datetime | None:
        """One indexed read."""
        row = self._db.first(_NEXT)
        return row[0] if row else None
