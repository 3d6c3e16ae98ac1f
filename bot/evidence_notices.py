"""What is said of a network's deadline: how much of its time has passed, and that all of it has."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.announce import SYSTEM, log, notify
from bot.evidence import KIND, moments
from bot.house import House
from bot.records import Deadline, Merchant
from bot.stores import Stores
from bot.ticket import Event, Ticket
from bot.views import moment

LATE = timedelta(minutes=5)


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
