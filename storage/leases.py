"""Leasing deliveries and recording how they ended. `attempt` fences: who lost a lease can't record any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, literal_column, select, tuple_, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.records import Outgoing, Waiting
from storage.db import Db
from storage.lists import one_of, one_of_pairs
from storage.outbox_rows import COLUMNS, OUTCOME, outcome_of, outgoing_of
from storage.rows import pairs
from storage.schema import outbox

_TYPE = outbox.c.available_at.type
_FREE_NOW = (outbox.c.state == literal_column("'waiting'"), outbox.c.available_at <= bindparam("now", type_=_TYPE))
_OLDEST = (
    select(outbox.c.merchant_id, outbox.c.id)
    .where(*_FREE_NOW)
    .order_by(outbox.c.available_at, outbox.c.seq)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)


def _lease(oldest: Select[Any]) -> ReturningUpdate[Any]:
    """The condition stands in the outer WHERE too: the planner may read the subselect more than once. The CTE is a fence against that."""
    due = oldest.cte("due").prefix_with("MATERIALIZED")
    return (
        update(outbox)
        .where(tuple_(outbox.c.merchant_id, outbox.c.id).in_(select(due.c.merchant_id, due.c.id)), *_FREE_NOW)
        # Leased still: whoever had it never said what came of it.
        .values(
            attempt=outbox.c.attempt + 1,
            leased=True,
            unsure=outbox.c.unsure | outbox.c.leased,
            available_at=bindparam("lease_end", type_=_TYPE),
        )
        .returning(*COLUMNS, outbox.c.seq)
    )


_LEASE = _lease(_OLDEST)
_BUT = ~one_of(outbox.c.channel, "but")
_LEASE_BUT = _lease(_OLDEST.where(_BUT))
_LEASE_MORE = _lease(_OLDEST.where(outbox.c.channel == bindparam("of_channel"), outbox.c.target == bindparam("of_target")))
_LEASE_THESE = _lease(
    select(outbox.c.merchant_id, outbox.c.id)
    .where(one_of_pairs(outbox.c.merchant_id, outbox.c.id), *_FREE_NOW)
    .order_by(outbox.c.merchant_id, outbox.c.id)
    .with_for_update(skip_locked=True)
)
_PLAN = select(outbox.c.merchant_id, outbox.c.id).where(*_FREE_NOW).order_by(outbox.c.available_at, outbox.c.seq).limit(bindparam("most"))
_PLAN_BUT = _PLAN.where(_BUT)
# In the order of their keys, so that two transactions never wait for each other in a circle.
_LEASED = (
    select(outbox.c.id, outbox.c.attempt, outbox.c.revision)
    .where(one_of_pairs(outbox.c.merchant_id, outbox.c.id), outbox.c.leased)
    .order_by(outbox.c.merchant_id, outbox.c.id)
    .with_for_update()
)
_HURRY = (
    update(outbox)
    .where(
        tuple_(outbox.c.merchant_id, outbox.c.id).in_(
            select(outbox.c.merchant_id, outbox.c.id)
            .where(
                one_of_pairs(outbox.c.merchant_id, outbox.c.id),
                outbox.c.state == literal_column("'waiting'"), ~outbox.c.leased, outbox.c.failures > 0,
                outbox.c.available_at > bindparam("at", type_=_TYPE),
            )
            .order_by(outbox.c.merchant_id, outbox.c.id)
            .with_for_update(skip_locked=True)
        )
    )
    .values(available_at=bindparam("at", type_=_TYPE))
)  # fmt: skip
_RECORD = (
    update(outbox)
    .where(outbox.c.merchant_id == bindparam("of_merchant"), outbox.c.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in OUTCOME} | {"leased": False})
)


class Leases:
    """The part of bot.stores.Outbox that takes and returns rows."""

    def __init__(self, db: Db) -> None:
        self._leasing = db

    def lease(self, now: datetime, until: datetime, limit: int, but: Sequence[str] = ()) -> Sequence[Outgoing]:
        """The oldest that wait."""
        wanted = {"now": now, "lease_end": until, "most": limit}
        return self._taken(_LEASE_BUT, {**wanted, "but": list(but)}) if but else self._taken(_LEASE, wanted)

    def waiting(self, now: datetime, limit: int, but: Sequence[str] = ()) -> Sequence[Waiting]:
        """One indexed read."""
        wanted = {"now": now, "most": limit}
        rows = self._leasing.all(_PLAN_BUT, {**wanted, "but": list(but)}) if but else self._leasing.all(_PLAN, wanted)
        return [Waiting(*row) for row in rows]

    def lease_these(self, wanted: Sequence[Waiting], now: datetime, until: datetime) -> Sequence[Outgoing]:
        """By their keys."""
        keys = pairs((each.merchant_id, each.id) for each in wanted)
        return self._taken(_LEASE_THESE, {**keys, "now": now, "lease_end": until})

    def lease_more(self, channel: str, target: str, now: datetime, until: datetime, limit: int) -> Sequence[Outgoing]:
        """The oldest that wait for one address."""
        wanted = {"now": now, "lease_end": until, "most": limit, "of_channel": channel, "of_target": target}
        return self._taken(_LEASE_MORE, wanted)

    def settle(self, results: Sequence[Outgoing], now: datetime) -> Sequence[str]:
        """The leases are read and held first; what is still ours is written, the rest is somebody else's."""
        if not results:
            return []
        keys = pairs((each.merchant_id, each.id) for each in results)
        held = {id: (attempt, revision) for id, attempt, revision in self._leasing.all(_LEASED, keys)}
        rows = []
        for each in results:
            attempt, revision = held.get(each.id, (None, 0))
            if attempt == each.attempt:
                row = {**outcome_of(each), "of_merchant": each.merchant_id, "of_id": each.id}
                # Touched while it was being sent: it waits again at once. A failure keeps the pause that its channel asked for.
                if revision > each.revision and each.state == "sent" and not row["folded"]:
                    row |= {"state": "waiting", "available_at": now}
                rows.append(row)
        self._leasing.each(_RECORD, rows)
        return [row["of_id"] for row in rows]

    def hurry(self, rows: Sequence[Waiting], at: datetime) -> None:
        """Those that anybody holds just now are left alone."""
        if rows:
            self._leasing.run(_HURRY, {**pairs((each.merchant_id, each.id) for each in rows), "at": at})

    def _taken(self, statement: ReturningUpdate[Any], wanted: dict[str, Any]) -> Sequence[Outgoing]:
        rows = self._leasing.all(statement, wanted)
        return [outgoing_of(row[:-1]) for row in sorted(rows, key=lambda row: (row.created_at, row.seq))]
