"""The ledger of a ticket's clocks, and when a ticket that is over closes or is archived by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tickets that were over before are looked at once: only the desk knows its settings."""
    op.add_column("tickets", sa.Column("auto_at", moment()))
    op.add_column("tickets", sa.Column("ledger", document()))
    op.execute(
        "INSERT INTO deadlines (merchant_id, ticket, kind, due_at) "
        "SELECT merchant_id, number, 'auto', updated_at FROM tickets WHERE state IN ('resolved', 'closed')"
    )
