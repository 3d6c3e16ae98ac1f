"""Takes what tells of a person off a ticket and off an order. `storage/personal_places.py` lists where that is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, delete, func, null, or_, select, tuple_, update

from bot.privacy.details import bare
from storage import texts
from storage.db import Db
from storage.schema import (
    audit_log,
    cases,
    happenings,
    inbox,
    job_errors,
    jobs,
    messages,
    orders,
    originals,
    outbox,
    sightings,
    statement_lines,
    subjects,
    suspects,
    ticket_texts,
    tickets,
    timeline,
    undo,
)  # fmt: skip

_M: Any = bindparam("m")
_T: Any = bindparam("t")


def _of(table: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return table.c.merchant_id == _M, table.c.ticket == _T


_EMPTY: dict[str, Any] = {
    "subject": "", "message": "", "buyer": {}, "buyer_sealed": None, "custom_fields": {}, "translations": None, "risk": None,
    "risk_level": None, "dispute": None, "taken_from": None, "version": tickets.c.version + 1,
}  # fmt: skip
_THIS = (tickets.c.merchant_id == _M, tickets.c.number == _T)
_EMPTIED = update(tickets).where(*_THIS).values(_EMPTY)
_OVER = update(tickets).where(*_THIS).values(cleared_at=bindparam("now", type_=tickets.c.cleared_at.type))
_SAID = update(messages).where(*_of(messages)).values(text="", attachments=[])
_PARTS = select(ticket_texts.c.part).where(*_of(ticket_texts))
_ENDED = (~outbox.c.leased, outbox.c.state != "waiting")
# By what they are counted as on a certificate; each takes what it names whole.
_WHOLE: tuple[tuple[str, Executable], ...] = (
    ("tickets", _EMPTIED), ("messages", _SAID),
    ("originals", delete(originals).where(*_of(originals))),
    ("subjects", delete(subjects).where(subjects.c.merchant_id == _M, subjects.c.about == bindparam("about"))),
    ("events", update(happenings).where(*_of(happenings)).values(sealed=b"", why=null())),
    ("cases", update(cases).where(*_of(cases), cases.c.reason.is_not(None)).values(reason=None)),
    ("deliveries", delete(outbox).where(*_of(outbox), *_ENDED)),
    ("risk", delete(suspects).where(*_of(suspects))),
    ("risk", delete(sightings).where(*_of(sightings))),
    ("undo", delete(undo).where(*_of(undo))),
)  # fmt: skip
_TOLD = select(timeline.c.at, timeline.c.seq, timeline.c.detail).where(*_of(timeline))
_BARE = (
    update(timeline)
    .where(*_of(timeline), timeline.c.at == bindparam("a"), timeline.c.seq == bindparam("s"))
    .values(detail=bindparam("bared", type_=timeline.c.detail.type))
)  # fmt: skip
_NOTED = select(audit_log.c.seq, audit_log.c.entry).where(*_of(audit_log), audit_log.c.entry.is_not(None))
_UNNOTED = update(audit_log).where(audit_log.c.merchant_id == _M, audit_log.c.seq == bindparam("s")).values(entry=None, salt=None)
_ORDER = (orders.c.merchant_id == _M, orders.c.shop_id == bindparam("s"), orders.c.order_no == bindparam("o"))
_NO_BUYER = update(orders).where(*_ORDER).values(buyer={}, buyer_sealed=None)
_BOUGHT = select(func.count()).select_from(orders).where(*_ORDER, orders.c.buyer_sealed.is_not(None))
_UNTOLD = delete(subjects).where(subjects.c.merchant_id == _M, subjects.c.about == bindparam("about"))


def ticket(db: Db, merchant_id: str, number: int, now: datetime, *, over: bool) -> Mapping[str, int]:
    """Everything in one transaction; what was removed, counted. `over`: nothing will come to it any more."""
    this, found = {"m": merchant_id, "t": number}, dict[str, int]()
    for part in [row[0] for row in db.all(_PARTS, this)]:
        texts.remove(db, merchant_id, number, part)
    for name, statement in _WHOLE:
        about = {"about": f"T-{number}"} if name == "subjects" else {}
        count = db.run(statement, {**this, **about})
        found[name] = found.get(name, 0) + count
    found["timeline"] = _timeline(db, this)
    found["audit"] = _audit(db, this)
    if over:
        db.run(_OVER, {**this, "now": now})
    return {name: count for name, count in found.items() if count}


def order(db: Db, merchant_id: str, shop_id: str, order_no: str) -> int:
    """The buyer, and that anybody is found by it. What was paid stays: whoever carries payments has to keep that."""
    this = {"m": merchant_id, "s": shop_id, "o": order_no}
    row = db.first(_BOUGHT, this)
    db.run(_NO_BUYER, this)
    db.run(_UNTOLD, {"m": merchant_id, "about": f"orders/{shop_id}/{order_no}"})
    return int(row[0]) if row else 0


def _timeline(db: Db, this: Mapping[str, Any]) -> int:
    rows = [(at, seq, detail, bare(detail)) for at, seq, detail in db.all(_TOLD, this)]
    changed = [{**this, "a": at, "s": seq, "bared": less} for at, seq, detail, less in rows if less != detail]
    for row in changed:
        db.run(_BARE, row)
    return len(changed)


def _audit(db: Db, this: Mapping[str, Any]) -> int:
    """Entries that quote somebody lose text and salt: what they commit to stands, and tells nothing. The others stay: who did what."""
    rows = [seq for seq, text in db.all(_NOTED, this) if bare(detail := json.loads(text).get("detail") or {}) != detail]
    for seq in rows:
        db.run(_UNNOTED, {"m": this["m"], "s": seq})
    return len(rows)


_OLDER = bindparam("before", type_=jobs.c.created_at.type)
_FREE = or_(happenings.c.ticket.is_(None), happenings.c.sealed == b"")
_OLD_JOBS = select(jobs.c.id).where(jobs.c.merchant_id == _M, jobs.c.created_at < _OLDER, jobs.c.state.in_(["done", "failed", "dropped"]))


def _some(table: Any, *where: ColumnElement[bool]) -> Executable:
    key = list(table.primary_key.columns)
    return delete(table).where(tuple_(*key).in_(select(*key).where(*where).limit(bindparam("most"))))


_OLD: tuple[Executable, ...] = (
    _some(happenings, happenings.c.merchant_id == _M, happenings.c.received_at < _OLDER, happenings.c.state != "waiting", _FREE),
    _some(outbox, outbox.c.merchant_id == _M, outbox.c.created_at < _OLDER, outbox.c.ticket.is_(None), *_ENDED),
    _some(job_errors, job_errors.c.merchant_id == _M, job_errors.c.job.in_(_OLD_JOBS)),
    _some(statement_lines, statement_lines.c.merchant_id == _M, statement_lines.c.job.in_(_OLD_JOBS)),
    _some(jobs, jobs.c.merchant_id == _M, jobs.c.created_at < _OLDER, jobs.c.state.in_(["done", "failed", "dropped"])),
)
_OLD_INBOX = _some(inbox, inbox.c.received_at < _OLDER, inbox.c.outcome.is_not(None))


def old(db: Db, merchant_id: str | None, before: datetime, limit: int) -> int:
    """What hangs on no ticket. How many rows."""
    if merchant_id is None:
        return db.run(_OLD_INBOX, {"before": before, "most": limit})
    return sum(db.run(each, {"m": merchant_id, "before": before, "most": limit}) for each in _OLD)
