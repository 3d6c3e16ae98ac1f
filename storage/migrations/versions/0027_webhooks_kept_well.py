"""A webhook's secret is replaced while the old one still signs, and what keeps failing is told and switched off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import moment

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those there are were subscribed as webhooks, and nobody has counted their failures."""
    op.add_column("webhooks", sa.Column("kind", sa.Text(), nullable=False, server_default="webhook"))
    op.add_column("webhooks", sa.Column("previous_sealed", sa.LargeBinary()))
    op.add_column("webhooks", sa.Column("previous_until", moment()))
    op.add_column("webhooks", sa.Column("failing_since", moment()))
    op.add_column("webhooks", sa.Column("disabled_why", sa.Text()))
    where = sa.text("channel = 'webhooks'")
    op.create_index("ix_outbox_webhook", "outbox", ["target", "created_at", "seq"], postgresql_where=where, sqlite_where=where)
