"""Tickets and what hangs on them: numbers, messages, the timeline, deadlines, snoozes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Double, Identity, Index, Integer, LargeBinary, Table
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, doc, maybe, maybe_at, maybe_doc, merchant, number, text

FIRST_NUMBER = 1001
RUNNING = sql("state IN ('new', 'open', 'pending', 'resolved')")
UNCLEARED = sql("cleared_at IS NULL AND closed_at IS NOT NULL")
RISKY = sql("risk_level IS NOT NULL")
LIVE = sql("state IN ('new', 'open', 'pending')")  # said as it stands here, also where a list asks for it: only so is its index used
# What lists are narrowed by, after what orders them: an index with all of it fetches no ticket that is not shown.
_NARROWED = ("shop_id", "platform", "currency", "category", "priority", "assignee", "tier")

# Not a tenant's: allots numbers without contention, and tells whose a number is.
ticket_numbers = Table(
    "ticket_numbers", METADATA,
    Column(
        "number", BigInteger().with_variant(Integer(), "sqlite"), Identity(start=FIRST_NUMBER), primary_key=True, autoincrement=True
    ),
    text("merchant_id"),
    sqlite_autoincrement=True,
)  # fmt: skip


def _target(kind: str) -> list[Column[Any]]:
    return [maybe_at(f"{kind}_{moment}") for moment in ("started_at", "due_at", "met_at", "breached_at")]


tickets = Table(
    "tickets", METADATA,
    merchant(), number("number", primary_key=True), text("shop_id"), text("platform"), text("subject"), text("message"),
    at("created_at"), at("updated_at"), maybe("order_no"), maybe("currency"), text("state"),
    text("category"), Column("category_score", Double, nullable=False), text("category_source"), doc("category_also"),
    text("priority"), doc("buyer"), Column("buyer_sealed", LargeBinary), maybe("language"), maybe("assignee"),
    number("tier"), number("cycle"), number("escalated_cycle"),
    *_target("first_response"), *_target("resolution"), *_target("closure"),
    maybe_at("seen_at"), maybe_at("first_responded_at"), maybe_at("resolved_at"), maybe_at("closed_at"),
    Column("merged_into", BigInteger), doc("custom_fields"), number("version"),
    maybe("taken_from"),
    at("next_due"),  # the far end of time where nothing is due
    maybe_at("auto_at"), maybe_doc("ledger"), maybe_doc("dispute"), maybe_doc("category_guesses"),
    maybe("risk_level"), maybe_doc("risk"), maybe_doc("translations"),
    maybe_at("cleared_at"),  # nothing on it tells of a person any more
    Index("ix_tickets_risky", "merchant_id", "risk_level", "next_due", "number", postgresql_where=RISKY, sqlite_where=RISKY),
    Index("ix_tickets_urgent", "merchant_id", "next_due", "number"),
    Index("ix_tickets_live", "merchant_id", "next_due", "number", *_NARROWED, postgresql_where=LIVE, sqlite_where=LIVE),
    Index("ix_tickets_newest", "merchant_id", "number", "state", *_NARROWED),
    Index("ix_tickets_order", "merchant_id", "order_no", "shop_id"),
    Index("ix_tickets_assignee", "merchant_id", "assignee", "next_due"),
    Index("ix_tickets_closed", "merchant_id", "closed_at"),
    Index("ix_tickets_uncleared", "merchant_id", "closed_at", postgresql_where=UNCLEARED, sqlite_where=UNCLEARED),
    Index("ix_tickets_number", "number"),  # the operator's lists, newest first and most urgent first
    Index("ix_tickets_due", "next_due", "number"),
    Index("ix_tickets_running", "merchant_id", "number", postgresql_where=RUNNING, sqlite_where=RUNNING),
)  # fmt: skip

# `seq` keeps what was said in one instant in the order in which it was said.
messages = Table(
    "messages", METADATA,
    merchant(), number("ticket", primary_key=True), text("id", primary_key=True), text("author"), maybe("agent_id"), text("text"),
    Column("public", Boolean, nullable=False), at("created_at"), maybe_at("held_until"), doc("attachments"), number("seq"),
    Index("ix_messages_when", "merchant_id", "ticket", "created_at", "seq"),
)  # fmt: skip

timeline = Table(
    "timeline", METADATA,
    merchant(), number("ticket", primary_key=True), at("at", primary_key=True), number("seq", primary_key=True),
    text("type"), text("actor"), text("via"), doc("detail"),
)  # fmt: skip

deadlines = Table(
    "deadlines", METADATA,
    merchant(), number("ticket", primary_key=True), text("kind", primary_key=True), at("due_at"),
    Index("ix_deadlines_due", "due_at"),  # the pass
)  # fmt: skip

snoozes = Table(
    "snoozes", METADATA,
    merchant(), number("ticket", primary_key=True), text("person_id", primary_key=True), at("until"),
    Index("ix_snoozes_ticket", "ticket"),
)  # fmt: skip
