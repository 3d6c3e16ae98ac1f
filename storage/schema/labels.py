"""What people said tickets are about where the engine had said something, and which tickets it has yet to look at again."""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, Table

from storage.schema.base import METADATA, at, merchant, number, text

# The texts stay with their tickets, and go when those are erased.
corrections = Table(
    "corrections", METADATA,
    merchant(), number("ticket", primary_key=True), text("was"), text("said"),
    Column("score", Double, nullable=False), text("by"), at("at"),
    Index("ix_corrections_when", "merchant_id", "at"),
)  # fmt: skip

second_looks = Table(
    "second_looks", METADATA,
    merchant(), number("ticket", primary_key=True), at("at"),
    Index("ix_second_looks_at", "at"),
)  # fmt: skip
