"""How the desk does: sums of days and months, what each ticket was counted for, and which have changed since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tickets there are, are counted by the desk's pass."""
    op.create_table(
        "figures",
        sa.Column("merchant_id", sa.Text, primary_key=True), sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("subject", sa.Text, primary_key=True), sa.Column("at", sa.Text, primary_key=True),
        sa.Column("open", sa.BigInteger, nullable=False), sa.Column("sums", document(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "kind", "subject", "at", name="pk_figures"),
    )  # fmt: skip
    some = sa.text("open > 0")
    op.create_index("ix_figures_open", "figures", ["merchant_id", "kind", "subject"], postgresql_where=some, sqlite_where=some)
    op.create_table(
        "figure_facts",
        sa.Column("merchant_id", sa.Text, primary_key=True), sa.Column("ticket", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("version", sa.BigInteger, nullable=False), sa.Column("look_at", moment()),
        sa.Column("counted", document(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "ticket", name="pk_figure_facts"),
    )  # fmt: skip
    op.create_index("ix_figure_facts_ticket", "figure_facts", ["ticket"])
    some = sa.text("look_at IS NOT NULL")
    op.create_index("ix_figure_facts_look_at", "figure_facts", ["look_at"], postgresql_where=some, sqlite_where=some)
    op.create_table(
        "figure_changes",
        sa.Column("merchant_id", sa.Text, primary_key=True), sa.Column("ticket", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("times", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "ticket", name="pk_figure_changes"),
    )  # fmt: skip
    op.create_table(
        "figure_state",
        sa.Column("merchant_id", sa.Text, primary_key=True), sa.Column("floor", sa.BigInteger, nullable=False),
        sa.Column("ceiling", sa.BigInteger, nullable=False), sa.Column("seen_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", name="pk_figure_state"),
    )  # fmt: skip
