"""The notices of a network's deadline: evidence is due soon, or was due."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.card import Card
from bot.records import Merchant
from bot.sla.policy import span
from bot.ticket import Ticket
from bot.wording import label, say
from bot.wording.cards import Telling, ticket_card


def evidence_card(ticket: Ticket, merchant: Merchant, telling: Telling, kind: str, payload: Mapping[str, Any]) -> Card:
    """`kind`: evidence (a share of the time has passed) or evidence_due (all of it has)."""
    due = datetime.fromisoformat(str(payload["evidence_at"]))
    provider = label("provider", str(ticket.dispute.get("provider")), telling.locale)
    title = say(kind, telling.locale, ticket=ticket.name, share=f"{payload['share']:.0%}")
    left = span(max(due - telling.now, due - due))
    line = say(f"{kind}_line", telling.locale, left=left, due=telling.time(due), provider=provider)
    card = ticket_card(ticket, merchant, telling, title=f"{title} · {ticket.subject}", lines=(line,))
    return replace(card, tone="alarm" if kind == "evidence_due" else "warn", quotes=())
