"""The operator finds payments of whatever merchant by their own ids."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index."""
    op.create_index("ix_payments_payment_id", "payments", ["payment_id"])
