"""Tickets by the day on which they were closed."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One index."""
    op.create_index("ix_tickets_closed", "tickets", ["merchant_id", "closed_at"])
