"""What one transaction can read and write, store by store. `storage/` implements these; every method is synchronous and runs inside `Work`.

`within` None sees every merchant; otherwise only that one, and another's row is None, as if it did not exist.
"""

from __future__ import annotations

from typing import Any, Protocol

from bot.stores.audit import Audit
from bot.stores.chats import Chats, Holds, LinkCodes
from bot.stores.checking import Checks
from bot.stores.custom import Custom
from bot.stores.figures import Figures
from bot.stores.jobs import Jobs
from bot.stores.keeping import Keeping
from bot.stores.labels import Labels
from bot.stores.paying import Cases, Happenings, Payments
from bot.stores.personal import Personal
from bot.stores.policies import Policies
from bot.stores.risk import Risk
from bot.stores.rota import Rota
from bot.stores.sending import Inbox, Outbox
from bot.stores.statements import Statements
from bot.stores.tenants import Accounts, Freezes, Merchants, Orders, People, Webhooks
from bot.stores.tickets import Deadlines, Messages, Notes, Tickets, Timeline
from bot.stores.views import Views

__all__ = [
    "Accounts",
    "Audit",
    "Cases",
    "Chats",
    "Checks",
    "Custom",
    "Deadlines",
    "Figures",
    "Freezes",
    "Happenings",
    "Holds",
    "Inbox",
    "Jobs",
    "Keeping",
    "Labels",
    "LinkCodes",
    "Merchants",
    "Messages",
    "Notes",
    "Orders",
    "Outbox",
    "Payments",
    "People",
    "Personal",
    "Policies",
    "Risk",
    "Rota",
    "Statements",
    "Stores",
    "Tickets",
    "Timeline",
    "Views",
    "Webhooks",
]


class Stores(Protocol):
    """One transaction. `memory` is for what it has worked out already, and ends with it."""

    memory: dict[Any, Any]
    merchants: Merchants
    orders: Orders
    people: People
    rota: Rota
    accounts: Accounts
    tickets: Tickets
    messages: Messages
    timeline: Timeline
    audit: Audit
    deadlines: Deadlines
    outbox: Outbox
    inbox: Inbox
    happenings: Happenings
    payments: Payments
    cases: Cases
    freezes: Freezes
    figures: Figures
    webhooks: Webhooks
    policies: Policies
    notes: Notes
    holds: Holds
    checks: Checks
    chats: Chats
    link_codes: LinkCodes
    jobs: Jobs
    statements: Statements
    risk: Risk
    labels: Labels
    views: Views
    custom: Custom
    personal: Personal
    keeping: Keeping
