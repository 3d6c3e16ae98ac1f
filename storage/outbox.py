"""Deliveries: written in the transaction of their cause, leased and settled by the second loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, literal_column, select, update

from bot.messages import Page
from bot.records import Outgoing
from storage.db import Db, PerDialect
from storage.leases import Leases
from storage.lists import one_of, one_of_pairs
from storage.outbox_rows import COLUMNS, outgoing_of, row_of
from storage.pages import page
from storage.rows import pairs
from storage.schema import outbox
from storage.turns import EVENTS, Turns

STATES = ("waiting", "sent", "dead", "dropped")
_IN = {state: outbox.c.state == literal_column(f"'{state}'") for state in STATES}  # literal, as partial indexes know them
_ADD = PerDialect(lambda insert: insert(outbox).on_conflict_do_nothing(index_elements=["merchant_id", "cause", "channel", "target"]))
_ALL = select(*COLUMNS)
_ANEW = {
    "revision": outbox.c.revision + 1, "state": "waiting",
    # A lease's end stays, and so does the pause that a channel asked for when it failed.
    "available_at": case(
        (outbox.c.leased | (_IN["waiting"] & (outbox.c.failures > 0)), outbox.c.available_at),
        else_=bindparam("now", type_=outbox.c.available_at.type),
    ),
}  # fmt: skip
_TOUCH = (
    update(outbox)
    .where(
        outbox.c.merchant_id == bindparam("of_merchant"), outbox.c.ticket == bindparam("of_ticket"),
        one_of(outbox.c.channel, "channels"), outbox.c.card, ~outbox.c.folded,
        _IN["waiting"] | _IN["sent"],
    )
    .values(_ANEW)
)  # fmt: skip
_FRESHEN = (
    update(outbox)
    .where(outbox.c.merchant_id == bindparam("of_merchant"), outbox.c.id == bindparam("of_id"), outbox.c.card, ~outbox.c.folded)
    .values({**_ANEW, "fresh": bindparam("brought", type_=outbox.c.fresh.type)})
)
_FREE = update(outbox).where(_IN["waiting"], outbox.c.leased).values(leased=False, unsure=True, available_at=outbox.c.created_at)
_FIRST = (
    select(outbox.c.ticket, outbox.c.channel, outbox.c.target, outbox.c.receipt)
    .where(
        one_of_pairs(outbox.c.merchant_id, outbox.c.ticket),
        outbox.c.card, outbox.c.receipt.is_not(None), ~outbox.c.folded,
    )
    .order_by(outbox.c.sent_at, outbox.c.seq)
)  # fmt: skip
_THREAD = (
    _ALL.where(
        outbox.c.channel == bindparam("channel"), outbox.c.thread == bindparam("thread"), outbox.c.thread.is_not(None), outbox.c.card
    )
    .order_by(outbox.c.seq)
    .limit(1)
)  # fmt: skip
_THREAD_HERE = _THREAD.where(outbox.c.target == bindparam("target"))
_NEWER = (
    select(outbox.c.id)
    .where(
        outbox.c.merchant_id == bindparam("m"), outbox.c.ticket == bindparam("t"), outbox.c.channel == bindparam("channel"),
        outbox.c.target == bindparam("target"), outbox.c.card, ~outbox.c.folded, outbox.c.receipt.is_not(None),
        outbox.c.sent_at > bindparam("sent_at", type_=outbox.c.sent_at.type),
    )
    .limit(1)
)  # fmt: skip
_NEXT = select(func.min(outbox.c.available_at)).where(_IN["waiting"])
_NEXT_BUT = _NEXT.where(~one_of(outbox.c.channel, "but"))
_ONE = _ALL.where(outbox.c.id == bindparam("id"))
_OWN = _ONE.where(outbox.c.merchant_id == bindparam("within"))
_OF_CAUSE = _ALL.where(outbox.c.merchant_id == bindparam("m"), outbox.c.cause == bindparam("cause")).order_by(outbox.c.seq)
_OF_TICKET = (
    _ALL.where(outbox.c.merchant_id == bindparam("m"), outbox.c.ticket == bindparam("t"))
    .order_by(outbox.c.created_at, outbox.c.seq)
    .limit(bindparam("most"))
)
_RETRY = (
    update(outbox)
    .where(outbox.c.id == bindparam("of_id"), ~_IN["sent"], ~outbox.c.leased)
    .values(state="waiting", available_at=bindparam("now"), failures=0)
)
_COUNTS = select(
    select(func.count()).where(_IN["waiting"]).scalar_subquery(),
    # Of notices to people: what was said to one person once, or to a system that does not answer, is listed and is no alarm.
    select(func.count()).where(_IN["dead"], outbox.c.kind.not_in(("answer", "event", "mirror"))).scalar_subquery(),
)


class SqlOutbox(Leases, Turns):
    """bot.stores.Outbox."""

    def __init__(self, db: Db) -> None:
        Leases.__init__(self, db)
        Turns.__init__(self, db)
        self._db = db

    def add(self, rows: Sequence[Outgoing]) -> None:
        """Those that are new."""
        self._db.soon(_ADD, [row_of(row, self._db.seq()) for row in rows])

    def touch(self, tickets: Sequence[tuple[str, int]], channels: Sequence[str], now: datetime) -> None:
        """A leased row keeps its lease's end: its sender shows the new content, or `settle` sees that the revision grew."""
        if tickets and channels:
            shared = {"channels": sorted(set(channels)), "now": now}
            self._db.each(_TOUCH, [{"of_merchant": merchant, "of_ticket": ticket, **shared} for merchant, ticket in sorted(tickets)])

    def free(self) -> int:
        """Every lease ends, and what was leased waits since it was made."""
        return self._db.run(_FREE)

    def first_receipts(self, rows: Sequence[tuple[str, int, str, str]]) -> Mapping[tuple[int, str, str], Mapping[str, str]]:
        """One read for all of them."""
        if not rows:
            return {}
        wanted = {(ticket, channel, target) for _, ticket, channel, target in rows}
        found: dict[tuple[int, str, str], Mapping[str, str]] = {}
        tickets = pairs((merchant, ticket) for merchant, ticket, _, _ in rows)
        for ticket, channel, target, receipt in self._db.all(_FIRST, tickets):
            if (ticket, channel, target) in wanted:
                found.setdefault((ticket, channel, target), receipt)
        return found

    def by_receipt(self, channel: str, target: str | None, thread: str) -> Outgoing | None:
        """The first card of that thread."""
        wanted = {"channel": channel, "thread": thread}
        row = self._db.first(_THREAD_HERE, {**wanted, "target": target}) if target is not None else self._db.first(_THREAD, wanted)
        return outgoing_of(row) if row else None

    def freshen(self, row: Outgoing, fresh: Mapping[str, str], now: datetime) -> None:
        """A later press's replaces an earlier one's: who settles the row leaves it alone."""
        self._db.run(_FRESHEN, {"of_merchant": row.merchant_id, "of_id": row.id, "brought": dict(fresh), "now": now})

    def newer(self, row: Outgoing) -> bool:
        """By the index of its ticket's."""
        asked = {"m": row.merchant_id, "t": row.ticket, "channel": row.channel, "target": row.target, "sent_at": row.sent_at}
        return self._db.first(_NEWER, asked) is not None

    def next_available(self, but: Sequence[str] = ()) -> datetime | None:
        """One indexed read."""
        row = self._db.first(_NEXT_BUT, {"but": list(but)}) if but else self._db.first(_NEXT)
        return row[0] if row else None

    def get(self, id: str, within: str | None = None) -> Outgoing | None:
        """By id."""
        row = self._db.first(_ONE, {"id": id}) if within is None else self._db.first(_OWN, {"id": id, "within": within})
        return outgoing_of(row) if row else None

    def of_cause(self, merchant_id: str, cause: str) -> Sequence[Outgoing]:
        """In the order of writing."""
        return [outgoing_of(row) for row in self._db.all(_OF_CAUSE, {"m": merchant_id, "cause": cause})]

    def of_ticket(self, merchant_id: str, ticket: int, limit: int) -> Sequence[Outgoing]:
        """In the order of writing."""
        return [outgoing_of(row) for row in self._db.all(_OF_TICKET, {"m": merchant_id, "t": ticket, "most": limit})]

    def retry(self, id: str, now: datetime) -> None:
        """Waits again, now. One that is being sent at this moment is left to its sender."""
        self._db.run(_RETRY, {"of_id": id, "now": now})

    def page(self, within: str | None, state: str | None, limit: int, cursor: str | None, webhook: str | None = None) -> Page[Outgoing]:
        """Newest first."""
        statement = _ALL if webhook is None else _ALL.where(EVENTS, outbox.c.target == webhook)
        if within is not None:
            statement = statement.where(outbox.c.merchant_id == within)
        if state is not None:
            statement = statement.where(_IN[state] if state in _IN else literal_column("1") == literal_column("0"))
        key = [outbox.c.created_at, outbox.c.seq]
        return page(self._db, statement, key, [datetime, int], limit, cursor, outgoing_of, newest_first=True)

    def counts(self) -> Mapping[str, int]:
        """Of `waiting` and `dead`."""
        row = self._db.first(_COUNTS)
        return {"waiting": row[0], "dead": row[1]} if row else {}
