"""Figures: what each ticket was counted for, the sums of days and months, and which tickets have changed since."""

from __future__ import annotations

from sqlalchemy import Index, Table
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, doc, maybe_at, merchant, number, text

_OPEN, _LOOKED_AT = sql("open > 0"), sql("look_at IS NOT NULL")

# Of a day (`2026-11-23`) or a month (`2026-11`); merchant `-` is all of them, by the deployment's clock.
figures = Table(
    "figures", METADATA,
    merchant(), text("kind", primary_key=True), text("subject", primary_key=True), text("at", primary_key=True),
    number("open"), doc("sums"),
    Index("ix_figures_open", "merchant_id", "kind", "subject", postgresql_where=_OPEN, sqlite_where=_OPEN),
)  # fmt: skip

figure_facts = Table(
    "figure_facts", METADATA,
    merchant(), number("ticket", primary_key=True), number("version"), maybe_at("look_at"), doc("counted"),
    Index("ix_figure_facts_ticket", "ticket"),
    Index("ix_figure_facts_look_at", "look_at", postgresql_where=_LOOKED_AT, sqlite_where=_LOOKED_AT),
)  # fmt: skip

figure_changes = Table("figure_changes", METADATA, merchant(), number("ticket", primary_key=True), number("times"))

# Up to `floor` every ticket is counted; new ones are looked for above it. It follows `ceiling`, the newest there was at `seen_at`.
figure_state = Table("figure_state", METADATA, merchant(), number("floor"), number("ceiling"), at("seen_at"))

# Orders paid on each day (UTC) that is over; merchant `-` is all of them. Days to be counted anew, and how far all are counted and swept.
paid_days = Table(
    "paid_days", METADATA, merchant(), text("day", primary_key=True), number("orders"), Index("ix_paid_days_day", "day"),
)  # fmt: skip
paid_changes = Table("paid_changes", METADATA, merchant(), text("day", primary_key=True))
paid_state = Table("paid_state", METADATA, merchant(), at("counted_to"), at("sweeps"), at("swept_at"))
