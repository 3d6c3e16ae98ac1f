"""`why`: how each clock got where it is: what counted, by which rule, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.sla.policy import Interval, Policy
from bot.ticket import TARGETS, Ticket


@dataclass(frozen=True, slots=True)
class Account:
    """One clock's story. `left` is negative once its target is missed; None when it no longer runs."""

    tier: int
    kind: str
    outcome: Literal["met", "met_late", "missed", "running", "stopped", "not_armed"]
    target: timedelta
    started_at: datetime | None
    due_at: datetime | None
    met_at: datetime | None
    breached_at: datetime | None
    intervals: tuple[Interval, ...]
    counted: timedelta
    left: timedelta | None


def explain(ticket: Ticket, policy: Policy, now: datetime) -> tuple[Account, ...]:
    """The three accounts, tier 1 first."""
    return tuple(_account(ticket, policy, tier, kind, now) for tier, kind in enumerate(TARGETS, start=1))


def _account(ticket: Ticket, policy: Policy, tier: int, kind: str, now: datetime) -> Account:
    target = ticket.target(kind)
    length = policy.target(kind)
    if target.started_at is not None and target.due_at is not None:
        length = _counted(policy.intervals(target.started_at, target.due_at))  # as it was armed, whatever the policy says by now
    end = target.met_at or (now if target.running else ticket.closed_at) or now
    intervals: tuple[Interval, ...] = ()
    if target.started_at is not None:
        intervals = policy.intervals(target.started_at, max(end, target.started_at))
    left = _left(policy, target.due_at, now) if target.running and target.due_at else None
    return Account(
        tier, kind, _outcome(ticket, kind), length, target.started_at, target.due_at, target.met_at, target.breached_at,
        intervals, _counted(intervals), left,
    )  # fmt: skip


def _left(policy: Policy, due: datetime, now: datetime) -> timedelta:
    return _counted(policy.intervals(now, due)) if now < due else -_counted(policy.intervals(due, now))


def _counted(intervals: tuple[Interval, ...]) -> timedelta:
    return sum((each.end - each.start for each in intervals if each.counted), timedelta())


def _outcome(ticket: Ticket, kind: str) -> Literal["met", "met_late", "missed", "running", "stopped", "not_armed"]:
    target = ticket.target(kind)
    if target.met_at is not None:
        return "met_late" if target.breached_at or (target.due_at and target.met_at > target.due_at) else "met"
    if target.breached_at is not None:
        return "missed"
    if target.due_at is not None:
        return "running"
    return "stopped" if target.started_at else "not_armed"
