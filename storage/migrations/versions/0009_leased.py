"""Finds deliveries that are leased, which are few, among all that there are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index of those alone."""
    op.create_index(
        "ix_outbox_leased", "outbox", ["available_at"], postgresql_where=sa.text("leased"), sqlite_where=sa.text("leased = 1")
    )  # fmt: skip
