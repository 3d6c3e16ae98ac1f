"""What goes out and what came in: the outbox and the inbox, the two tables that are also queues."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, doc, maybe, maybe_at, maybe_doc, merchant, number, text

WAITING = sql("state = 'waiting'")
EVENTS = sql("channel = 'webhooks'")
UNWORKED = sql("outcome IS NULL")

# `card`, `folded` and `thread` repeat what is in `payload` and `receipt`, to be asked for quickly. `seq` is the order of writing.
outbox = Table(
    "outbox", METADATA,
    merchant(), text("id", primary_key=True), Column("ticket", BigInteger), text("cause"), text("kind"), text("channel"),
    text("target"), doc("payload"), at("created_at"), at("available_at"), text("state"), number("attempt"), number("failures"),
    number("revision"), maybe_doc("receipt"), maybe("last_error"), maybe_at("sent_at"), Column("leased", Boolean, nullable=False),
    Column("unsure", Boolean, nullable=False), maybe_doc("fresh"),
    Column("card", Boolean, nullable=False), Column("folded", Boolean, nullable=False), maybe("thread"), number("seq"),
    UniqueConstraint("merchant_id", "cause", "channel", "target"),
    Index("ix_outbox_waiting", "available_at", "seq", postgresql_where=WAITING, sqlite_where=WAITING),
    Index("ix_outbox_address", "channel", "target", "available_at", "seq", postgresql_where=WAITING, sqlite_where=WAITING),
    Index("ix_outbox_leased", "available_at", postgresql_where=sql("leased"), sqlite_where=sql("leased = 1")),
    Index("ix_outbox_dead", "merchant_id", "seq", postgresql_where=sql("state = 'dead'"), sqlite_where=sql("state = 'dead'")),
    Index("ix_outbox_ticket", "merchant_id", "ticket"),
    Index("ix_outbox_when", "merchant_id", "created_at", "seq"),
    Index(
        "ix_outbox_thread", "channel", "thread", "target",
        postgresql_where=sql("thread IS NOT NULL"), sqlite_where=sql("thread IS NOT NULL"),
    ),
    Index("ix_outbox_id", "id"),
    Index("ix_outbox_webhook", "target", "created_at", "seq", postgresql_where=EVENTS, sqlite_where=EVENTS),
)  # fmt: skip

# Not a tenant's: stored before anybody has read whose it is.
inbox = Table(
    "inbox", METADATA,
    text("source", primary_key=True), text("external_id", primary_key=True), doc("body"), at("received_at"), maybe_doc("outcome"),
    number("attempt"), at("available_at"),
    Index("ix_inbox_unworked", "available_at", postgresql_where=UNWORKED, sqlite_where=UNWORKED),
)  # fmt: skip
