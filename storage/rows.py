"""Between records and rows: a record's fields are a table's columns of the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Table

INT64 = 2**63 - 1


def columns(table: Table, record: type[Any]) -> list[ColumnElement[Any]]:
    """The columns in the order of the record's fields, so that a row is `record(*row)`."""
    return [table.c[field.name] for field in fields(record)]


def values(record: Any) -> dict[str, Any]:
    """Column → value."""
    names, of = _getter(record.__class__)
    return dict(zip(names, of(record), strict=True))


@cache
def _getter(record: Any) -> tuple[tuple[str, ...], Callable[[Any], tuple[Any, ...]]]:
    names = tuple(field.name for field in fields(record))
    return names, attrgetter(*names)


def pairs(wanted: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """What `storage.lists.one_of_pairs` compares with."""
    found = sorted(set(wanted))
    return {"pairs": found, "firsts": [pair[0] for pair in found], "seconds": [pair[1] for pair in found]}


def is_number(number: int) -> bool:
    """Whether this could be a ticket's number at all; a larger one would be an error in the driver."""
    return 0 < number <= INT64
