"""What institutions have told: events, what they wait for, payments, cases."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, Table
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, doc, maybe, maybe_at, maybe_doc, merchant, number, text

_TICKETS = sql("ticket IS NOT NULL")
_WAITING = sql("state = 'waiting'")
_KEPT = sql("state IN ('unmatched', 'ignored', 'failed')")

happenings = Table(
    "happenings", METADATA,
    merchant(), text("connection", primary_key=True), text("event_id", primary_key=True), text("id"), text("kind"), text("type"),
    Column("sealed", LargeBinary, nullable=False), at("received_at"), at("available_at"), text("state"), number("attempt"),
    maybe_doc("why"), Column("ticket", BigInteger), maybe_at("worked_at"), number("seq"),
    Index("ix_happenings_waiting", "available_at", "seq", postgresql_where=_WAITING, sqlite_where=_WAITING),
    Index("ix_happenings_kept", "state", "received_at", "id", postgresql_where=_KEPT, sqlite_where=_KEPT),  # the operator's lists
    Index("ix_happenings_own", "merchant_id", "state", "received_at", "id", postgresql_where=_KEPT, sqlite_where=_KEPT),
    Index("ix_happenings_when", "merchant_id", "received_at", "id"),
    Index("ix_happenings_id", "id"),
    Index("ix_happenings_ticket", "merchant_id", "ticket", postgresql_where=_TICKETS, sqlite_where=_TICKETS),
)  # fmt: skip

# What an unmatched event waits for: a payment's or an order's name.
expected = Table(
    "expected", METADATA,
    merchant(), text("key", primary_key=True), text("connection", primary_key=True), text("event_id", primary_key=True),
)  # fmt: skip

payments = Table(
    "payments", METADATA,
    merchant(), text("provider", primary_key=True), text("payment_id", primary_key=True), text("shop_id"), text("order_no"),
    maybe("channel_id"), maybe("sub_merchant_id"), maybe("reference"), text("status"), number("rank"), maybe("amount"), maybe("currency"),
    maybe("captured"), doc("refunds"), doc("method"), maybe_at("paid_at"), maybe_at("told_at"), number("version"),
    Index("ix_payments_id", "merchant_id", "payment_id"),
    Index("ix_payments_payment_id", "payment_id"),  # the operator's question
    Index("ix_payments_reference", "merchant_id", "reference"),
    Index("ix_payments_order", "merchant_id", "shop_id", "order_no"),
)  # fmt: skip

cases = Table(
    "cases", METADATA,
    merchant(), text("provider", primary_key=True), text("case_id", primary_key=True), number("ticket"), text("kind"), text("stage"),
    text("status"), number("rank"), at("opened_at"), maybe("payment_id"), maybe("reason_code"), maybe("reason"), maybe("amount"),
    maybe("currency"), maybe_at("due_at"), text("due_basis"), Column("answered", Boolean, nullable=False), maybe("outcome"),
    maybe_at("told_at"), number("version"),
    Index("ix_cases_ticket", "merchant_id", "ticket"),
)  # fmt: skip
