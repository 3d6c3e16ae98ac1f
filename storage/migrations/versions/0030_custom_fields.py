"""Merchants say which fields of their own their tickets have."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has defined any: whatever tickets hold goes on being taken."""
    op.create_table(
        "custom_fields",
        sa.Column("merchant_id", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("choices", document(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "key", name="pk_custom_fields"),
    )
