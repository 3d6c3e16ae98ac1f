"""Statements: their lines while they are compared, and the payments that have been in one."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select

from bot.jobs import Job
from bot.stores.statements import Kept
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.schema import settled, statement_lines

_ADD = insert(statement_lines)
_OWN = (statement_lines.c.merchant_id == bindparam("m"), statement_lines.c.job == bindparam("j"))
_PLACES = (
    select(statement_lines.c.place)
    .where(*_OWN, statement_lines.c.place > bindparam("after"))
    .distinct()
    .order_by(statement_lines.c.place)
    .limit(bindparam("many"))
)  # fmt: skip
_LINES = (
    select(statement_lines.c.place, statement_lines.c.row, statement_lines.c.doc)
    .where(*_OWN, one_of(statement_lines.c.place, "places"))
    .order_by(statement_lines.c.place, statement_lines.c.row)
    .limit(bindparam("most"))
)  # fmt: skip
_DROP = delete(statement_lines).where(*_OWN)
_SETTLE = PerDialect(lambda insert: insert(settled).on_conflict_do_nothing())
_SETTLED = select(settled.c.transaction_id).where(settled.c.merchant_id == bindparam("m"), one_of(settled.c.transaction_id, "ids"))


class SqlStatements:
    """bot.stores.Statements."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, job: Job, lines: Sequence[Kept]) -> None:
        """In one call."""
        self._db.each(_ADD, [{"merchant_id": job.merchant_id, "job": job.id, **each._asdict()} for each in lines])

    def lines(self, job: Job, after: str, places: int, most: int) -> Sequence[Kept]:
        """Two reads: which places, and what is there."""
        own = {"m": job.merchant_id, "j": job.id}
        found = [row[0] for row in self._db.all(_PLACES, {**own, "after": after, "many": places})]
        return [Kept(*row) for row in self._db.all(_LINES, {**own, "places": found, "most": most})] if found else []

    def drop(self, job: Job) -> None:
        """All of one statement."""
        self._db.run(_DROP, {"m": job.merchant_id, "j": job.id})

    def settle(self, job: Job, payments: Sequence[tuple[str, str]]) -> None:
        """In the order of their keys, so that two transactions never wait for each other in a circle."""
        rows = [{"merchant_id": merchant, "transaction_id": id, "job": job.id} for merchant, id in sorted(set(payments))]
        self._db.each(_SETTLE, rows)

    def settled(self, merchant_id: str, transactions: Sequence[str]) -> set[str]:
        """Of one merchant."""
        wanted = sorted(set(transactions))
        return {row[0] for row in self._db.all(_SETTLED, {"m": merchant_id, "ids": wanted})} if wanted else set()
