"""The network's deadline of a ticket's case: a target of its own, with warnings at shares of it and a notice when it has passed.

It is kept as the deadline `evidence`; it ends when the evidence is in, the case is over, or the ticket is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.announce import SYSTEM, log, notify
from bot.house import House
from bot.records import Deadline, Merchant
from bot.stores import Stores
from bot.ticket import ENDED, Event, State, Ticket
from bot.views import moment

KIND = "evidence"
LATE = timedelta(minutes=5)


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


def ring(stores: Stores, house: House, ticket: Ticket, now: datetime) -> None:
    """Says how much of the time has passed, or that all of it has; each share once, and after an outage the last one alone."""
    coming = moments(ticket, house.settings.sla_warn)
    merchant = stores.merchants.get(ticket.merchant_id)
    passed = [each for each in coming if each[1] <= now]
    rest = [at for _, at in coming if at > now]
    if rest:
        stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, KIND, rest[0])])
    if not passed or merchant is None:
        return
    share, at = passed[-1]
    missed = share == 1.0
    late = now - at > LATE
    payload = {"due_at": moment(at), "evidence_at": ticket.dispute["due_at"], "share": share, "late": late}
    kind = "evidence_due" if missed else "evidence"
    cause = f"evidence{share}:{ticket.number}:{ticket.dispute['due_at']}"
    _tell(stores, house, ticket, merchant, kind, cause, payload, now)
    log(stores, ticket, [Event("evidence.missed" if missed else "evidence.warned", payload)], now, SYSTEM)


def _tell(
    stores: Stores, house: House, ticket: Ticket, merchant: Merchant, kind: str, cause: str, payload: dict[str, object], now: datetime
) -> None:
    holder = stores.people.get(ticket.assignee) if ticket.assignee else None
    if kind == "evidence" and holder is not None:
        notify(stores, ticket, cause, kind, house.reach(stores, holder, merchant, now), {**payload, "person": holder.id}, now)
        return
    there = house.everywhere(merchant) if kind == "evidence_due" else house.team(merchant) or house.mail(merchant)
    notify(stores, ticket, cause, kind, there, payload, now)
