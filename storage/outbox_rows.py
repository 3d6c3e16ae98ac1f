"""Between a delivery and its row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.records import Outgoing
from storage.rows import columns, values
from storage.schema import outbox

COLUMNS = columns(outbox, Outgoing)
OUTCOME = ("state", "available_at", "receipt", "failures", "last_error", "sent_at", "unsure", "folded", "thread")


def outgoing_of(row: Any) -> Outgoing:
    """A delivery of a row in the order of COLUMNS."""
    return Outgoing(*row)


def row_of(row: Outgoing, seq: int) -> dict[str, Any]:
    """Column → value, with what is repeated of payload and receipt to be asked for quickly."""
    return {**values(row), "seq": seq, "card": bool(row.payload.get("card")), "folded": _folded(row), "thread": thread(row.receipt)}


def outcome_of(row: Outgoing) -> dict[str, Any]:
    """What `settle` records."""
    return {
        "state": row.state, "available_at": row.available_at, "receipt": row.receipt, "failures": row.failures,
        "last_error": row.last_error, "sent_at": row.sent_at, "unsure": row.unsure, "folded": _folded(row), "thread": thread(row.receipt),
    }  # fmt: skip


def thread(receipt: Mapping[str, str] | None) -> str | None:
    """What a chat platform calls the message: replies to it carry this."""
    return receipt.get("thread") if receipt else None


def _folded(row: Outgoing) -> bool:
    """Went out within a digest: there is no card of its own to show anew."""
    return bool(row.payload.get("folded") or (row.receipt and row.receipt.get("folded")))
