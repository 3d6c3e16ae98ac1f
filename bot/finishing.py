"""What comes of a ticket that is over, by itself: it is announced, closed, archived; and its freeze may end with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot import endings
from bot.announce import SYSTEM, commit, notify
from bot.freezing import lift
from bot.house import House
from bot.records import Deadline
from bot.sla.escalation import next_tier_at
from bot.stores import Stores
from bot.ticket import TARGETS, Change, Event, State, Ticket, archive, close
from bot.views import moment

MOST = 1000  # freezes of one merchant that hold at the same time
KINDS = {State.RESOLVED: "auto_close", State.CLOSED: "auto_archive"}


def rested(stores: Stores, house: House, ticket: Ticket, due_at: datetime, now: datetime) -> None:
    """The `auto` deadline that was due at `due_at` has come: it is announced first, and done at its moment."""
    length = endings.span(house, ticket.state)
    if length is None or (ticket.state is State.CLOSED and not endings.archives(stores.merchants.get(ticket.merchant_id))):
        return
    lead = endings.lead(length)
    if ticket.auto_at is None:
        _adopt(stores, ticket, length, lead, now)
    elif due_at < ticket.auto_at:
        _announce(stores, house, ticket, lead, now)
    elif _rings(ticket, ticket.auto_at):
        # A target was missed before it: that is told first, and this waits in the queue behind it.
        stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, endings.AUTO, due_at)])
    elif ticket.state is State.RESOLVED:
        # At its own moment, though we may come late: our absence is nobody's delay.
        closed = close(ticket, ticket.auto_at).ticket
        commit(stores, house, ticket, Change(closed, (Event("ticket.closed", {"auto": True}),)), now, SYSTEM)
    else:
        commit(stores, house, ticket, archive(ticket, now), now, SYSTEM)


def thawed(stores: Stores, house: House, ticket: Ticket, now: datetime) -> None:
    """The close of a ticket stands: the freeze that its tier 3 brought ends with it, and those of the tickets that went into it."""
    if ticket.state not in (State.CLOSED, State.ARCHIVED):
        return
    for each in stores.freezes.page(ticket.merchant_id, now, MOST, None).items:
        if each.kind == "refund" and each.ticket is not None and _goes_on_in(stores, each.ticket, ticket.merchant_id) == ticket.number:
            lift(stores, house, each.subject, each.merchant_id, "the ticket was closed", now, SYSTEM, ticket=each.ticket)


def _goes_on_in(stores: Stores, number: int, merchant_id: str) -> int:
    """The ticket itself, or the one that it was merged into in the end."""
    found = stores.tickets.get(number, merchant_id)
    while found is not None and found.merged_into is not None:
        number = found.merged_into
        found = stores.tickets.get(number, merchant_id)
    return number


def _announce(stores: Stores, house: House, ticket: Ticket, lead: timedelta, now: datetime) -> None:
    """Whoever would mind has as long as ever to say so, also where we were away and come late."""
    at = max(ticket.auto_at or now, now + lead)
    after = replace(ticket, auto_at=at)
    event = Event("auto.announced", {"what": KINDS[ticket.state], "at": moment(at)})
    saved = commit(stores, house, ticket, Change(after, (event,)), now, SYSTEM)
    stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, endings.AUTO, at)])
    merchant = stores.merchants.get(ticket.merchant_id)
    holder = stores.people.get(ticket.assignee) if ticket.assignee else None
    if merchant is None:
        return
    there = house.reach(stores, holder, merchant, now) if holder else house.team(merchant) or house.mail(merchant)
    payload = {"at": moment(at), "person": holder.id if holder else None}
    cause = f"{KINDS[ticket.state]}:{ticket.number}:{moment(at)}"
    notify(stores, saved, cause, KINDS[ticket.state], there, payload, now)


def _adopt(stores: Stores, ticket: Ticket, length: timedelta, lead: timedelta, now: datetime) -> None:
    """It was over before tickets ended by themselves: its time runs from then, and leaves time for the announcement."""
    at = max((ticket.resolved_at or ticket.closed_at or now) + length, now + lead)
    after = replace(ticket, auto_at=at)
    stores.tickets.save(after, next_tier_at(after))
    stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, endings.AUTO, at - lead)])


def _rings(ticket: Ticket, by: datetime) -> bool:
    """Whether a target was missed by then of which nobody has been told."""
    targets = (ticket.target(kind) for kind in TARGETS)
    return any(each.running and each.breached_at is None and each.due_at is not None and each.due_at <= by for each in targets)
