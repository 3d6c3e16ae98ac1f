"""SLA policies, and what is left to be worked out anew after one has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.errors import NotFound
from bot.messages import Page
from bot.records import Recount
from bot.sla.rules import Rule
from storage import directory
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.pages import page
from storage.rows import columns, values
from storage.schema import policies, recounts

_ALL = select(*columns(policies, Rule))
_BY_ID = directory.Lookup(policies, "policy", columns(policies, Rule))
_OF = _ALL.where(one_of(policies.c.merchant_id, "merchants")).order_by(policies.c.merchant_id, policies.c.id)
_PUT = PerDialect(
    lambda insert: (new := insert(policies)).on_conflict_do_update(
        index_elements=["merchant_id", "id"],
        set_={name: new.excluded[name] for name in ("category", "priority", "doc", "tightens", "updated_at")},
    )
)
_DELETE = delete(policies).where(policies.c.merchant_id == bindparam("m"), policies.c.id == bindparam("i"))
_PUT_RECOUNT = PerDialect(
    lambda insert: (new := insert(recounts)).on_conflict_do_update(
        index_elements=["merchant_id"], set_={name: new.excluded[name] for name in ("due_at", "of_merchant", "after", "again")}
    )
)
_TAKE = (
    select(*columns(recounts, Recount))
    .where(recounts.c.due_at <= bindparam("now"))
    .order_by(recounts.c.due_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_END = delete(recounts).where(recounts.c.merchant_id == bindparam("m"))
_NEXT = select(func.min(recounts.c.due_at))


class SqlPolicies:
    """bot.stores.Policies."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, id: str, within: str | None = None) -> Rule | None:
        """By id."""
        row = _BY_ID.row(self._db, id, within)
        return Rule(*row) if row else None

    def put(self, rule: Rule) -> None:
        """Adds or replaces it."""
        if not directory.register(self._db, "policy", rule.id, rule.merchant_id):
            raise NotFound("no_such", field="id", kind="policy", id=rule.id)
        self._db.run(_PUT, values(rule))

    def delete(self, rule: Rule) -> None:
        """The id is free again."""
        self._db.run(_DELETE, {"m": rule.merchant_id, "i": rule.id})
        directory.forget(self._db, "policy", rule.id)

    def of(self, merchant_ids: Iterable[str]) -> Sequence[Rule]:
        """One read."""
        wanted = sorted(set(merchant_ids))
        return [Rule(*row) for row in self._db.all(_OF, {"merchants": wanted})] if wanted else []

    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Rule]:
        """By merchant, then id."""
        statement = _ALL if within is None else _ALL.where(policies.c.merchant_id == within)
        key = [policies.c.merchant_id, policies.c.id]
        return page(self._db, statement, key, [str, str], limit, cursor, lambda row: Rule(*row))

    def put_recount(self, recount: Recount) -> None:
        """Adds or replaces it."""
        self._db.run(_PUT_RECOUNT, values(recount))

    def take_recount(self, now: datetime) -> Recount | None:
        """The oldest due that nobody else holds."""
        row = self._db.first(_TAKE, {"now": now})
        return Recount(*row) if row else None

    def end_recount(self, merchant_id: str) -> None:
        """Nothing is left of it."""
        self._db.run(_END, {"m": merchant_id})

    def next_recount(self) -> datetime | None:
        """One indexed read."""
        row = self._db.first(_NEXT)
        return row[0] if row else None
