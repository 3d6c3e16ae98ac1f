"""Texts are stored masked; as they were written they are sealed, by a key of their merchant's."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import moment

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Texts that are there stay as they are."""
    op.create_table(
        "merchant_keys",
        sa.Column("merchant_id", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("made_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "version", name="pk_merchant_keys"),
    )
    op.create_table(
        "originals",
        sa.Column("merchant_id", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "place", name="pk_originals"),
    )
    op.create_index("ix_originals_ticket", "originals", ["merchant_id", "ticket"])
    op.create_table(
        "subjects",
        sa.Column("merchant_id", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "token", "about", name="pk_subjects"),
    )
    op.create_index("ix_subjects_about", "subjects", ["merchant_id", "about"])
