"""What a self-audit looks for, and how it lets stuck rows go again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, exists, literal, literal_column, or_, select, tuple_, update

from bot.records import Inbound, Outgoing
from bot.stores.checking import Place
from bot.ticket import TARGETS
from storage.db import Db
from storage.outbox_rows import COLUMNS, outgoing_of
from storage.rows import columns
from storage.schema import deadlines, inbox, outbox, tickets
from storage.types import NEVER

_AT = outbox.c.available_at.type
_WAITING = outbox.c.state == literal_column("'waiting'")  # literal, as the partial index knows it
_LEASED_AHEAD = select(*COLUMNS).where(outbox.c.leased, outbox.c.available_at > bindparam("after", type_=_AT)).limit(bindparam("most"))
_SOON = select(outbox.c.merchant_id, outbox.c.id).where(_WAITING, outbox.c.available_at > bindparam("after", type_=_AT))
_FEW = _SOON.order_by(outbox.c.available_at, outbox.c.seq).limit(bindparam("many")).subquery("few")
_MADE_AHEAD = (
    select(*COLUMNS)
    .join_from(_FEW, outbox, and_(outbox.c.merchant_id == _FEW.c.merchant_id, outbox.c.id == _FEW.c.id))
    .where(outbox.c.created_at > bindparam("after", type_=_AT))
    .limit(bindparam("most"))
)
_LEFT = (
    select(*COLUMNS)
    .where(_WAITING, outbox.c.available_at < bindparam("before", type_=_AT))
    .order_by(outbox.c.available_at, outbox.c.seq)
    .limit(bindparam("most"))
)
_UNWORKED = (
    select(*columns(inbox, Inbound))
    .where(inbox.c.outcome.is_(None), inbox.c.received_at < bindparam("before", type_=_AT))
    .order_by(inbox.c.available_at)
    .limit(bindparam("most"))
)
_place = tuple_(tickets.c.next_due, tickets.c.number)
_AFTER = _place > tuple_(bindparam("after_due", type_=_AT), bindparam("after_number", type_=BigInteger))
_UNTIL = _place <= tuple_(bindparam("until_due", type_=_AT), bindparam("until_number", type_=BigInteger))
_FARTHER = (
    select(tickets.c.next_due, tickets.c.number)
    .where(_AFTER, tickets.c.next_due < bindparam("never", type_=_AT))
    .order_by(tickets.c.next_due, tickets.c.number)
    .limit(1)
    .offset(bindparam("many"))
)
_RUNS = or_(
    *(
        and_(tickets.c[f"{kind}_due_at"].is_not(None), tickets.c[f"{kind}_met_at"].is_(None), tickets.c[f"{kind}_breached_at"].is_(None))
        for kind in TARGETS
    )
)
_ARMED = exists(literal(1)).where(
    deadlines.c.merchant_id == tickets.c.merchant_id, deadlines.c.ticket == tickets.c.number, deadlines.c.kind == literal_column("'sla'")
)
_CLOCKLESS = (
    select(tickets.c.merchant_id, tickets.c.number)
    .where(_AFTER, _UNTIL, tickets.c.next_due < bindparam("never", type_=_AT), _RUNS, ~_ARMED)
    .order_by(tickets.c.next_due, tickets.c.number)
    .limit(bindparam("most"))
)
_THIS = (outbox.c.merchant_id == bindparam("of_merchant"), outbox.c.id == bindparam("of_id"), outbox.c.attempt == bindparam("read_attempt"))
_LET_GO = (
    update(outbox)
    .where(*_THIS, _WAITING)
    .values(unsure=or_(outbox.c.unsure, outbox.c.leased), leased=False, available_at=bindparam("now", type_=_AT))
)
_BURY = update(outbox).where(*_THIS, _WAITING).values(state="dead", leased=False, last_error=bindparam("why"))
_OFFER = (
    update(inbox)
    .where(inbox.c.source == bindparam("of_source"), inbox.c.external_id == bindparam("of_id"), inbox.c.outcome.is_(None))
    .values(available_at=bindparam("now", type_=_AT))
)
_FIRST: Place = (datetime(1970, 1, 1, tzinfo=UTC), 0)
_LAST: Place = (NEVER, 0)
LOOKED_OVER = 500  # of those that wait for later, to find the ones made by a clock that was ahead


class SqlChecks:
    """bot.stores.Checks."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def hoarded(self, after: datetime, limit: int) -> Sequence[Outgoing]:
        """Two reads; neither finds anything where clocks run as they should."""
        leased = self._db.all(_LEASED_AHEAD, {"after": after, "most": limit})
        made = self._db.all(_MADE_AHEAD, {"after": after, "many": LOOKED_OVER, "most": limit})
        return list({row.id: row for row in map(outgoing_of, (*leased, *made))}.values())[:limit]

    def waiting(self, before: datetime, limit: int) -> Sequence[Outgoing]:
        """The oldest first."""
        return [outgoing_of(row) for row in self._db.all(_LEFT, {"before": before, "most": limit})]

    def unworked(self, before: datetime, limit: int) -> Sequence[Inbound]:
        """Over what is unworked alone."""
        return [Inbound(*row) for row in self._db.all(_UNWORKED, {"before": before, "most": limit})]

    def clockless(self, after: Place | None, until: Place | None, limit: int) -> Sequence[tuple[str, int]]:
        """A walk over a stretch of open tickets, each with one look at its deadline."""
        wanted = {**_bounds("after", after or _FIRST), **_bounds("until", until or _LAST), "never": NEVER, "most": limit}
        return [(row[0], row[1]) for row in self._db.all(_CLOCKLESS, wanted)]

    def farther(self, after: Place | None, many: int) -> Place | None:
        """By the index alone."""
        row = self._db.first(_FARTHER, {**_bounds("after", after or _FIRST), "never": NEVER, "many": many - 1})
        return (row[0], row[1]) if row else None

    def let_go(self, rows: Sequence[Outgoing], now: datetime) -> int:
        """One at a time: they are few, and how many were still so is what is asked."""
        return sum(self._db.run(_LET_GO, {**_key(row), "now": now}) for row in rows)

    def bury(self, row: Outgoing, why: str) -> int:
        """It stays on the list of the dead."""
        return self._db.run(_BURY, {**_key(row), "why": why})

    def offer(self, rows: Sequence[Inbound], now: datetime) -> int:
        """Whoever holds one may still finish it first."""
        return sum(self._db.run(_OFFER, {"of_source": row.source, "of_id": row.external_id, "now": now}) for row in rows)


def _bounds(name: str, place: Place) -> dict[str, Any]:
    return {f"{name}_due": place[0], f"{name}_number": place[1]}


def _key(row: Outgoing) -> dict[str, Any]:
    return {"of_merchant": row.merchant_id, "of_id": row.id, "read_attempt": row.attempt}
