"""What one process holds, the chats a bot knows, codes that link a chat account to an agent."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Four small tables."""
    op.create_table(
        "holds", _text("name"), _text("holder"), sa.Column("fence", sa.BigInteger, nullable=False), _at("until"),
        sa.Column("note", document(), nullable=False), sa.PrimaryKeyConstraint("name", name="pk_holds"),
    )  # fmt: skip
    op.create_table(
        "chats", _text("channel"), _text("bot_id"), _text("id"), _text("kind"), sa.Column("account", sa.Text), _at("seen_at"),
        sa.PrimaryKeyConstraint("channel", "bot_id", "id", name="pk_chats"),
    )  # fmt: skip
    op.create_table(
        "link_codes", _text("merchant_id"), _text("agent_id"), sa.Column("sealed", sa.LargeBinary, nullable=False), _at("expires_at"),
        _text("made_by"), sa.PrimaryKeyConstraint("merchant_id", "agent_id", name="pk_link_codes"),
    )  # fmt: skip
    op.create_index("ix_link_codes_expires", "link_codes", ["expires_at"])
    op.create_table(
        "link_tries", _text("channel"), _text("account"), _at("since"), sa.Column("tries", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("channel", "account", name="pk_link_tries"),
    )  # fmt: skip
    op.create_index("ix_link_tries_since", "link_tries", ["since"])


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text, nullable=False)


def _at(name: str) -> sa.Column[Any]:
    return sa.Column(name, moment(), nullable=False)
