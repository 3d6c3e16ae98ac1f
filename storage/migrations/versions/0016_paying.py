"""What payment institutions and shops tell: events, payments, cases; and a ticket's case."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_WAITING = sa.text("state = 'waiting'")
_KEPT = sa.text("state IN ('unmatched', 'ignored', 'failed')")


def _text(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in names]


def _maybe(*names: str) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.Text) for name in names]


def upgrade() -> None:
    """Nothing has been told yet."""
    op.create_table(
        "happenings",
        *_text("merchant_id", "connection", "event_id", "id", "kind", "type"),
        sa.Column("sealed", sa.LargeBinary, nullable=False), sa.Column("received_at", moment(), nullable=False),
        sa.Column("available_at", moment(), nullable=False), *_text("state"), sa.Column("attempt", sa.BigInteger, nullable=False),
        sa.Column("why", document()), sa.Column("ticket", sa.BigInteger), sa.Column("worked_at", moment()),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "connection", "event_id", name="pk_happenings"),
    )  # fmt: skip
    op.create_index(
        "ix_happenings_waiting", "happenings", ["available_at", "seq"], postgresql_where=_WAITING, sqlite_where=_WAITING
    )  # fmt: skip
    op.create_index(
        "ix_happenings_kept", "happenings", ["state", "received_at", "id"], postgresql_where=_KEPT, sqlite_where=_KEPT
    )  # fmt: skip
    own = ["merchant_id", "state", "received_at", "id"]
    op.create_index("ix_happenings_own", "happenings", own, postgresql_where=_KEPT, sqlite_where=_KEPT)
    op.create_index("ix_happenings_when", "happenings", ["merchant_id", "received_at", "id"])
    op.create_index("ix_happenings_id", "happenings", ["id"])
    op.create_table(
        "expected", *_text("merchant_id", "key", "connection", "event_id"),
        sa.PrimaryKeyConstraint("merchant_id", "key", "connection", "event_id", name="pk_expected"),
    )  # fmt: skip
    _payments()
    _cases()
    op.add_column("tickets", sa.Column("dispute", document()))


def _payments() -> None:
    op.create_table(
        "payments",
        *_text("merchant_id", "provider", "payment_id", "shop_id", "order_no"),
        *_maybe("channel_id", "sub_merchant_id", "reference"), *_text("status"), sa.Column("rank", sa.BigInteger, nullable=False),
        *_maybe("amount", "currency", "captured"), sa.Column("refunds", document(), nullable=False),
        sa.Column("method", document(), nullable=False), sa.Column("paid_at", moment()), sa.Column("told_at", moment()),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "provider", "payment_id", name="pk_payments"),
    )  # fmt: skip
    op.create_index("ix_payments_id", "payments", ["merchant_id", "payment_id"])
    op.create_index("ix_payments_reference", "payments", ["merchant_id", "reference"])
    op.create_index("ix_payments_order", "payments", ["merchant_id", "shop_id", "order_no"])


def _cases() -> None:
    op.create_table(
        "cases",
        *_text("merchant_id", "provider", "case_id"), sa.Column("ticket", sa.BigInteger, nullable=False),
        *_text("kind", "stage", "status"), sa.Column("rank", sa.BigInteger, nullable=False),
        sa.Column("opened_at", moment(), nullable=False), *_maybe("payment_id", "reason_code", "reason", "amount", "currency"),
        sa.Column("due_at", moment()), *_text("due_basis"), sa.Column("answered", sa.Boolean, nullable=False), *_maybe("outcome"),
        sa.Column("told_at", moment()), sa.Column("version", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "provider", "case_id", name="pk_cases"),
    )  # fmt: skip
    op.create_index("ix_cases_ticket", "cases", ["merchant_id", "ticket"])
