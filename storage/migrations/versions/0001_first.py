"""The first schema."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every table, as it was then: this file never changes again."""
    _tenants()
    _orders_and_keys()
    _tickets()
    _on_tickets()
    _queues()


def _text(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, **{"nullable": False, **more})


def _number(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger, autoincrement=False, **{"nullable": False, **more})


def _identity(name: str) -> sa.Column[Any]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column(name, kind, sa.Identity(start=1001), autoincrement=True, nullable=False)


def _real(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Double, nullable=False)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean, nullable=False)


def _bytes(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary, **{"nullable": False, **more})


def _at(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, moment(), **{"nullable": False, **more})


def _doc(name: str, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, document(), **{"nullable": False, **more})


def _where(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def _tenants() -> None:
    op.create_table(
        "merchants",
        _text("id"), _text("name"), _text("timezone"), _text("locale"), _doc("profile"), _at("enabled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_merchants"),
    )  # fmt: skip
    op.create_table(
        "shops",
        _text("merchant_id"), _text("id"), _text("platform"), _text("name"), _doc("more"),
        sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_shops"),
    )  # fmt: skip
    op.create_table(
        "directory",
        _text("kind"), _text("id"), _text("merchant_id"), sa.PrimaryKeyConstraint("kind", "id", name="pk_directory"),
    )  # fmt: skip
    op.create_table(
        "chat_links",
        _text("channel"), _text("external_id"), _text("team"), _text("merchant_id"), _text("agent_id"),
        sa.PrimaryKeyConstraint("channel", "external_id", "team", name="pk_chat_links"),
    )  # fmt: skip
    op.create_index("ix_chat_links_agent", "chat_links", ["merchant_id", "agent_id"])
    op.create_table(
        "agents",
        _text("merchant_id"), _text("id"), _text("name"), _text("role"), _text("slack_user_id", nullable=True),
        _text("slack_team_id", nullable=True), _text("wecom_user_id", nullable=True), _text("email", nullable=True),
        _text("locale", nullable=True), _at("away_until", nullable=True),
        sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_agents"),
    )  # fmt: skip
    op.create_index("ix_agents_role", "agents", ["merchant_id", "role"])


def _orders_and_keys() -> None:
    op.create_table(
        "orders",
        _text("merchant_id"), _text("shop_id"), _text("order_no"), _doc("total"), _doc("payment"), _doc("buyer"),
        _bytes("buyer_sealed", nullable=True), _at("updated_at", nullable=True),
        sa.PrimaryKeyConstraint("merchant_id", "shop_id", "order_no", name="pk_orders"),
    )  # fmt: skip
    op.create_index("ix_orders_merchant_number", "orders", ["merchant_id", "order_no"])
    op.create_index("ix_orders_number", "orders", ["order_no"])
    op.create_table(
        "api_keys",
        _text("merchant_id"), _text("id"), _text("name"), _text("digest"), _doc("scopes"), _at("created_at"),
        _at("revoked_at", nullable=True), sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_api_keys"),
    )  # fmt: skip
    op.create_table(
        "webhooks",
        _text("merchant_id"), _text("id"), _text("url"), _doc("events"), _bytes("secret_sealed"), _at("created_at"),
        _at("disabled_at", nullable=True), sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_webhooks"),
    )  # fmt: skip
    op.create_table(
        "freezes",
        _text("merchant_id"), _text("id"), _text("kind"), _text("subject"), _text("reason"), _at("since"), _at("until"),
        _number("ticket", nullable=True), _at("lifted_at", nullable=True), _text("lifted_by", nullable=True),
        _text("why", nullable=True), sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_freezes"),
    )  # fmt: skip
    op.create_index("ix_freezes_subject", "freezes", ["merchant_id", "kind", "subject", "until"])
    op.create_table(
        "undo",
        _text("person_id"), _text("verb"), _text("merchant_id"), _number("ticket"), _at("until"),
        _doc("before", nullable=True), _text("message_id", nullable=True),
        sa.PrimaryKeyConstraint("person_id", name="pk_undo"),
    )  # fmt: skip
    op.create_table(
        "answers",
        _text("scope"), _text("key"), _text("fingerprint"), _number("status"), _doc("body", nullable=True),
        _at("created_at"), sa.PrimaryKeyConstraint("scope", "key", name="pk_answers"),
    )  # fmt: skip
    op.create_index("ix_answers_created", "answers", ["created_at"])


def _tickets() -> None:
    op.create_table(
        "ticket_numbers",
        _identity("number"), _text("merchant_id"), sa.PrimaryKeyConstraint("number", name="pk_ticket_numbers"),
        sqlite_autoincrement=True,
    )  # fmt: skip
    op.create_table(
        "tickets",
        _text("merchant_id"), _number("number"), _text("shop_id"), _text("platform"), _text("subject"), _text("message"),
        _at("created_at"), _at("updated_at"), _text("order_no", nullable=True), _text("currency", nullable=True),
        _text("state"), _text("category"), _real("category_score"), _text("category_source"), _doc("category_also"),
        _text("priority"), _doc("buyer"), _bytes("buyer_sealed", nullable=True), _text("language", nullable=True),
        _text("assignee", nullable=True), _number("tier"), _number("cycle"), _number("escalated_cycle"),
        _at("first_response_started_at", nullable=True), _at("first_response_due_at", nullable=True),
        _at("first_response_met_at", nullable=True), _at("first_response_breached_at", nullable=True),
        _at("resolution_started_at", nullable=True), _at("resolution_due_at", nullable=True),
        _at("resolution_met_at", nullable=True), _at("resolution_breached_at", nullable=True),
        _at("closure_started_at", nullable=True), _at("closure_due_at", nullable=True),
        _at("closure_met_at", nullable=True), _at("closure_breached_at", nullable=True), _at("seen_at", nullable=True),
        _at("first_responded_at", nullable=True), _at("resolved_at", nullable=True), _at("closed_at", nullable=True),
        _number("merged_into", nullable=True), _doc("custom_fields"), _number("version"), _at("next_due"),
        sa.PrimaryKeyConstraint("merchant_id", "number", name="pk_tickets"),
    )  # fmt: skip
    op.create_index("ix_tickets_assignee", "tickets", ["merchant_id", "assignee", "next_due"])
    op.create_index("ix_tickets_due", "tickets", ["next_due", "number"])
    op.create_index("ix_tickets_number", "tickets", ["number"])
    op.create_index("ix_tickets_order", "tickets", ["merchant_id", "order_no", "shop_id"])
    op.create_index("ix_tickets_state", "tickets", ["merchant_id", "state", "next_due"])
    op.create_index("ix_tickets_urgent", "tickets", ["merchant_id", "next_due", "number"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('ticket_numbers', 1000)")


def _on_tickets() -> None:
    op.create_table(
        "messages",
        _text("merchant_id"), _number("ticket"), _text("id"), _text("author"), _text("agent_id", nullable=True),
        _text("text"), _flag("public"), _at("created_at"), _at("held_until", nullable=True), _doc("attachments"),
        _number("seq"), sa.PrimaryKeyConstraint("merchant_id", "ticket", "id", name="pk_messages"),
    )  # fmt: skip
    op.create_index("ix_messages_when", "messages", ["merchant_id", "ticket", "created_at", "seq"])
    op.create_table(
        "timeline",
        _text("merchant_id"), _number("ticket"), _at("at"), _number("seq"), _text("type"), _text("actor"), _text("via"),
        _doc("detail"), sa.PrimaryKeyConstraint("merchant_id", "ticket", "at", "seq", name="pk_timeline"),
    )  # fmt: skip
    op.create_table(
        "deadlines",
        _text("merchant_id"), _number("ticket"), _text("kind"), _at("due_at"),
        sa.PrimaryKeyConstraint("merchant_id", "ticket", "kind", name="pk_deadlines"),
    )  # fmt: skip
    op.create_index("ix_deadlines_due", "deadlines", ["due_at"])
    op.create_table(
        "snoozes",
        _text("merchant_id"), _number("ticket"), _text("person_id"), _at("until"),
        sa.PrimaryKeyConstraint("merchant_id", "ticket", "person_id", name="pk_snoozes"),
    )  # fmt: skip
    op.create_index("ix_snoozes_ticket", "snoozes", ["ticket"])


def _queues() -> None:
    op.create_table(
        "outbox",
        _text("merchant_id"), _text("id"), _number("ticket", nullable=True), _text("cause"), _text("kind"),
        _text("channel"), _text("target"), _doc("payload"), _at("created_at"), _at("available_at"), _text("state"),
        _number("attempt"), _number("failures"), _number("revision"), _doc("receipt", nullable=True),
        _text("last_error", nullable=True), _at("sent_at", nullable=True), _flag("leased"), _flag("unsure"), _flag("card"), _flag("folded"),
        _text("thread", nullable=True), _number("seq"), sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_outbox"),
        sa.UniqueConstraint("merchant_id", "cause", "channel", "target", name="uq_outbox"),
    )  # fmt: skip
    op.create_index("ix_outbox_address", "outbox", ["channel", "target", "available_at", "seq"], **_where("state = 'waiting'"))
    op.create_index("ix_outbox_dead", "outbox", ["merchant_id", "seq"], **_where("state = 'dead'"))
    op.create_index("ix_outbox_id", "outbox", ["id"])
    op.create_index("ix_outbox_thread", "outbox", ["channel", "target", "thread"], **_where("thread IS NOT NULL"))
    op.create_index("ix_outbox_ticket", "outbox", ["merchant_id", "ticket"])
    op.create_index("ix_outbox_waiting", "outbox", ["available_at", "seq"], **_where("state = 'waiting'"))
    op.create_index("ix_outbox_when", "outbox", ["merchant_id", "created_at", "seq"])
    op.create_table(
        "inbox",
        _text("source"), _text("external_id"), _doc("body"), _at("received_at"), _doc("outcome", nullable=True),
        _number("attempt"), _at("available_at"), sa.PrimaryKeyConstraint("source", "external_id", name="pk_inbox"),
    )  # fmt: skip
    op.create_index("ix_inbox_unworked", "inbox", ["available_at"], **_where("outcome IS NULL"))
