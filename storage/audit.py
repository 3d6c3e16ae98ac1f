"""The audit log: entries are only ever added, and afterwards given their place in the tree, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, bindparam, insert, or_, select, update

from bot.audit import Grown, Noted, canonical, commitment, leaf_hash, salt
from bot.errors import Conflict
from bot.messages import Page
from bot.records import OPERATOR, Entry
from bot.stores.audit import Asked, Kept, Log, Waits
from storage.db import Db, PerDialect
from storage.pages import page
from storage.rows import columns
from storage.schema import audit_checkpoints, audit_log, audit_nodes, audit_state, tickets

_ADD = insert(audit_log)
_WAITING = select(*columns(audit_log, Waits)).where(audit_log.c.leaf.is_(None)).limit(bindparam("most"))
_PLACE = (
    update(audit_log)
    .where(audit_log.c.merchant_id == bindparam("m"), audit_log.c.seq == bindparam("s"))
    .values(leaf=bindparam("leaf"))
)  # fmt: skip
_STATE = select(audit_state.c.size, audit_state.c.frontier, audit_state.c.key, audit_state.c.public).where(
    audit_state.c.merchant_id == OPERATOR
)
_LOCKED = _STATE.with_for_update()
_BEGIN = PerDialect(lambda insert: insert(audit_state).on_conflict_do_nothing())
_GROW = (
    update(audit_state)
    .where(audit_state.c.merchant_id == OPERATOR, audit_state.c.size == bindparam("was"))
    .values(size=bindparam("size"), frontier=bindparam("frontier"))
)
_ADD_NODES = insert(audit_nodes)
_CHECK = PerDialect(lambda insert: insert(audit_checkpoints).on_conflict_do_nothing())
_NOTES = select(audit_checkpoints.c.size, audit_checkpoints.c.at, audit_checkpoints.c.note)
_NEWEST = _NOTES.order_by(audit_checkpoints.c.size.desc()).limit(1)
_FROM = _NOTES.where(audit_checkpoints.c.size >= bindparam("size")).order_by(audit_checkpoints.c.size).limit(1)
_LEAVES = (
    select(audit_log.c.commitment).where(audit_log.c.leaf >= bindparam("first"), audit_log.c.leaf < bindparam("end"))
    .order_by(audit_log.c.leaf)
)  # fmt: skip
_NODES = (
    select(audit_nodes.c.hash)
    .where(
        audit_nodes.c.merchant_id == OPERATOR, audit_nodes.c.level == bindparam("level"), audit_nodes.c.place >= bindparam("first"),
        audit_nodes.c.place < bindparam("end"),
    )
    .order_by(audit_nodes.c.place)
)  # fmt: skip
_KEPT = select(*columns(audit_log, Kept)).where(audit_log.c.leaf.is_not(None))


class SqlAudit:
    """bot.stores.Audit."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self.written = 0

    def add(self, entries: Sequence[Noted]) -> None:
        """With the rest of the transaction, in one call for all that it has to say."""
        self.written += len(entries)
        self._db.soon(_ADD, [self._row(each) for each in entries])

    def told(self, entries: Sequence[Entry]) -> None:
        """What goes on timelines."""
        self.add([Noted(e.merchant_id, e.at, e.actor, e.type, e.ticket, e.via, detail=e.detail) for e in entries])

    def _row(self, entry: Noted) -> dict[str, Any]:
        text, drawn = canonical(entry), salt()
        return {
            "merchant_id": entry.merchant_id, "seq": self._db.seq(), "leaf": None, "at": entry.at, "ticket": entry.ticket,
            "actor": entry.actor, "entry": text, "salt": drawn, "commitment": commitment(drawn, text),
        }  # fmt: skip

    def log(self, *, lock: bool = False) -> Log | None:
        """One row."""
        row = self._db.first(_LOCKED if lock else _STATE)
        return Log(Grown(row[0], tuple(bytes.fromhex(each) for each in row[1])), bytes(row[2]), row[3]) if row else None

    def begin(self, key: bytes, public: str) -> None:
        """Unless it has begun."""
        self._db.run(_BEGIN, {"merchant_id": OPERATOR, "size": 0, "frontier": [], "key": key, "public": public})

    def waiting(self, limit: int) -> Sequence[Waits]:
        """About in the order in which they came, which is an index's."""
        return [Waits(*row) for row in self._db.all(_WAITING, {"most": limit})]

    def seal(self, places: Sequence[tuple[Waits, int]], after: Grown) -> None:
        """Raises Conflict when another process has sealed meanwhile."""
        grown = {"was": after.size - len(places), "size": after.size, "frontier": [each.hex() for each in after.frontier]}
        if self._db.run(_GROW, grown) != 1:
            raise Conflict("sealed by another process meanwhile")
        self._db.each(_PLACE, [{"m": each.merchant_id, "s": each.seq, "leaf": leaf} for each, leaf in places])
        self._db.each(
            _ADD_NODES, [{"merchant_id": OPERATOR, "level": level, "place": place, "hash": found} for level, place, found in after.nodes]
        )

    def check(self, size: int, at: datetime, note: str) -> None:
        """One of each size."""
        self._db.run(_CHECK, {"merchant_id": OPERATOR, "size": size, "at": at, "note": note})

    def checkpoint(self, size: int | None = None) -> tuple[int, datetime, str] | None:
        """By its key."""
        row = self._db.first(_NEWEST) if size is None else self._db.first(_FROM, {"size": size})
        return (int(row[0]), row[1], row[2]) if row else None

    def nodes(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Leaves' hashes are made of what they commit to; the others are kept."""
        asked = {"first": first, "end": first + count}
        if level == 0:
            return [leaf_hash(bytes(row[0])) for row in self._db.all(_LEAVES, asked)]
        return [bytes(row[0]) for row in self._db.all(_NODES, {**asked, "level": level})]

    def page(self, asked: Asked, limit: int, cursor: str | None) -> Page[Kept]:
        """The newest first."""
        return page(self._db, _limited(asked), [audit_log.c.leaf], [int], limit, cursor, _kept, newest_first=True)

    def some(self, asked: Asked, after: int, limit: int) -> Sequence[Kept]:
        """A piece of it, in order."""
        statement = _limited(asked).where(audit_log.c.leaf > after).order_by(audit_log.c.leaf).limit(limit)
        return [_kept(row) for row in islice(self._db.all(statement), limit)]


def _kept(row: Any) -> Kept:
    return Kept(row[0], row[1], row[2], bytes(row[3]) if row[3] is not None else None, bytes(row[4]))


def _limited(asked: Asked) -> Select[Any]:
    """`shop`: its tickets', and what was done to itself; an entry without a ticket says what it is about in its text alone."""
    found = _KEPT
    for column, value in ((audit_log.c.merchant_id, asked.merchant), (audit_log.c.ticket, asked.ticket), (audit_log.c.actor, asked.actor)):
        found = found if value is None else found.where(column == value)
    found = found if asked.start is None else found.where(audit_log.c.at >= asked.start)
    found = found if asked.end is None else found.where(audit_log.c.at < asked.end)
    if asked.shop is not None:
        its = select(tickets.c.number).where(tickets.c.shop_id == asked.shop)
        named = audit_log.c.entry.contains(f'"object":"shops/{asked.shop}"', autoescape=True)
        found = found.where(or_(audit_log.c.ticket.in_(its), audit_log.c.ticket.is_(None) & named))
    return found
