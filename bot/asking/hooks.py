"""What a REST hook would be sent: an event of each type as it really goes out, made of the newest tickets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot import views
from bot.errors import BadUsage
from bot.house import House
from bot.messages import Doc, SamplesOf, TicketFilter
from bot.records import Message
from bot.risk import Review
from bot.stores import Stores
from bot.ticket import Ticket

EVENTS = frozenset({
    "ticket.created", "ticket.updated", "ticket.claimed", "ticket.assigned", "ticket.replied", "ticket.message_added",
    "ticket.escalated", "ticket.merged", "ticket.resolved", "ticket.closed", "ticket.reopened", "ticket.archived", "sla.warning",
    "sla.tier1", "sla.tier2", "sla.tier3", "shop.refund_frozen", "shop.refund_unfrozen", "channel.frozen", "channel.unfrozen",
    "risk.hint_raised", "risk.review_opened", "risk.review_closed", "translation.requested",
})  # fmt: skip
MANY = 3


def told(ticket: Ticket, now: datetime) -> Mapping[str, Mapping[str, Any]]:
    """The event's own words, type by type, as whoever makes it says them."""
    at, day = views.moment(now), now.date().isoformat()
    review = {"review": views.review_doc(Review("rev_1", ticket.merchant_id, ticket.shop_id, day, 25, 4.0, ticket.number, now))}
    tiers = {
        f"sla.tier{tier}": {"tier": tier, "due_at": at, "late": False, "because": "missed"} for tier in (1, 2, 3)
    }  # fmt: skip
    return {
        "ticket.created": {"by": "buyer"},
        "ticket.updated": {"priority": ticket.priority, "from": "normal"},
        "ticket.claimed": {"agent": ticket.assignee, "from": None},
        "ticket.assigned": {"agent": ticket.assignee, "from": None},
        "ticket.message_added": {"from": "buyer"},
        "ticket.escalated": {"tier": 2},
        "ticket.merged": {"into": ticket.number},
        "ticket.archived": {"auto": True},
        "sla.warning": {"tier": 1, "share": 0.5, "due_at": at, "late": False, "because": "share"},
        **tiers,
        "shop.refund_frozen": {"shop_id": ticket.shop_id, "until": at, "applied": True},
        "shop.refund_unfrozen": {"shop_id": ticket.shop_id, "why": "the day is over"},
        "channel.frozen": {"channel_id": "ch-1", "until": at, "reason": "risk_same_ip"},
        "channel.unfrozen": {"channel_id": "ch-1", "why": "its time is over"},
        "risk.hint_raised": {"level": "high", "hints": []},
        "risk.review_opened": review,
        "risk.review_closed": review,
    }


def _samples(stores: Stores, house: House, query: SamplesOf) -> tuple[Doc, ...]:
    if query.event not in EVENTS:
        raise BadUsage("unknown_event", field="event", event=query.event[:80])
    now = house.clock.now()
    tickets = stores.tickets.page(TicketFilter(merchant=query.within, now=now), MANY, None).items
    return tuple(sample(query.event, each, now) for each in tickets or (_example(query.within or "example", now),))


def sample(type: str, ticket: Ticket, now: datetime) -> Doc:
    """As `bot.announce.publish` and `bot.routing.event` make it."""
    data = {**views.ticket_doc(ticket), "event": dict(told(ticket, now).get(type, {}))}
    if type == "ticket.replied":
        said = Message(ticket.merchant_id, ticket.number, "msg_1", "agent", ticket.assignee, "Your refund left today.", True, now)
        data = {**data, "event": {"message": said.id}, "reply": views.message_doc(said)}
    return {"id": f"sample_{type}_{ticket.number}", "type": type, "timestamp": views.moment(ticket.updated_at), "data": data}


def _example(merchant_id: str, now: datetime) -> Ticket:
    """For who has no ticket yet."""
    return Ticket(
        merchant_id=merchant_id, number=1024, shop_id="example", platform="custom", subject="Where is my refund?",
        message="I sent it back.", created_at=now - timedelta(hours=1), updated_at=now,
    )  # fmt: skip


ANSWERS = {SamplesOf: _samples}
