"""What the risk rules remember; of the tickets that are there, those of the last days are counted, so that habits are known at once."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from storage.types import moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

DAYS = timedelta(days=9)  # seven full ones in any zone, and today


def upgrade() -> None:
    """Tables, the moment a shop was made, and the days before today."""
    op.add_column("shops", sa.Column("created_at", moment()))
    op.create_table(
        "shop_days", *_key("shop_id", "day"), sa.Column("tickets", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("merchant_id", "shop_id", "day", name="pk_shop_days"),
    )  # fmt: skip
    op.create_table(
        "reviews", *_key("shop_id", "day", "id"),
        sa.Column("count", sa.BigInteger, nullable=False), sa.Column("mean", sa.Double, nullable=False),
        sa.Column("ticket", sa.BigInteger, nullable=False), sa.Column("opened_at", moment(), nullable=False),
        sa.Column("decision", sa.Text), sa.Column("decided_by", sa.Text), sa.Column("decided_at", moment()), sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("merchant_id", "shop_id", "day", name="pk_reviews"),
    )  # fmt: skip
    op.create_index("ix_reviews_id", "reviews", ["merchant_id", "id"])
    op.create_index("ix_reviews_opened", "reviews", ["opened_at", "id"])
    op.create_table(
        "origins", *_key("origin"), sa.Column("tickets", sa.BigInteger, nullable=False, autoincrement=False),
        sa.PrimaryKeyConstraint("merchant_id", "origin", name="pk_origins"),
    )  # fmt: skip
    op.create_table(
        "suspects", *_key("origin"), sa.Column("ticket", sa.BigInteger, nullable=False, autoincrement=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("shop_id", "order_no")), sa.Column("at", moment(), nullable=False),
        sa.Column("freeze_id", sa.Text),
        sa.PrimaryKeyConstraint("merchant_id", "origin", "ticket", name="pk_suspects"),
    )  # fmt: skip
    where = sa.text("freeze_id IS NULL")
    op.create_index("ix_suspects_waiting", "suspects", ["merchant_id", "origin", "at"], postgresql_where=where, sqlite_where=where)
    _fill(op.get_bind())


def _key(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text, nullable=False) for name in ("merchant_id", *names)]


def _fill(connection: sa.Connection) -> None:
    tickets = sa.table("tickets", *(sa.column(name, sa.Text) for name in ("merchant_id", "shop_id")), sa.column("created_at", moment()))
    merchants = sa.table("merchants", sa.column("id", sa.Text), sa.column("timezone", sa.Text))
    zones = {row[0]: ZoneInfo(row[1]) for row in connection.execute(sa.select(merchants.c.id, merchants.c.timezone))}
    since = datetime.now(UTC) - DAYS  # noqa: DTZ005, TID251, RUF100  # a migration has no clock to ask
    rows = connection.execute(
        sa.select(tickets.c.merchant_id, tickets.c.shop_id, tickets.c.created_at).where(tickets.c.created_at >= since)
    )
    days = Counter((row[0], row[1], row[2].astimezone(zones[row[0]]).date().isoformat()) for row in rows if row[0] in zones)
    made = [{"merchant_id": key[0], "shop_id": key[1], "day": key[2], "tickets": many} for key, many in sorted(days.items())]
    if made:
        table = sa.table("shop_days", *(sa.column(name) for name in ("merchant_id", "shop_id", "day", "tickets")))
        connection.execute(sa.insert(table), made)
