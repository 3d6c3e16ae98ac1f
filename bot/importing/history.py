"""From a ticket as a file has it to a ticket as it would stand here now. What has happened before does not ring again.

Clocks run from `created_at`, by the file's own due moments where it has them, else by the policy. A target that was missed before
now is on record as missed, and nobody is told; what is still to come rings as ever. A ticket that is over has no clock that runs.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from bot.importing.reading import Clock, GivenTicket
from bot.jobs import Bad
from bot.sla.policy import Policy
from bot.target import Ledger, Pause, Target
from bot.ticket import ENDED, TARGETS, State, Ticket

AHEAD = timedelta(minutes=5)  # of our clock: so far may another's be
_ENDS = {State.RESOLVED: "resolved_at", State.CLOSED: "closed_at", State.ARCHIVED: "closed_at"}


_NAMES = tuple(field.name for field in fields(Ticket))
_VALUES = attrgetter(*_NAMES)
_AT = {name: at for at, name in enumerate(_NAMES)}


def changed(ticket: Ticket, **changes: Any) -> Ticket:
    """`dataclasses.replace` in a third of its time: every row takes several."""
    values = list(_VALUES(ticket))
    for name, value in changes.items():
        values[_AT[name]] = value
    return Ticket(*values)


def stated(ticket: Ticket, moments: dict[str, datetime], now: datetime) -> Ticket:
    """The ticket with its moments. Raises Bad for what cannot have been."""
    created = moments.get("created_at", now)
    for name in ("created_at", "updated_at", "first_responded_at", "resolved_at", "closed_at"):
        at = moments.get(name)
        if at is not None and at > now + AHEAD:
            raise Bad(name, "cell_in_future", value=at.isoformat())
        if at is not None and at < created and name != "updated_at":
            raise Bad(name, "cell_before_created", value=at.isoformat(), created=created.isoformat())
    ends = _ENDS.get(ticket.state)
    over = None if ends is None else moments.get(ends, moments.get("updated_at"))
    if ends is not None and over is None:
        raise Bad(ends, "cell_end_missing", state=ticket.state.value)
    resolved = moments.get("resolved_at", over if ticket.state is State.RESOLVED else None)
    return changed(
        ticket, created_at=created, updated_at=moments.get("updated_at", over or created), seen_at=now,
        first_responded_at=moments.get("first_responded_at"), resolved_at=resolved, closed_at=over if ticket.state in ENDED else None,
    )  # fmt: skip


def clocked(ticket: Ticket, given: GivenTicket, clocks: dict[str, Clock], policy: Policy, now: datetime) -> Ticket:
    """The ticket with its three clocks and the tier that they led to."""
    found: dict[str, Target] = {}
    for kind in TARGETS:
        clock = clocks.get(kind)
        target = _worked_out(ticket, kind, policy) if clock is None else _as_given(ticket, kind, clock, policy)
        if ticket.state not in ENDED and target.running and target.breached_at is None and target.due_at and target.due_at <= now:
            target = Target(target.started_at, target.due_at, None, target.due_at)
        found[kind] = target
    missed = [tier for tier, target in enumerate(found.values(), start=1) if target.breached_at is not None]
    standing = any(target.paused for target in found.values())
    ledger = Ledger(pauses=(Pause(ticket.updated_at, None, ticket.state.value),)) if standing else ticket.ledger
    tier = max(missed, default=0) if given.tier is None else given.tier
    return changed(ticket, tier=tier, ledger=ledger, **found)


def _as_given(ticket: Ticket, kind: str, clock: Clock, policy: Policy) -> Target:
    due = clock.due_at
    if due is None and clock.met_at is None and clock.left is None and ticket.state not in ENDED:
        due = policy.due(kind, ticket.created_at)  # an open ticket is never without its clock
    left = timedelta(seconds=clock.left) if clock.left is not None and ticket.state not in ENDED and clock.met_at is None else None
    if ticket.state in ENDED and clock.met_at is None:
        due = None  # it will never be met: nothing may fire on it
    return Target(ticket.created_at, None if left is not None else due, clock.met_at, clock.breached_at, left)


def _worked_out(ticket: Ticket, kind: str, policy: Policy) -> Target:
    """By what is known of the ticket: a target met after its moment was missed."""
    met = {
        "first_response": ticket.first_responded_at,
        "resolution": ticket.resolved_at or ticket.closed_at,
        "closure": ticket.closed_at,
    }[kind]
    due = policy.due(kind, ticket.created_at)
    if met is not None:
        return Target(ticket.created_at, due, met, due if met > due else None)
    taken = kind == "first_response" and ticket.state is not State.NEW  # somebody has had it, and nobody knows since when
    return Target(ticket.created_at, None if taken or ticket.state in ENDED else due)
