"""What finds tickets: their texts with what can be looked up of them, and the views that people have saved."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Dialect, Index, Table, Text, TypeDecorator
from sqlalchemy.types import TypeEngine, UserDefinedType

from storage.schema.base import METADATA, at, merchant, number, text


class Grams(TypeDecorator[Any]):
    """PostgreSQL's tsvector. SQLite has its grams in the FTS5 table `ticket_grams`, by `place`, and nothing here."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Imports PostgreSQL's types only where it is used, as Document does."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import TSVECTOR  # noqa: PLC0415

        return dialect.type_descriptor(TSVECTOR())


class Query(UserDefinedType[str]):
    """What PostgreSQL looks up in a tsvector."""

    cache_ok = True

    def get_col_spec(self, **_how: Any) -> str:
        """As it is cast to."""
        return "tsquery"


# One row per text of a ticket: `part` is a message's id, or empty for the subject with the first message. Two things are one database's own
# and stand in the migration alone: PostgreSQL's GIN index over `grams`, SQLite's `ticket_grams`.
ticket_texts = Table(
    "ticket_texts", METADATA,
    merchant(), number("ticket", primary_key=True), text("part", primary_key=True), number("place"), text("plain"),
    Column("grams", Grams),
    Index("ix_ticket_texts_place", "place"),
)  # fmt: skip

# A person's own: `name` is as it is compared, `shown` as it was written.
saved_views = Table(
    "saved_views", METADATA,
    merchant(), text("person_id", primary_key=True), text("name", primary_key=True), text("shown"), text("words"), at("saved_at"),
)  # fmt: skip
