"""How moments and documents are kept: timestamptz and JSONB on PostgreSQL, integer microseconds and JSON text on SQLite."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, DateTime, Dialect, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # sorts after every moment; an index can't be walked with NULLs last on both databases


def to_micros(at: datetime) -> int:
    """Microseconds since 1970, exactly."""
    return (at - EPOCH) // MICROSECOND


def from_micros(micros: int) -> datetime:
    """The moment, in UTC."""
    return EPOCH + timedelta(microseconds=micros)


def dumps(value: Any) -> str:
    """Compact JSON of any mapping or sequence."""
    try:
        return orjson.dumps(value, default=_plain).decode()
    except TypeError:  # a number of more than 64 bits, half a character: orjson takes neither
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _dumps(value: Any) -> str | None:
    return None if value is None else dumps(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} does not go into a document")


class Micros(BigInteger):
    """A moment as an integer: exact, order-preserving, and read without parsing. One without a zone is refused: it would shift silently."""

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any]:  # noqa: ARG002
        """To micros."""
        return lambda at: None if at is None else (at - EPOCH) // MICROSECOND

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:  # noqa: ARG002
        """UTC. Without TypeDecorator's own steps: nothing is read more often."""
        return lambda micros: None if micros is None else EPOCH + timedelta(0, 0, micros)


def _loads(text: str | None) -> Any:
    """What `dumps` wrote. The decoder itself, without looking for blanks at both ends: that takes longer than most documents."""
    if text is None:
        return None
    found, end = _decoded(text)
    return found if end == len(text) else json.loads(text)


_decoded = json.JSONDecoder().raw_decode


class Document(TypeDecorator[Any]):
    """A document: JSONB, or JSON text. None is NULL, not `null`."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Imports PostgreSQL's types only where it is used: they cost the embedded database's start a tenth of a second."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import JSONB  # noqa: PLC0415

        return dialect.type_descriptor(JSONB(none_as_null=True))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """PostgreSQL's own type writes it by itself."""
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _dumps

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """And reads it."""
        return super().result_processor(dialect, coltype) if dialect.name == "postgresql" else _loads


def moment() -> DateTime:
    """The type of a column of moments."""
    return DateTime(timezone=True).with_variant(Micros(), "sqlite")


def document() -> Document:
    """The type of a column of documents."""
    return Document()
