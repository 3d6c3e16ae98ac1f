"""The audit log: entries as they were written, the tree over them, and the notes that were signed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, UniqueConstraint
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, doc, maybe, merchant, number, text

_OF_TICKET = sql("ticket IS NOT NULL")

# `leaf`: its place in the tree, none until it is sealed. `entry` and `salt` go when what they tell is erased; `commitment` stays.
audit_log = Table(
    "audit_log", METADATA,
    merchant(), number("seq", primary_key=True), Column("leaf", BigInteger), at("at"), Column("ticket", BigInteger), text("actor"),
    maybe("entry"), Column("salt", LargeBinary), Column("commitment", LargeBinary, nullable=False),
    UniqueConstraint("leaf", name="uq_audit_log_leaf"),
    Index("ix_audit_log_merchant", "merchant_id", "leaf"),
    Index("ix_audit_log_ticket", "ticket", "leaf", postgresql_where=_OF_TICKET, sqlite_where=_OF_TICKET),
)  # fmt: skip

# How far it is sealed, the whole subtrees of that, and the key that signs, sealed.
audit_state = Table(
    "audit_state", METADATA, merchant(), number("size"), doc("frontier"), Column("key", LargeBinary, nullable=False), text("public"),
)  # fmt: skip

# Of every eighth level above the leaves, those that are whole.
audit_nodes = Table(
    "audit_nodes", METADATA, merchant(), number("level", primary_key=True), number("place", primary_key=True),
    Column("hash", LargeBinary, nullable=False),
)  # fmt: skip

audit_checkpoints = Table("audit_checkpoints", METADATA, merchant(), number("size", primary_key=True), at("at"), text("note"))
