"""An index for each way to list tickets: the live ones by urgency, all by number, with what lists are narrowed by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_LIVE = sa.text("state IN ('new', 'open', 'pending')")
_NARROWED = ["shop_id", "platform", "currency", "category", "priority", "assignee", "tier"]


def upgrade() -> None:
    """They make another one needless."""
    op.drop_index("ix_tickets_state", "tickets")
    op.create_index(
        "ix_tickets_live", "tickets", ["merchant_id", "next_due", "number", *_NARROWED], postgresql_where=_LIVE, sqlite_where=_LIVE
    )  # fmt: skip
    op.create_index("ix_tickets_newest", "tickets", ["merchant_id", "number", "state", *_NARROWED])
