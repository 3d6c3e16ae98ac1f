"""All that happened to tickets; append only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from bot.messages import Page
from bot.records import Entry
from storage.audit import SqlAudit
from storage.db import Db
from storage.pages import page
from storage.rows import columns, values
from storage.schema import timeline

_ADD = insert(timeline)
_OF = select(*columns(timeline, Entry)).where(timeline.c.merchant_id == bindparam("m"), timeline.c.ticket == bindparam("t"))


class SqlTimeline:
    """bot.stores.Timeline."""

    def __init__(self, db: Db, audit: SqlAudit) -> None:
        self._db, self._audit = db, audit

    def add(self, entries: Sequence[Entry]) -> None:
        """In this order, also when they share their moment; and in the audit log, whoever writes them: none goes without."""
        self._db.soon(_ADD, [{**values(entry), "seq": self._db.seq()} for entry in entries])
        self._audit.told(entries)

    def page(self, merchant_id: str, ticket: int, limit: int, cursor: str | None) -> Page[Entry]:
        """Oldest first."""
        of = _OF.params(m=merchant_id, t=ticket)
        return page(self._db, of, [timeline.c.at, timeline.c.seq], [datetime, int], limit, cursor, lambda row: Entry(*row))
