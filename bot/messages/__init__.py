"""What crosses the border between `bot/` and the world; all of it frozen. Edges import from here."""

from bot.messages.asks import (
    AccountOf,
    AccountsOf,
    Authenticate,
    Bearer,
    Credentials,
    DeskOf,
    Doc,
    DutyAt,
    FindTickets,
    Get,
    GetTicket,
    Health,
    HealthCheck,
    HolidaysKnown,
    KnownChats,
    ListOf,
    OwnDesk,
    Page,
    RefundPermission,
    ReportByLink,
    ReportOf,
    RotaOf,
    Shelf,
    ShownAccount,
    ShownAccounts,
    TicketFilter,
    TimelineOf,
    WhyOf,
)  # fmt: skip
from bot.messages.changes import (
    ChatSeen,
    Enable,
    ForgetChat,
    LiftFreeze,
    NewKey,
    NewLinkCode,
    NewWebhook,
    Once,
    PatchTicket,
    Put,
    PutAccount,
    PutRota,
    Remove,
    RemoveAccount,
    RetryDelivery,
    TellAdmins,
)  # fmt: skip
from bot.messages.chat import Address, Command, Identity, NewMessage, NewTicket, Notice, Receipt, Reply
from bot.messages.jobs import JobErrors, JobOf, JobsOf
from bot.records import Chat

__all__ = [
    "AccountOf", "AccountsOf", "Address", "Authenticate", "Bearer", "Chat", "ChatSeen", "Command", "Credentials", "DeskOf", "Doc",
    "DutyAt", "Enable", "FindTickets", "ForgetChat", "Get", "GetTicket", "Health", "HealthCheck", "HolidaysKnown", "Identity",
    "JobErrors", "JobOf", "JobsOf",
    "KnownChats", "LiftFreeze", "ListOf", "NewKey", "NewLinkCode", "NewMessage", "NewTicket", "NewWebhook", "Notice", "Once", "OwnDesk",
    "Page", "PatchTicket", "Put", "PutAccount", "PutRota", "Receipt", "RefundPermission", "Remove", "RemoveAccount", "Reply",
    "ReportByLink", "ReportOf", "RetryDelivery", "RotaOf", "Shelf", "ShownAccount", "ShownAccounts", "TellAdmins", "TicketFilter",
    "TimelineOf", "WhyOf",
]  # fmt: skip
