"""`why`: how each clock got where it is: what counted, what did not, by which rule, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from bot.sla.pauses import length_of, pauses_of
from bot.sla.policy import Interval, Policy
from bot.target import Move, Past, Pause, Target
from bot.ticket import TARGETS, Ticket

Outcome = Literal["met", "met_late", "missed", "running", "paused", "stopped", "not_armed"]


@dataclass(frozen=True, slots=True)
class Account:
    """One clock's story in one cycle. `left` is negative once its target is missed; None when it no longer runs.

    `intervals` cover the time from `started_at` to its end (met, stopped, or now) without a gap: what `counted` and what did not are
    together exactly that time. `moves`: when its due moment was moved, and by which policy.
    """

    tier: int
    kind: str
    outcome: Outcome
    target: timedelta
    started_at: datetime | None
    due_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    intervals: tuple[Interval, ...]
    counted: timedelta
    left: timedelta | None
    moves: tuple[Move, ...] = ()
    cycle: int = 1

    @property
    def waited(self) -> timedelta:
        """What of its time did not count."""
        return sum((each.end - each.start for each in self.intervals if not each.counted), timedelta())


def explain(ticket: Ticket, policy: Policy, now: datetime) -> tuple[Account, ...]:
    """The three accounts, tier 1 first."""
    return tuple(_account(ticket, policy, ticket.cycle, kind, ticket.target(kind), _end(ticket, kind, now), now) for kind in TARGETS)


def earlier(ticket: Ticket, policy: Policy) -> tuple[Account, ...]:
    """The clocks of earlier cycles, oldest first, as they stood when the ticket was reopened."""
    return tuple(_past(ticket, policy, each) for each in ticket.ledger.past)


def spent(policy: Policy, start: datetime, end: datetime, pauses: tuple[Pause, ...]) -> tuple[Interval, ...]:
    """The time between them, in order and without a gap: what the calendar counts, what it does not, and pauses, which never count."""
    found: list[Interval] = []
    for pause in pauses:
        if pause.start >= end:
            break
        ended = min(pause.end or end, end)
        if ended <= start:
            continue
        if start < pause.start:
            found += policy.intervals(start, pause.start)
        found.append(Interval(max(start, pause.start), ended, False, f"paused_{pause.because}"))
        start = ended
    if start < end:
        found += policy.intervals(start, end)
    return tuple(found)


def _end(ticket: Ticket, kind: str, now: datetime) -> datetime:
    target = ticket.target(kind)
    return target.met_at or (now if target.running or target.paused else ticket.closed_at) or now


def _past(ticket: Ticket, policy: Policy, past: Past) -> Account:
    end = past.target.met_at or past.ended_at
    found = _account(ticket, policy, past.cycle, past.kind, past.target, end, end)
    # Reopening stopped what still ran: it was neither met nor missed.
    return replace(found, outcome="stopped" if found.outcome == "running" else found.outcome, left=None)


def _account(ticket: Ticket, policy: Policy, cycle: int, kind: str, target: Target, end: datetime, now: datetime) -> Account:
    # A clock that was due before a pause began did not stand still in it.
    pauses = tuple(each for each in pauses_of(ticket, kind) if target.due_at is None or each.start < target.due_at)
    intervals: tuple[Interval, ...] = ()
    if target.started_at is not None:
        intervals = spent(policy, target.started_at, max(end, target.started_at), pauses)
    left = _left(policy, target.due_at, now) if target.running and target.due_at else target.left if target.paused else None
    since = target.started_at or now
    return Account(
        TARGETS.index(kind) + 1, kind, _outcome(target), length_of(target, policy, pauses) or policy.target(kind),
        target.started_at, target.due_at, target.met_at, target.breached_at, intervals, _counted(intervals), left,
        tuple(each for each in ticket.ledger.moves if each.kind == kind and since <= each.at <= now), cycle,
    )  # fmt: skip


def _left(policy: Policy, due: datetime, now: datetime) -> timedelta:
    return policy.counted(now, due) if now < due else -policy.counted(due, now)


def _counted(intervals: tuple[Interval, ...]) -> timedelta:
    return sum((each.end - each.start for each in intervals if each.counted), timedelta())


def _outcome(target: Target) -> Outcome:
    if target.met_at is not None:
        return "met_late" if target.breached_at or (target.due_at and target.met_at > target.due_at) else "met"
    if target.breached_at is not None:
        return "missed"
    if target.paused:
        return "paused"
    if target.due_at is not None:
        return "running"
    return "stopped" if target.started_at else "not_armed"
