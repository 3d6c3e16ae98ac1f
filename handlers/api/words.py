"""The closed lists of words of the API: states, categories, roles, scopes, events. A test keeps them equal to those of the rules."""

from __future__ import annotations

from typing import Literal

State = Literal["new", "open", "pending", "resolved", "closed", "archived"]
Priority = Literal["low", "normal", "high", "urgent"]
Platform = Literal["uqpay_gateway", "shopee", "lazada", "tiktok_shop", "shopify", "magento", "custom"]
Category = Literal[
    "refund_delay", "refund_request", "fx_dispute", "chargeback_alert", "unauthorized_payment", "duplicate_charge",
    "payment_failed", "not_received", "not_as_described", "settlement_delay", "reconciliation_mismatch", "account_verification",
    "other",
]  # fmt: skip
Role = Literal["agent", "lead", "finance", "risk", "senior_manager", "auditor", "admin"]
DeliveryState = Literal["waiting", "sent", "dead"]
Scope = Literal[
    "tickets:read", "tickets:write", "orders:read", "orders:write", "people:read", "people:write", "policies:read",
    "policies:write", "webhooks:read", "webhooks:write", "connections:read", "connections:write", "freezes:read",
    "freezes:write", "reviews:read", "reviews:write", "stats:read", "stats:write", "audit:read", "audit:write",
    "settings:read", "settings:write",
]  # fmt: skip
Event = Literal[
    "*", "ticket.created", "ticket.updated", "ticket.claimed", "ticket.assigned", "ticket.replied", "ticket.message_added",
    "ticket.escalated", "ticket.merged", "ticket.resolved", "ticket.closed", "ticket.reopened", "ticket.archived", "sla.warning",
    "sla.tier1", "sla.tier2", "sla.tier3", "shop.refund_frozen", "shop.refund_unfrozen", "channel.frozen", "channel.unfrozen",
    "risk.hint_raised", "risk.review_opened", "risk.review_closed", "translation.requested",
]  # fmt: skip
