"""SLA policies; what is left to do after one has changed; open tickets by number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_RUNNING = sa.text("state IN ('new', 'open', 'pending', 'resolved')")


def upgrade() -> None:
    """Without a policy the settings hold, as they did before."""
    op.create_table(
        "policies",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("id", sa.Text, nullable=False),
        sa.Column("category", sa.Text), sa.Column("priority", sa.Text), sa.Column("doc", document(), nullable=False),
        sa.Column("tightens", sa.Boolean, nullable=False), sa.Column("updated_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_policies"),
    )  # fmt: skip
    op.create_table(
        "recounts",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("due_at", moment(), nullable=False),
        sa.Column("of_merchant", sa.Text, nullable=False), sa.Column("after", sa.BigInteger, nullable=False),
        sa.Column("again", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", name="pk_recounts"),
    )  # fmt: skip
    op.create_index("ix_recounts_due", "recounts", ["due_at"])
    op.create_index(
        "ix_tickets_running", "tickets", ["merchant_id", "number"], postgresql_where=_RUNNING, sqlite_where=_RUNNING
    )  # fmt: skip
