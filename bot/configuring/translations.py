"""Translations that came: from a provider, or from a merchant's own service."""

from __future__ import annotations

from datetime import datetime

from bot import translating, views
from bot.asking import seen_ticket
from bot.drafting import offered
from bot.errors import NotFound
from bot.house import House
from bot.messages import AddTranslation, Doc
from bot.stores import Stores


def _add(stores: Stores, house: House, change: AddTranslation, now: datetime) -> Doc:
    ticket = seen_ticket(stores, change.number, change.within)
    if change.draft is not None:
        offered(stores, house, ticket, change, now)
        return views.ticket_doc(ticket)
    if change.message is not None and stores.messages.get(ticket.merchant_id, ticket.number, change.message) is None:
        raise NotFound("no_message", field="message", message=change.message[:64])
    return views.ticket_doc(translating.keep(stores, house, ticket, change, now))


CHANGES = {AddTranslation: _add}
