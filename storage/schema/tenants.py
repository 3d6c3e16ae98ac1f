"""Merchants and what is theirs: shops, orders, people, API keys, webhooks; and the directory that finds a tenant by an id."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, LargeBinary, Table, Text
from sqlalchemy import text as sql

from storage.schema.base import METADATA, at, doc, maybe, maybe_at, maybe_doc, merchant, number, text

# Not a tenant's: which merchant an id belongs to. Its key keeps ids unique over the deployment.
# `kind`: shop, agent, key, webhook, freeze, policy.
directory = Table("directory", METADATA, text("kind", primary_key=True), text("id", primary_key=True), text("merchant_id"))

# Not a tenant's: a chat account comes before anybody knows whose it is. `team` is empty where any team matches.
chat_links = Table(
    "chat_links", METADATA,
    text("channel", primary_key=True), text("external_id", primary_key=True), text("team", primary_key=True),
    text("merchant_id"), text("agent_id"),
    Index("ix_chat_links_agent", "merchant_id", "agent_id"),
)  # fmt: skip

# Not a tenant's: a callback names its account before anybody knows whose that is.
accounts = Table(
    "accounts", METADATA,
    text("channel", primary_key=True), text("id", primary_key=True), text("merchant_id"), doc("doc"),
    Column("sealed", LargeBinary, nullable=False), at("updated_at"),
    Index("ix_accounts_merchant", "channel", "merchant_id"),
)  # fmt: skip

merchants = Table(
    "merchants", METADATA,
    text("id", primary_key=True), text("name"), text("timezone"), text("locale"), doc("profile"), maybe_at("enabled_at"),
)  # fmt: skip

shops = Table(
    "shops", METADATA, merchant(), text("id", primary_key=True), text("platform"), text("name"), doc("more"), maybe_at("created_at")
)

_KEY, _SUB, _PAID = ("merchant_id", "shop_id", "order_no"), sql("sub_merchant_id IS NOT NULL"), sql("transaction_id IS NOT NULL")

_BUYER = sql("buyer_sealed IS NOT NULL")

orders = Table(
    "orders", METADATA,
    merchant(), text("shop_id", primary_key=True), text("order_no", primary_key=True),
    doc("total"), doc("payment"), doc("buyer"), Column("buyer_sealed", LargeBinary), maybe_at("updated_at"),
    maybe("currency"), maybe("transaction_id"), maybe("sub_merchant_id"), maybe_at("paid_at"),  # of the documents, to find it by
    Index("ix_orders_paid", "merchant_id", "paid_at"),
    # Each with the rest of the key, so that what is found comes in the order of the list; the operator's question, too.
    Index("ix_orders_sub_merchant", "sub_merchant_id", *_KEY, postgresql_where=_SUB, sqlite_where=_SUB),
    Index("ix_orders_transaction", "transaction_id", *_KEY, postgresql_where=_PAID, sqlite_where=_PAID),
    Index("ix_orders_merchant_number", "merchant_id", "order_no", "shop_id"),
    Index("ix_orders_buyers", "merchant_id", "updated_at", postgresql_where=_BUYER, sqlite_where=_BUYER),
    Index("ix_orders_number", "order_no"),  # the operator's question: whose order is this
)  # fmt: skip

agents = Table(
    "agents", METADATA,
    merchant(), text("id", primary_key=True), text("name"), text("role"),
    maybe("slack_user_id"), maybe("slack_team_id"), maybe("wecom_user_id"), maybe("email"), maybe("locale"), maybe_at("away_until"),
    Index("ix_agents_role", "merchant_id", "role"),
)  # fmt: skip

# The operator's one: who of its senior managers is on duty when.
rota = Table("rota", METADATA, merchant(), doc("doc"), at("updated_at"))

api_keys = Table(
    "api_keys", METADATA,
    merchant(), text("id", primary_key=True), text("name"), text("digest"), doc("scopes"), at("created_at"), maybe_at("revoked_at"),
    maybe_at("expires_at"), maybe_at("used_at"),
)  # fmt: skip

webhooks = Table(
    "webhooks", METADATA,
    merchant(), text("id", primary_key=True), text("url"), doc("events"), Column("secret_sealed", LargeBinary, nullable=False),
    at("created_at"), maybe_at("disabled_at"), Column("kind", Text, nullable=False, server_default="webhook"),
    Column("previous_sealed", LargeBinary), maybe_at("previous_until"), maybe_at("failing_since"), maybe("disabled_why"),
)  # fmt: skip

freezes = Table(
    "freezes", METADATA,
    merchant(), text("id", primary_key=True), text("kind"), text("subject"), text("reason"), at("since"), at("until"),
    Column("ticket", BigInteger), maybe_at("lifted_at"), maybe("lifted_by"), maybe("why"),
    Index("ix_freezes_subject", "merchant_id", "kind", "subject", "until"),
    Index("ix_freezes_active", "kind", "until", postgresql_where=sql("lifted_at IS NULL"), sqlite_where=sql("lifted_at IS NULL")),
)  # fmt: skip

# A person's last word that can be taken back; by person, who may be the operator's.
undo = Table(
    "undo", METADATA,
    text("person_id", primary_key=True), text("verb"), text("merchant_id"), number("ticket"), at("until"),
    maybe_doc("before"), maybe("message_id"),
)  # fmt: skip

# First answers by idempotency key; `scope` says whose key it is.
answers = Table(
    "answers", METADATA,
    text("scope", primary_key=True), text("key", primary_key=True), text("fingerprint"), number("status"), maybe_doc("body"),
    at("created_at"), Index("ix_answers_created", "created_at"),
)  # fmt: skip
