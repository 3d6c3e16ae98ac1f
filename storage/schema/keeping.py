"""What must be kept, and what was asked to be erased."""

from __future__ import annotations

from sqlalchemy import Index, Table
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, doc, maybe_at, maybe_doc, merchant, number, text

_WAITS = sql("look_at IS NOT NULL")

legal_holds = Table(
    "legal_holds", METADATA, merchant(), number("ticket", primary_key=True), text("reason"), at("until"), text("by"), at("at")
)

# `subject`: whose, as a keyed token, or an order's number; `left`: places that are not cleared yet; `removed`: what was, counted.
erasures = Table(
    "erasures", METADATA,
    merchant(), text("id", primary_key=True), at("asked_at"), text("state"), text("ground"), text("by"), doc("subject"), doc("left"),
    doc("removed"), maybe_at("look_at"), maybe_at("done_at"), maybe_doc("certificate"),
    Index("ix_erasures_asked", "asked_at", "id"),
    Index("ix_erasures_look_at", "look_at", postgresql_where=_WAITS, sqlite_where=_WAITS),
)  # fmt: skip
