"""The duty roster of the operator's senior managers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One small table of one row."""
    op.create_table(
        "rota", sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("doc", document(), nullable=False),
        sa.Column("updated_at", moment(), nullable=False), sa.PrimaryKeyConstraint("merchant_id", name="pk_rota"),
    )  # fmt: skip
