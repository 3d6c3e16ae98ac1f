"""What the buyer wrote and what that means, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.card import Card, Quote
from bot.records import Merchant, Message
from bot.ticket import Ticket
from bot.wording import label, say
from bot.wording.cards import Telling, ticket_card, translation


def translated_card(ticket: Ticket, merchant: Merchant, telling: Telling, said: Message | None, payload: Mapping[str, Any]) -> Card:
    """The original first, the translation under it."""
    locale, lang = telling.locale, str(payload["lang"])
    title = say("translated", locale, ticket=ticket.name, language=label("language", lang, locale))
    card = ticket_card(ticket, merchant, telling, title=f"{title} · {ticket.subject}")
    theirs = Quote(say("buyer", locale), said.text) if said else card.quotes[0] if card.quotes else None
    return replace(card, quotes=(*((theirs,) if theirs else ()), *translation(ticket, locale, said.id if said else None, lang)))
