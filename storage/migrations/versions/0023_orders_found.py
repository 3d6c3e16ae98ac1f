"""An order is found by its number, transaction or sub-merchant in the order in which it is listed: no list is walked for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The same names, with the rest of the key behind."""
    for name in ("ix_orders_sub_merchant", "ix_orders_transaction", "ix_orders_merchant_number"):
        op.drop_index(name, "orders")
    op.create_index("ix_orders_merchant_number", "orders", ["merchant_id", "order_no", "shop_id"])
    for name in ("transaction_id", "sub_merchant_id"):
        where = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            f"ix_orders_{name.removesuffix('_id')}", "orders", [name, "merchant_id", "shop_id", "order_no"],
            postgresql_where=where, sqlite_where=where,
        )  # fmt: skip
