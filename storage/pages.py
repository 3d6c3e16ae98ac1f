"""Pages of a list: a cursor holds the sort key of the last item seen, so that what is added or removed meanwhile moves nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, literal, tuple_

from bot.errors import BadUsage
from bot.messages import Page
from storage.db import Db
from storage.rows import INT64
from storage.types import NEVER, from_micros, to_micros

T = TypeVar("T")
LONGEST = 2000


def encode(key: Sequence[Any]) -> str:
    """An opaque cursor."""
    plain = [to_micros(part) if isinstance(part, datetime) else part for part in key]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str, kinds: Sequence[type[Any]]) -> list[Any]:
    """The key. Raises BadUsage when it is none of ours."""
    try:
        if len(cursor) > LONGEST:
            raise ValueError("too long")
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        parts = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise ValueError("another shape")
        return [_part(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    except (ValueError, binascii.Error, RecursionError):
        raise BadUsage("bad_cursor", code="bad_cursor", field="cursor") from None


def _part(part: Any, kind: type[Any]) -> Any:
    if kind is str:
        if not isinstance(part, str) or "\0" in part:
            raise ValueError("not a text")
        part.encode()  # half a surrogate pair is no text either
        return part
    if not isinstance(part, int) or isinstance(part, bool) or abs(part) > INT64:
        raise ValueError("not a number")
    if kind is datetime:
        if not 0 <= part <= to_micros(NEVER):
            raise ValueError("not a moment")
        return from_micros(part)
    return part


def page(
    db: Db, statement: Select[Any], key: Sequence[ColumnElement[Any]], kinds: Sequence[type[Any]], limit: int, cursor: str | None,
    make: Callable[[Any], T], *, newest_first: bool = False, keyed: bool = False,
) -> Page[T]:  # fmt: skip
    """`statement` in the order of `key`, after `cursor`. `kinds` are the key's types. `keyed`: `make` gets rows with their keys behind."""
    if cursor is not None:
        after = tuple_(*(literal(value, part.type) for value, part in zip(decode(cursor, kinds), key, strict=True)))
        statement = statement.where(tuple_(*key) < after if newest_first else tuple_(*key) > after)
    order = [part.desc() for part in key] if newest_first else list(key)
    limit = max(1, limit)
    rows = db.all(statement.add_columns(*(part.label(f"key_{at}") for at, part in enumerate(key))).order_by(*order).limit(limit + 1))
    width = len(key)
    items = tuple(make(row if keyed else row[:-width]) for row in rows[:limit])
    return Page(items, encode(rows[limit - 1][-width:]) if len(rows) > limit else None)


def around(
    db: Db, statement: Select[Any], key: Sequence[ColumnElement[Any]], kinds: Sequence[type[Any]], limit: int, cursor: str | None,
    make: Callable[[Any], T], *, back: bool = False, newest_first: bool = False,
) -> Page[T]:  # fmt: skip
    """The same for lists that are read both ways, a cursor for each. `back`: what comes before `cursor`; at the head a whole page."""
    back = back and cursor is not None
    found = page(db, statement, key, kinds, limit, cursor, lambda row: row, newest_first=newest_first != back, keyed=True)
    width, more = len(key), found.next_cursor is not None
    rows = found.items[::-1] if back else found.items
    if back and not more:
        return around(db, statement, key, kinds, limit, None, make, newest_first=newest_first)
    ahead = encode(rows[-1][-width:]) if rows and (more or back) else None
    behind = encode(rows[0][-width:]) if rows and cursor is not None else None
    return Page(tuple(make(row[:-width]) for row in rows), ahead, behind)
