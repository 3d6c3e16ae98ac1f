"""Merchants' own fields of tickets. What stands in them is with the tickets."""

from __future__ import annotations

from sqlalchemy import Table

from storage.schema.base import METADATA, at, doc, merchant, text

custom_fields = Table(
    "custom_fields", METADATA,
    merchant(), text("key", primary_key=True), text("type"), text("label"), doc("choices"), at("updated_at"),
)  # fmt: skip
