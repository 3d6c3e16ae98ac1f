"""A ticket's translations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tickets that are there have none."""
    op.add_column("tickets", sa.Column("translations", document()))
