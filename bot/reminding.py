"""Repeats an unanswered tier 2 or 3 notice to the managers on duty, each time to one more, until one acts or the ticket is done."""

from __future__ import annotations

from datetime import datetime

from bot.announce import SYSTEM, log, notices
from bot.house import House
from bot.people import Person, Role
from bot.records import Deadline, Outgoing
from bot.replies import HOLD
from bot.rota import on_duty
from bot.stores import Stores
from bot.ticket import LIVE, Event, State, Ticket

KIND = "remind"
MANAGERS = (Role.SENIOR_MANAGER, Role.ADMIN)
ACTS = frozenset({"claim", "release", "assign", "pending", "reply", "resolve", "close", "merge"})  # a manager's, these answer a notice


def first(ticket: Ticket, tier: int, house: House, now: datetime) -> list[Deadline]:
    """When the notice that goes out now is repeated, unless it is answered before. Nothing for tier 1, or where REMIND_EVERY is 0."""
    every = house.settings.remind_every
    return [_deadline(ticket, tier, 1, now + every)] if tier >= 2 and every else []


def remind(stores: Stores, house: House, ticket: Ticket, deadline: Deadline, now: datetime) -> None:
    """Its moment has come; the next one is armed. What is answered, done or overtaken by a higher tier is quiet and ends here."""
    tier, cycle, times = (int(part) for part in deadline.kind.partition(":")[2].split("."))
    every = house.settings.remind_every
    if not every or (ticket.cycle, ticket.tier) != (cycle, tier):
        return
    if not _open(ticket, tier):
        if ticket.state is State.CLOSED and ticket.closed_at is not None and now < ticket.closed_at + HOLD:
            stores.deadlines.arm([_deadline(ticket, tier, times, ticket.closed_at + HOLD)])  # the close can still be taken back
        return
    managers = on_duty(stores.rota.get(), house.managers(stores), now, ignored=times)
    rows = [row for manager in managers for row in _to(stores, house, ticket, manager, tier, times, now)]
    stores.outbox.add(rows)
    told = sorted({str(row.payload["person"]) for row in rows})
    if told:
        log(stores, ticket, [Event("reminded", {"tier": tier, "times": times, "told": told})], now, SYSTEM)
    due = deadline.due_at + every
    stores.deadlines.arm([_deadline(ticket, tier, times + 1, due if due > now else now + every)])  # after an outage, one for all it missed


def answered(stores: Stores, ticket: Ticket, who: Person, verb: str) -> None:
    """A manager has taken the ticket, handed it back or moved it: nobody is reminded any more."""
    if ticket.tier >= 2 and verb in ACTS and who.role in MANAGERS:
        stop(stores, ticket.merchant_id, ticket.number)


def stop(stores: Stores, merchant_id: str, ticket: int) -> None:
    """No more reminders of this ticket's present tier."""
    stores.deadlines.disarm_family(merchant_id, ticket, KIND)


def _open(ticket: Ticket, tier: int) -> bool:
    """Whether the tier still asks something of somebody. Tier 3 of a ticket resolved before it rang does: only a close meets its target."""
    if ticket.state is not State.RESOLVED or tier < 3:
        return ticket.state in LIVE
    missed, resolved = ticket.closure.breached_at, ticket.resolved_at
    return missed is not None and resolved is not None and resolved < missed


def _to(stores: Stores, house: House, ticket: Ticket, manager: Person, tier: int, times: int, now: datetime) -> list[Outgoing]:
    there = house.person(stores, manager)
    payload = {"tier": tier, "cycle": ticket.cycle, "times": times, "person": manager.id}
    payload["every"] = house.settings.remind_every.total_seconds()
    return notices(ticket, f"{KIND}{tier}.{times}:{ticket.number}:{ticket.cycle}", KIND, there, payload, now) if there else []


def _deadline(ticket: Ticket, tier: int, times: int, at: datetime) -> Deadline:
    return Deadline(ticket.merchant_id, ticket.number, f"{KIND}:{tier}.{ticket.cycle}.{times}", at)
