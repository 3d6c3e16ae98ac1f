"""What is risky about a ticket, and by which keyed tokens its buyer is known again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tickets that are there have no hints."""
    op.add_column("tickets", sa.Column("risk_level", sa.Text))
    op.add_column("tickets", sa.Column("risk", document()))
    where = sa.text("risk_level IS NOT NULL")
    columns = ["merchant_id", "risk_level", "next_due", "number"]
    op.create_index("ix_tickets_risky", "tickets", columns, postgresql_where=where, sqlite_where=where)
    op.create_table(
        "sightings", *(sa.Column(name, sa.Text, nullable=False) for name in ("merchant_id", "token")),
        sa.Column("ticket", sa.BigInteger, nullable=False, autoincrement=False), sa.Column("at", moment(), nullable=False),
        sa.Column("dispute", sa.Boolean, nullable=False), sa.Column("card", sa.Text),
        sa.PrimaryKeyConstraint("merchant_id", "token", "ticket", name="pk_sightings"),
    )  # fmt: skip
    op.create_index("ix_sightings_when", "sightings", ["merchant_id", "token", "at"])
