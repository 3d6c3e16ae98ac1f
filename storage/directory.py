"""Which merchant an id belongs to; ids are unique over the whole deployment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, bindparam, delete, select
from sqlalchemy import Table as SqlTable

from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.schema import directory

_ADD = PerDialect(lambda insert: insert(directory).on_conflict_do_nothing())
_WHOSE = select(directory.c.merchant_id).where(directory.c.kind == bindparam("kind"), directory.c.id == bindparam("id"))
_REMOVE = delete(directory).where(directory.c.kind == bindparam("kind_"), directory.c.id == bindparam("id_"))


def register(db: Db, kind: str, id: str, merchant_id: str) -> bool:
    """Makes the id this merchant's. False: it is another's."""
    whose = db.first(_WHOSE, {"kind": kind, "id": id})
    if whose is None:
        if db.run(_ADD, {"kind": kind, "id": id, "merchant_id": merchant_id}):
            return True
        whose = db.first(_WHOSE, {"kind": kind, "id": id})
    return whose is not None and whose[0] == merchant_id


def register_new(db: Db, kind: str, ids: Sequence[tuple[str, str]]) -> None:
    """(id, merchant) pairs of ids that were made just now and can be nobody's yet."""
    db.each(_ADD, [{"kind": kind, "id": id, "merchant_id": merchant_id} for id, merchant_id in ids])


def whose(db: Db, kind: str, id: str) -> str | None:
    """The merchant it belongs to."""
    found = db.first(_WHOSE, {"kind": kind, "id": id})
    return found[0] if found else None


def forget(db: Db, kind: str, id: str) -> None:
    """The id is free again."""
    db.run(_REMOVE, {"kind_": kind, "id_": id})


class Lookup:
    """The three ways to read a table by id: of one merchant (one key read), of whichever it is, many at once."""

    def __init__(self, table: SqlTable, kind: str, columns: list[Any]) -> None:
        self.own = select(*columns).where(table.c.merchant_id == bindparam("within"), table.c.id == bindparam("id"))
        listed = and_(directory.c.kind == kind, directory.c.id == table.c.id, directory.c.merchant_id == table.c.merchant_id)
        joined = select(*columns).join_from(directory, table, listed)
        self.any: Select[Any] = joined.where(directory.c.kind == kind, directory.c.id == bindparam("id"))
        self.many: Select[Any] = joined.where(directory.c.kind == kind, one_of(directory.c.id, "ids"))

    def row(self, db: Db, id: str, within: str | None) -> Any | None:
        """The row, or None where it is unknown or another merchant's."""
        return db.first(self.any, {"id": id}) if within is None else db.first(self.own, {"id": id, "within": within})
