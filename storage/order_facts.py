"""What is read out of an order's documents into columns, to find it by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

FACTS = ("currency", "transaction_id", "sub_merchant_id", "paid_at")


def facts(total: Mapping[str, Any], payment: Mapping[str, Any]) -> dict[str, Any]:
    """None where it is not known."""
    return {
        "currency": _text(total.get("currency")), "transaction_id": _text(payment.get("transaction_id")),
        "sub_merchant_id": _text(payment.get("sub_merchant_id")), "paid_at": _moment(payment.get("paid_at")),
    }  # fmt: skip


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
        return found.astimezone(UTC) if found.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        return None
