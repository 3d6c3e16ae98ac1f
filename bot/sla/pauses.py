"""Clocks that stand still: when they do, when they go on, and what has counted of a time with pauses in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.sla.policy import Policy
from bot.target import Move, Pause, Target
from bot.ticket import TARGETS, Ticket

PAUSABLE = ("resolution", "closure")  # nobody can be waiting for a buyer who has had no answer yet: the first response is never paused


def settled(ticket: Ticket, policy: Policy, now: datetime) -> Ticket:
    """The ticket with its clocks standing still where its policy says so of its state, and going on where it does not.

    A clock that stands still keeps what has yet to count of it and has no due moment; going on, it is due when that has counted. One
    whose moment has come is not paused any more: its miss stays a miss.
    """
    standing, pausing = ticket.ledger.standing, ticket.state.value in policy.pause_on
    if pausing and standing is None:
        return _paused(ticket, policy, now)
    return _resumed(ticket, policy, now) if standing is not None and not pausing else ticket


def relaid(ticket: Ticket, policy: Policy, now: datetime) -> Ticket:
    """The ticket under another policy: each clock that is neither met nor missed as if it had always been counted by it.

    What moved is on the ledger. A moment that is past by the new policy falls due at once, and no pause of the old one is forgotten.
    """
    before, ticket = ticket, settled(ticket, policy, now)
    moves = []
    for kind in TARGETS:
        target = ticket.target(kind)
        if target.started_at is None or target.breached_at is not None or not (target.running or target.paused):
            continue
        found = reached(policy, target.started_at, policy.target(kind), pauses_of(ticket, kind))
        after = replace(target, due_at=None, left=found) if isinstance(found, timedelta) else replace(target, due_at=found, left=None)
        if after != before.target(kind):
            moves.append(Move(now, kind, before.target(kind).due_at, after.due_at, policy.name))
            ticket = replace(ticket, **{kind: after})  # type: ignore[arg-type]
    return replace(ticket, ledger=replace(ticket.ledger, moves=(*ticket.ledger.moves, *moves))) if moves else ticket


def pauses_of(ticket: Ticket, kind: str) -> tuple[Pause, ...]:
    """The pauses that a clock of that kind kept."""
    return ticket.ledger.pauses if kind in PAUSABLE else ()


def reached(policy: Policy, start: datetime, length: timedelta, pauses: Iterable[Pause]) -> datetime | timedelta:
    """The moment by which `length` has counted since `start`, pauses left out; or what has yet to count, where it stands still before."""
    for pause in pauses:
        if pause.end is not None and pause.end <= start:
            continue
        counted = policy.counted(start, pause.start)
        if counted >= length:
            break
        length -= counted
        if pause.end is None:
            return length
        start = pause.end
    return policy.add(start, length)


def counted(policy: Policy, start: datetime, end: datetime, pauses: Iterable[Pause]) -> timedelta:
    """How much has counted between them, pauses left out."""
    found = timedelta()
    for pause in pauses:
        if pause.end is not None and pause.end <= start:
            continue
        if pause.start >= end:
            break
        found += policy.counted(start, pause.start)
        if pause.end is None:
            return found
        start = pause.end
    return found + policy.counted(start, end)


def length_of(target: Target, policy: Policy, pauses: tuple[Pause, ...]) -> timedelta | None:
    """How long it was armed for, whatever the policy says by now; None: it is not armed."""
    if target.started_at is None:
        return None
    if target.due_at is not None:
        return counted(policy, target.started_at, target.due_at, pauses)
    if target.left is not None and pauses:
        return counted(policy, target.started_at, pauses[-1].start, pauses) + target.left
    return None


def _paused(ticket: Ticket, policy: Policy, now: datetime) -> Ticket:
    stopped: dict[str, Target] = {}
    for kind in PAUSABLE:
        target = ticket.target(kind)
        if target.running and target.breached_at is None and target.due_at is not None and target.due_at > now:
            stopped[kind] = replace(target, due_at=None, left=policy.counted(now, target.due_at))
    if not stopped:
        return ticket
    pause = Pause(now, None, ticket.state.value)
    return replace(ticket, **stopped, ledger=replace(ticket.ledger, pauses=(*ticket.ledger.pauses, pause)))  # type: ignore[arg-type]


def _resumed(ticket: Ticket, policy: Policy, now: datetime) -> Ticket:
    going = {}
    for kind in PAUSABLE:
        target = ticket.target(kind)
        if target.left is not None:
            going[kind] = replace(target, due_at=policy.add(now, target.left), left=None)
    *before, last = ticket.ledger.pauses
    ended = (replace(last, end=now),) if now > last.start else ()
    return replace(ticket, **going, ledger=replace(ticket.ledger, pauses=(*before, *ended)))  # type: ignore[arg-type]
