"""What orders are found by, beside their number: currency, transaction, sub-merchant, when they were paid."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.order_facts import FACTS, facts
from storage.types import document, moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MANY = 1000


def upgrade() -> None:
    """Read out of what is kept of each."""
    for name in FACTS:
        op.add_column("orders", sa.Column(name, moment() if name == "paid_at" else sa.Text))
    _fill(op.get_bind())
    op.create_index("ix_orders_transaction", "orders", ["transaction_id"])
    op.create_index("ix_orders_sub_merchant", "orders", ["merchant_id", "sub_merchant_id"])
    op.create_index("ix_orders_paid", "orders", ["merchant_id", "paid_at"])


def _fill(connection: sa.Connection) -> None:
    key = [sa.column(name, sa.Text) for name in ("merchant_id", "shop_id", "order_no")]
    kept = [sa.column("total", document()), sa.column("payment", document())]
    orders = sa.table("orders", *key, *kept, *(sa.column(name, moment() if name == "paid_at" else sa.Text) for name in FACTS))
    put = sa.update(orders).where(*(column == sa.bindparam(f"of_{column.name}") for column in key))
    put = put.values({name: sa.bindparam(name) for name in FACTS})
    last: tuple[str, ...] = ("", "", "")
    after = sa.select(*key, *kept).order_by(*key).limit(MANY)
    while rows := connection.execute(after.where(sa.tuple_(*key) > sa.tuple_(*map(sa.literal, last)))).all():
        connection.execute(put, [_put(row) for row in rows])
        last = tuple(rows[-1][:3])


def _put(row: Any) -> dict[str, Any]:
    merchant_id, shop_id, order_no, total, payment = row
    return {"of_merchant_id": merchant_id, "of_shop_id": shop_id, "of_order_no": order_no, **facts(total, payment)}
