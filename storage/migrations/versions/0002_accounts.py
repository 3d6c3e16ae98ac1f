"""Credentials of channels; what a press brings to a card; WeCom accounts told apart by merchant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_THERE = sa.text("thread IS NOT NULL")


def upgrade() -> None:
    """A press knows its card's thread and not its address: the index is turned round."""
    op.create_table(
        "accounts",
        sa.Column("channel", sa.Text, nullable=False), sa.Column("id", sa.Text, nullable=False),
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("doc", document(), nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False), sa.Column("updated_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "id", name="pk_accounts"),
    )  # fmt: skip
    op.create_index("ix_accounts_merchant", "accounts", ["channel", "merchant_id"])
    op.add_column("outbox", sa.Column("fresh", document()))
    op.drop_index("ix_outbox_thread", "outbox")
    op.create_index("ix_outbox_thread", "outbox", ["channel", "thread", "target"], postgresql_where=_THERE, sqlite_where=_THERE)
    # A userid is unique in a merchant's WeCom, not over all of them; WeCom itself knows no case.
    op.execute("UPDATE chat_links SET team = merchant_id, external_id = lower(external_id) WHERE channel = 'wecom'")
