"""What people said tickets are about, and which tickets the engine has yet to look at again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from bot.stores.labels import Correction, Taught
from storage.db import Db, PerDialect
from storage.schema import corrections, second_looks, tickets

_CORRECT = PerDialect(
    lambda insert: (new := insert(corrections)).on_conflict_do_update(
        index_elements=("merchant_id", "ticket"), set_={name: new.excluded[name] for name in ("said", "by", "at")}
    )
)
_THEIRS = (corrections.c.merchant_id == tickets.c.merchant_id) & (corrections.c.ticket == tickets.c.number)
_ALL = (
    select(tickets.c.subject, tickets.c.message, corrections.c.said)
    .join(tickets, _THEIRS)
    .order_by(corrections.c.at.desc(), corrections.c.ticket)
    .limit(bindparam("most"))
)
_TAUGHT = _ALL.where(corrections.c.merchant_id == bindparam("m"))
_NEWEST = select(corrections.c.at).where(corrections.c.merchant_id == bindparam("m")).order_by(corrections.c.at.desc()).limit(1)
_LOOK = insert(second_looks)
_WAITING = select(second_looks.c.merchant_id, second_looks.c.ticket).order_by(second_looks.c.at).limit(bindparam("most"))
_LOOKED = delete(second_looks).where(second_looks.c.merchant_id == bindparam("m"), second_looks.c.ticket == bindparam("t"))


class SqlLabels:
    """bot.stores.Labels."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def correct(self, correction: Correction) -> None:
        """By its ticket."""
        self._db.run(_CORRECT, correction._asdict())

    def taught(self, merchant_id: str | None, most: int) -> Sequence[Taught]:
        """The newest first."""
        if merchant_id is None:
            return [Taught(*row) for row in self._db.all(_ALL, {"most": most})]
        return [Taught(*row) for row in self._db.all(_TAUGHT, {"m": merchant_id, "most": most})]

    def newest(self, merchant_id: str) -> datetime | None:
        """By an index."""
        row = self._db.first(_NEWEST, {"m": merchant_id})
        return row[0] if row else None

    def look_again(self, merchant_id: str, ticket: int, at: datetime) -> None:
        """A new ticket, so there is no such row."""
        self._db.soon(_LOOK, [{"merchant_id": merchant_id, "ticket": ticket, "at": at}])

    def waiting(self, limit: int) -> Sequence[tuple[str, int]]:
        """The oldest first."""
        return [(row[0], row[1]) for row in self._db.all(_WAITING, {"most": limit})]

    def looked(self, tickets: Sequence[tuple[str, int]]) -> None:
        """In the order of their keys."""
        self._db.each(_LOOKED, [{"m": merchant, "t": ticket} for merchant, ticket in sorted(tickets)])
