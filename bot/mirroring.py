"""What another system is told of a ticket that it shows beside its own order: the whole of it, as it is now."""

from __future__ import annotations

from bot.messages import Address, Notice
from bot.records import Merchant, Outgoing
from bot.ticket import Ticket
from bot.views import ticket_doc
from bot.wording import label


def notice(row: Outgoing, ticket: Ticket, merchant: Merchant, address: Address, again: bool) -> Notice:
    """The ticket's document, and what its state and category are called in the merchant's language."""
    locale = merchant.locale
    data = {
        "ticket": ticket_doc(ticket), "name": ticket.name, "state": label("state", ticket.state.value, locale),
        "category": label("category", ticket.category.label, locale),
    }  # fmt: skip
    return Notice(row.id, address, row.kind, ticket.name, data=data, locale=locale, again=again, ticket=ticket.number)
