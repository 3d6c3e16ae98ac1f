"""SLA policies, and what is left to do after one has changed."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Table

from storage.schema.base import METADATA, at, doc, maybe, merchant, number, text

# No `category`, no `priority`: any. `tightens`: the merchant's own, which only shortens what the operator's policies say.
policies = Table(
    "policies", METADATA,
    merchant(), text("id", primary_key=True), maybe("category"), maybe("priority"), doc("doc"), Column("tightens", Boolean, nullable=False),
    at("updated_at"),
)  # fmt: skip

# `merchant_id` `-`: over all merchants. `of_merchant` and `after` are the last ticket that is done.
recounts = Table(
    "recounts", METADATA,
    merchant(), at("due_at"), text("of_merchant"), number("after"), Column("again", Boolean, nullable=False),
    Index("ix_recounts_due", "due_at"),
)  # fmt: skip
