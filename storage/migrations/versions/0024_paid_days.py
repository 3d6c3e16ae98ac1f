"""How many orders were paid on each day, and which days are to be counted anew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import moment

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The orders there are, are counted by the desk's pass."""
    op.create_table(
        "paid_days", sa.Column("merchant_id", sa.Text, primary_key=True), sa.Column("day", sa.Text, primary_key=True),
        sa.Column("orders", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "day", name="pk_paid_days"),
    )  # fmt: skip
    op.create_index("ix_paid_days_day", "paid_days", ["day"])
    op.create_table(
        "paid_changes", sa.Column("merchant_id", sa.Text, primary_key=True), sa.Column("day", sa.Text, primary_key=True),
        sa.PrimaryKeyConstraint("merchant_id", "day", name="pk_paid_changes"),
    )  # fmt: skip
    op.create_table(
        "paid_state", sa.Column("merchant_id", sa.Text, primary_key=True), sa.Column("counted_to", moment(), nullable=False),
        sa.Column("sweeps", moment(), nullable=False),
        sa.Column("swept_at", moment(), nullable=False), sa.PrimaryKeyConstraint("merchant_id", name="pk_paid_state"),
    )  # fmt: skip
