"""Saved views of the list."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from bot.records import SavedView
from storage.db import Db, PerDialect
from storage.rows import columns, values
from storage.schema import saved_views

_KEY = ("merchant_id", "person_id", "name")
_OF = (saved_views.c.merchant_id == bindparam("m"), saved_views.c.person_id == bindparam("p"))
_ALL = select(*columns(saved_views, SavedView)).where(*_OF)
_THIS = saved_views.c.name == bindparam("n")
_ONE = _ALL.where(_THIS)
_EACH = _ALL.order_by(saved_views.c.name)
_PUT = PerDialect(
    lambda insert: (new := insert(saved_views)).on_conflict_do_update(
        index_elements=_KEY, set_={name: new.excluded[name] for name in ("shown", "words", "saved_at")}
    )
)
_DELETE = delete(saved_views).where(*_OF, _THIS)


class SqlViews:
    """bot.stores.Views."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, merchant_id: str, person_id: str, name: str) -> SavedView | None:
        """By its key."""
        row = self._db.first(_ONE, {"m": merchant_id, "p": person_id, "n": name})
        return SavedView(*row) if row else None

    def of(self, merchant_id: str, person_id: str) -> Sequence[SavedView]:
        """By name; few."""
        return [SavedView(*row) for row in self._db.all(_EACH, {"m": merchant_id, "p": person_id})]

    def put(self, view: SavedView) -> None:
        """One per name."""
        self._db.run(_PUT, values(view))

    def delete(self, merchant_id: str, person_id: str, name: str) -> bool:
        """By its key."""
        return self._db.run(_DELETE, {"m": merchant_id, "p": person_id, "n": name}) > 0
