"""The audit log, the tree over it, and what was signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.types import document, moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """It begins empty: what was done before is on timelines, which nobody has sealed."""
    op.create_table(
        "audit_log", _merchant(), _number("seq", primary_key=True), sa.Column("leaf", sa.BigInteger),
        sa.Column("at", moment(), nullable=False), sa.Column("ticket", sa.BigInteger), sa.Column("actor", sa.Text, nullable=False),
        sa.Column("entry", sa.Text), sa.Column("salt", sa.LargeBinary), sa.Column("commitment", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "seq", name="pk_audit_log"), sa.UniqueConstraint("leaf", name="uq_audit_log_leaf"),
    )  # fmt: skip
    where = sa.text("ticket IS NOT NULL")
    op.create_index("ix_audit_log_merchant", "audit_log", ["merchant_id", "leaf"])
    op.create_index("ix_audit_log_ticket", "audit_log", ["ticket", "leaf"], postgresql_where=where, sqlite_where=where)
    op.create_table(
        "audit_state", _merchant(), _number("size"), sa.Column("frontier", document(), nullable=False),
        sa.Column("key", sa.LargeBinary, nullable=False), sa.Column("public", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", name="pk_audit_state"),
    )  # fmt: skip
    op.create_table(
        "audit_nodes", _merchant(), _number("level", primary_key=True), _number("place", primary_key=True),
        sa.Column("hash", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "level", "place", name="pk_audit_nodes"),
    )  # fmt: skip
    op.create_table(
        "audit_checkpoints", _merchant(), _number("size", primary_key=True), sa.Column("at", moment(), nullable=False),
        sa.Column("note", sa.Text, nullable=False), sa.PrimaryKeyConstraint("merchant_id", "size", name="pk_audit_checkpoints"),
    )  # fmt: skip


def _merchant() -> sa.Column[str]:
    return sa.Column("merchant_id", sa.Text, primary_key=True)


def _number(name: str, *, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=False, autoincrement=False, primary_key=primary_key)
