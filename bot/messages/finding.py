"""How tickets and orders are found: filters, and the questions that take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """All conditions hold together; None does not limit. `states` empty: any. `now` serves `overdue`.

    `risk`: a level, or `any` that is risky.
    `q`: every word of it is in the subject or in something said, what stands in quotes as it stands there.
    `custom`: key and value of custom fields, as text.
    `due_from`, `due_to`: by the next tier's moment (the last one's that was missed, where none is to come).
    """

    merchant: str | None = None
    shop: str | None = None
    platform: str | None = None
    currency: str | None = None
    order_no: str | None = None
    states: tuple[str, ...] = ()
    category: str | None = None
    priority: str | None = None
    assignee: str | None = None
    unclaimed: bool = False
    tier: int | None = None
    risk: str | None = None
    overdue: bool | None = None
    created_from: datetime | None = None
    created_to: datetime | None = None
    due_from: datetime | None = None
    due_to: datetime | None = None
    closed_from: datetime | None = None
    q: str | None = None
    custom: tuple[tuple[str, str], ...] = ()
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """All conditions hold together; None does not limit. `q`: an order's number, its transaction or its sub-merchant, as it is."""

    merchant: str | None = None
    shop: str | None = None
    platform: str | None = None
    currency: str | None = None
    order_no: str | None = None
    transaction: str | None = None
    sub_merchant: str | None = None
    paid_from: datetime | None = None
    paid_to: datetime | None = None
    q: str | None = None


@dataclass(frozen=True, slots=True)
class FindTickets:
    """Tickets that match → Page[Doc], newest first."""

    filter: TicketFilter
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class FindOrders:
    """Orders that match, each with its tickets → Page[Doc], by merchant, shop and number."""

    filter: OrderFilter
    limit: int = 50
    cursor: str | None = None
