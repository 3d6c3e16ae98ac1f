"""Whose ticket it was, until a manager took it over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody's, so far."""
    op.add_column("tickets", sa.Column("taken_from", sa.Text))
