"""Finds what is switched off now, of all merchants, among all that ever was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """An index of what was not lifted, by its end."""
    op.create_index(
        "ix_freezes_active", "freezes", ["kind", "until"],
        postgresql_where=sa.text("lifted_at IS NULL"), sqlite_where=sa.text("lifted_at IS NULL"),
    )  # fmt: skip
