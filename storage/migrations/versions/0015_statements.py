"""Statements: their lines while they are compared, and which payments have been in one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No statement has come yet."""
    op.add_column("jobs", sa.Column("cursor", sa.Text))
    op.create_table(
        "statement_lines",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("job", sa.Text, nullable=False),
        sa.Column("place", sa.Text, nullable=False), sa.Column("row", sa.BigInteger, nullable=False),
        sa.Column("doc", document(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "job", "place", "row", name="pk_statement_lines"),
    )  # fmt: skip
    op.create_table(
        "settled",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("transaction_id", sa.Text, nullable=False),
        sa.Column("job", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "transaction_id", name="pk_settled"),
    )  # fmt: skip
