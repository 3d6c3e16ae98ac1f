"""What the engine thinks likely of a ticket, what people said instead, and which tickets it looks at again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tickets there are stay as they are."""
    op.add_column("tickets", sa.Column("category_guesses", document()))
    op.create_table(
        "corrections",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("was", sa.Text, nullable=False), sa.Column("said", sa.Text, nullable=False),
        sa.Column("score", sa.Double, nullable=False), sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "ticket", name="pk_corrections"),
    )  # fmt: skip
    op.create_index("ix_corrections_when", "corrections", ["merchant_id", "at"])
    op.create_table(
        "second_looks",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "ticket", name="pk_second_looks"),
    )  # fmt: skip
    op.create_index("ix_second_looks_at", "second_looks", ["at"])
