"""What crosses the border between `bot/` and the world; all of it frozen. Edges import from here."""

from bot.messages.asks import (
    Authenticate,
    Bearer,
    Doc,
    FindTickets,
    Get,
    GetTicket,
    Health,
    HealthCheck,
    ListOf,
    Page,
    RefundPermission,
    TicketFilter,
    TimelineOf,
    WhyOf,
)  # fmt: skip
from bot.messages.changes import Enable, LiftFreeze, NewKey, NewWebhook, Once, PatchTicket, Put, Remove, RetryDelivery
from bot.messages.chat import Address, Command, Identity, NewMessage, NewTicket, Notice, Receipt, Reply

__all__ = [
    "Address", "Authenticate", "Bearer", "Command", "Doc", "Enable", "FindTickets", "Get", "GetTicket", "Health", "HealthCheck",
    "Identity", "LiftFreeze", "ListOf", "NewKey", "NewMessage", "NewTicket", "NewWebhook", "Notice", "Once", "Page", "PatchTicket",
    "Put", "Receipt", "RefundPermission", "Remove", "Reply", "RetryDelivery", "TicketFilter", "TimelineOf", "WhyOf",
]  # fmt: skip
