"""When an API key ends by itself, and when it was last used."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Those there are do not end, and nobody knows of their use."""
    op.add_column("api_keys", sa.Column("expires_at", moment()))
    op.add_column("api_keys", sa.Column("used_at", moment()))
