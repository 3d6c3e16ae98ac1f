"""The network's deadline of a ticket's case: a target of its own, with moments at shares of it and its end.

It is kept as the deadline `evidence`; it ends when the evidence is in, the case is over, or the ticket is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.house import House
from bot.records import Deadline
from bot.stores import Stores
from bot.ticket import ENDED, Event, State, Ticket

KIND = "evidence"


def due(ticket: Ticket) -> datetime | None:
    """When the evidence is due; None: nothing is wanted, or nobody said when."""
    found = ticket.dispute
    wanted = bool(found) and not found.get("answered") and found.get("outcome") is None
    if not wanted or ticket.state in ENDED or ticket.state is State.RESOLVED or not found.get("due_at"):
        return None
    return datetime.fromisoformat(found["due_at"])


def moments(ticket: Ticket, shares: Sequence[float]) -> list[tuple[float, datetime]]:
    """Each share and its moment, the last one 1.0: the deadline itself."""
    end = due(ticket)
    if end is None:
        return []
    begun = min(datetime.fromisoformat(ticket.dispute["opened_at"]), end)
    return [(share, begun + (end - begun) * share) for share in (*sorted(set(shares)), 1.0)]


def arm(stores: Stores, house: House, ticket: Ticket, now: datetime) -> None:
    """Sets its next moment: the last that has passed already rings at once, those before it are past."""
    coming = moments(ticket, house.settings.sla_warn)
    if not coming:
        stores.deadlines.disarm(ticket.merchant_id, ticket.number, KIND)
        return
    passed = [at for _, at in coming if at <= now]
    rings = passed[-1] if passed else coming[0][1]
    stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, KIND, rings)])


def concerned(events: Sequence[Event]) -> bool:
    """Whether a ticket may have come to have such a deadline by what happened: it is open again, or another's case came to it."""
    return any(each.type == "ticket.reopened" or "merged" in each.detail for each in events)
