"""What is kept, how long, and what was erased: holds, requests to erase, and which tickets hold nothing personal any more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is on hold, and nothing was cleared yet."""
    op.add_column("tickets", sa.Column("cleared_at", moment()))
    for name, table, columns, which in (
        ("ix_tickets_uncleared", "tickets", ["merchant_id", "closed_at"], "cleared_at IS NULL AND closed_at IS NOT NULL"),
        ("ix_orders_buyers", "orders", ["merchant_id", "updated_at"], "buyer_sealed IS NOT NULL"),
        ("ix_happenings_ticket", "happenings", ["merchant_id", "ticket"], "ticket IS NOT NULL"),
    ):
        op.create_index(name, table, columns, postgresql_where=sa.text(which), sqlite_where=sa.text(which))
    op.create_table(
        "legal_holds",
        sa.Column("merchant_id", sa.Text, nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("until", moment(), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "ticket", name="pk_legal_holds"),
    )
    op.create_table(
        "erasures",
        sa.Column("merchant_id", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("asked_at", moment(), nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("subject", document(), nullable=False),
        sa.Column("left", document(), nullable=False),
        sa.Column("removed", document(), nullable=False),
        sa.Column("look_at", moment()),
        sa.Column("done_at", moment()),
        sa.Column("certificate", document()),
        sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_erasures"),
    )
    op.create_index("ix_erasures_asked", "erasures", ["asked_at", "id"])
    waits = sa.text("look_at IS NOT NULL")
    op.create_index("ix_erasures_look_at", "erasures", ["look_at"], postgresql_where=waits, sqlite_where=waits)
