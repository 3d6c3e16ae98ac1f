"""Merchants' own fields of tickets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from bot.custom import CustomField
from bot.messages import Page
from storage.db import Db, PerDialect
from storage.pages import page
from storage.rows import columns, values
from storage.schema import custom_fields

_KEY = ("merchant_id", "key")
_ALL = select(*columns(custom_fields, CustomField))
_OF = _ALL.where(custom_fields.c.merchant_id == bindparam("m")).order_by(custom_fields.c.key)
_SET = ("type", "label", "choices", "updated_at")
_PUT = PerDialect(
    lambda insert: (new := insert(custom_fields)).on_conflict_do_update(
        index_elements=_KEY, set_={name: new.excluded[name] for name in _SET}
    )
)
_DELETE = delete(custom_fields).where(custom_fields.c.merchant_id == bindparam("m"), custom_fields.c.key == bindparam("k"))


class SqlCustom:
    """bot.stores.Custom."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def of(self, merchant_id: str) -> Sequence[CustomField]:
        """One read, by the key's beginning."""
        return [_field(row) for row in self._db.all(_OF, {"m": merchant_id})]

    def put(self, field: CustomField) -> None:
        """Adds or replaces it."""
        self._db.run(_PUT, values(field))

    def delete(self, merchant_id: str, key: str) -> None:
        """What tickets hold stays with them."""
        self._db.run(_DELETE, {"m": merchant_id, "k": key})

    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[CustomField]:
        """By merchant, then key."""
        statement = _ALL if within is None else _ALL.where(custom_fields.c.merchant_id == within)
        return page(self._db, statement, [custom_fields.c.merchant_id, custom_fields.c.key], [str, str], limit, cursor, _field)


def _field(row: Any) -> CustomField:
    merchant_id, key, type, label, choices, updated_at = row
    return CustomField(merchant_id, key, type, label, tuple(choices), updated_at)
