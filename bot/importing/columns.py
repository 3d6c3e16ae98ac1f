"""Which columns tickets and orders have, and which of the two a row is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.errors import BadUsage
from bot.importing.fields import BUYER
from bot.jobs import Bad
from bot.ticket import TARGETS

_BUYER = tuple(f"buyer.{name}" for name in BUYER)
_SLA = tuple(f"sla.{kind}.{name}" for kind in TARGETS for name in ("due_at", "met_at", "breached_at", "paused", "left_seconds"))
TICKET = frozenset({
    "external_id", "id", "number", "merchant_id", "shop_id", "platform", "order_no", "currency", "state", "category", "category.label",
    "category.score", "category.source", "category.also", "category.guesses", "category.second",
    "category.needs_look", "risk.level", "risk.hints", "priority", "subject", "message", *_BUYER, "language",
    "assignee", "tier", *_SLA, "custom_fields", "translations", "merged_into", "created_at", "updated_at", "first_responded_at",
    "resolved_at", "closed_at", "closes_at", "archives_at", "buyer",
})  # fmt: skip
ORDER = frozenset({
    "shop_id", "merchant_id", "order_no", "total.amount", "total.currency", "payment.provider", "payment.channel_id",
    "payment.transaction_id", "payment.sub_merchant_id", "payment.paid_at", *_BUYER, "updated_at", "tickets", "buyer",
})  # fmt: skip


def is_order(names: Iterable[str] | Mapping[str, Any]) -> bool:
    """Whether a row with these columns is an order: a ticket has a subject, an order a total."""
    return "total.amount" in names and "subject" not in names


def check(names: Sequence[str]) -> None:
    """Whether every column of a file is known. Raises BadUsage that names those that are not, or what is missing."""
    order = is_order(names)
    if not order and "subject" not in names:
        raise BadUsage("file_not_known", field="file", columns=_some(names))
    strange = unknown(names, order=order)
    if strange:
        raise BadUsage("columns_unknown", field=strange[0][:80], columns=_some(strange))
    lacking = [name for name in (_NEEDED_ORDER if order else _NEEDED_TICKET) if name not in names]
    if lacking:
        raise BadUsage("columns_missing", field=lacking[0], columns=_some(lacking))


_NEEDED_TICKET = ("shop_id", "subject", "message")
_NEEDED_ORDER = (
    "shop_id", "order_no", "total.amount", "total.currency", "payment.provider", "payment.channel_id", "payment.transaction_id",
    "payment.paid_at",
)  # fmt: skip


def unknown(names: Iterable[str], *, order: bool) -> list[str]:
    """Those that no ticket or order has; a ticket's custom fields may be called anything."""
    known = ORDER if order else TICKET
    return [name for name in names if name and name not in known and (order or not name.startswith("custom_fields."))]


def need_known(names: Iterable[str], *, order: bool) -> None:
    """The same for one row of JSON Lines. Raises Bad."""
    strange = unknown(names, order=order)
    if strange:
        raise Bad(strange[0], "column_unknown", column=strange[0])


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(name[:40] or "“”" for name in names[:8])
    return shown + (" …" if len(names) > 8 else "")
