"""What the risk rules remember."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Double, Index, Table
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, maybe, maybe_at, merchant, number, text

UNCOUNTED = sql("freeze_id IS NULL")

# Tickets by shop and day of their merchant's: a row is held by who counts, so that no two count the same one too many.
shop_days = Table(
    "shop_days", METADATA, merchant(), text("shop_id", primary_key=True), text("day", primary_key=True), number("tickets")
)  # fmt: skip

# Its key is what makes a second one for a shop's day impossible.
reviews = Table(
    "reviews", METADATA,
    merchant(), text("shop_id", primary_key=True), text("day", primary_key=True), text("id"),
    number("count"), Column("mean", Double, nullable=False), number("ticket"), at("opened_at"),
    maybe("decision"), maybe("decided_by"), maybe_at("decided_at"), maybe("reason"),
    Index("ix_reviews_id", "merchant_id", "id"),
    Index("ix_reviews_opened", "opened_at", "id"),
)  # fmt: skip

# The row that is held while a network's disputes are counted. `origin` is a keyed token: no address is kept.
origins = Table("origins", METADATA, merchant(), text("origin", primary_key=True), number("tickets"))

suspects = Table(
    "suspects", METADATA,
    merchant(), text("origin", primary_key=True), Column("ticket", BigInteger, primary_key=True, autoincrement=False),
    text("shop_id"), text("order_no"), at("at"), maybe("freeze_id"),
    Index("ix_suspects_waiting", "merchant_id", "origin", "at", postgresql_where=UNCOUNTED, sqlite_where=UNCOUNTED),
)  # fmt: skip

# `token` and `card` are keyed: no address, number or card is kept.
sightings = Table(
    "sightings", METADATA,
    merchant(), text("token", primary_key=True), Column("ticket", BigInteger, primary_key=True, autoincrement=False),
    at("at"), Column("dispute", Boolean, nullable=False), maybe("card"),
    Index("ix_sightings_when", "merchant_id", "token", "at"),
)  # fmt: skip
