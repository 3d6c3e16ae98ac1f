"""Texts of tickets as they are searched, indexed for all there are; saved views."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.db import Db, sequence
from storage.schema.finding import Grams
from storage.texts import index
from storage.types import moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MANY = 1000
_OF = {
    "tickets": (("merchant_id", "number"), "subject || :line || message"),
    "messages": (("merchant_id", "ticket", "id"), "text"),
}


def upgrade() -> None:
    """What was said before is found as well: read once, in batches."""
    texts = ("merchant_id", "part", "plain")
    op.create_table(
        "ticket_texts",
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        sa.Column("ticket", sa.BigInteger, nullable=False), sa.Column("place", sa.BigInteger, nullable=False), sa.Column("grams", Grams),
        sa.PrimaryKeyConstraint("merchant_id", "ticket", "part", name="pk_ticket_texts"),
    )  # fmt: skip
    views = ("merchant_id", "person_id", "name", "shown", "words")
    op.create_table(
        "saved_views",
        *(sa.Column(name, sa.Text, nullable=False) for name in views), sa.Column("saved_at", moment(), nullable=False),
        sa.PrimaryKeyConstraint("merchant_id", "person_id", "name", name="pk_saved_views"),
    )  # fmt: skip
    connection = op.get_bind()
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        # Its tokenizer takes all that is not ASCII for letters, so that a gram stays what `storage.grams` made it.
        op.execute("CREATE VIRTUAL TABLE ticket_grams USING fts5(grams, content='', detail=none, tokenize='ascii')")
    for table in _OF:
        _fill(connection, table)
    op.create_index("ix_ticket_texts_place", "ticket_texts", ["place"])
    if not sqlite:
        op.execute("CREATE INDEX ix_ticket_texts_grams ON ticket_texts USING gin (grams)")


def _fill(connection: sa.Connection, table: str) -> None:
    """By its key, so that nothing stays open on a table that a later migration changes."""
    key, said = _OF[table]
    columns, after = ", ".join(key), ", ".join(f":{name}" for name in key)
    statement = sa.text(
        f"SELECT {columns}, {said} FROM {table} WHERE ({columns}) > ({after}) ORDER BY {columns} LIMIT {MANY}"  # noqa: S608
    )  # fmt: skip
    db, last = Db(connection, sequence()), dict(zip(key, ("", 0, ""), strict=False))
    line = {"line": "\n"} if table == "tickets" else {}
    while rows := connection.execute(statement, {**last, **line}).all():
        index(db, [(row[0], row[1], row[2] if table == "messages" else "", row[-1]) for row in rows])
        last = dict(zip(key, rows[-1], strict=False))
