"""Work on files: jobs, pieces of files, rows that were wrong; and where tickets have come from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OPEN = sa.text("state IN ('receiving', 'waiting', 'local')")


def upgrade() -> None:
    """Nothing has come from a file yet."""
    texts = ("kind", "name", "fingerprint", "state", "by")
    numbers = ("bytes", "position", "done_bytes", "added", "known", "bad", "pieces")
    op.create_table(
        "jobs",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("id", sa.Text, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        *(sa.Column(name, sa.BigInteger, nullable=False) for name in numbers),
        sa.Column("created_at", moment(), nullable=False), sa.Column("updated_at", moment(), nullable=False),
        sa.Column("why", document()), sa.Column("options", document(), nullable=False), sa.Column("summary", document(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "id", name="pk_jobs"),
    )  # fmt: skip
    op.create_index("ix_jobs_open", "jobs", ["created_at"], postgresql_where=_OPEN, sqlite_where=_OPEN)
    op.create_index("ix_jobs_id", "jobs", ["id"])
    op.create_table(
        "job_pieces",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("job", sa.Text, nullable=False),
        sa.Column("place", sa.BigInteger, nullable=False), sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "job", "place", name="pk_job_pieces"),
    )  # fmt: skip
    op.create_table(
        "job_errors",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("job", sa.Text, nullable=False),
        sa.Column("row", sa.BigInteger, nullable=False), sa.Column("field", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False), sa.Column("params", document(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "job", "row", name="pk_job_errors"),
    )  # fmt: skip
    op.create_table(
        "sources",
        sa.Column("merchant_id", sa.Text, nullable=False), sa.Column("place", sa.Text, nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False), sa.PrimaryKeyConstraint("merchant_id", "place", name="pk_sources"),
    )  # fmt: skip
