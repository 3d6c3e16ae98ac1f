"""Between records and rows: a record's fields are a table's columns of the same names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, tuple_

INT64 = 2**63 - 1


def columns(table: Table, record: type[Any]) -> list[ColumnElement[Any]]:
    """The columns in the order of the record's fields, so that a row is `record(*row)`."""
    return [table.c[field.name] for field in fields(record)]


def values(record: Any) -> dict[str, Any]:
    """Column → value."""
    return {field.name: getattr(record, field.name) for field in fields(record)}


def among(merchant_id: ColumnElement[str], id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether (merchant, id) is one of the pairs of `pairs`. The two lists beside them lead SQLite to its index: pairs alone do not."""
    pairs = tuple_(merchant_id, id).in_(bindparam("pairs", expanding=True))
    lists = (merchant_id.in_(bindparam("pair_merchants", expanding=True)), id.in_(bindparam("pair_ids", expanding=True)))
    return and_(pairs, *lists)


def pairs(wanted: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What `among` compares with."""
    found = sorted(set(wanted))
    return {"pairs": found, "pair_merchants": sorted({pair[0] for pair in found}), "pair_ids": sorted({pair[1] for pair in found})}


def is_number(number: int) -> bool:
    """Whether this could be a ticket's number at all; a larger one would be an error in the driver."""
    return 0 < number <= INT64
