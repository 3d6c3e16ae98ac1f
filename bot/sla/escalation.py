"""THE HEART: what falls due on a ticket now. decide(ticket, policy, now) → Fire, Warn or Quiet, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.sla.pauses import counted, pauses_of, reached
from bot.sla.policy import Policy
from bot.ticket import TARGETS, Ticket

LATE_AFTER = timedelta(seconds=60)  # a notice that much after its moment says so


@dataclass(frozen=True, slots=True)
class Moment:
    """A point on one of a ticket's clocks: a warning at a share of the target (`share` < 1), or the tier itself (1)."""

    at: datetime
    tier: int
    share: float


@dataclass(frozen=True, slots=True)
class Fire:
    """Tier `tier` rings. `breached`: every target missed by now that was not on record yet, its own included."""

    tier: int
    at: datetime
    late: bool
    breached: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Warn:
    """Share `share` of the tier's target has passed."""

    tier: int
    share: float
    at: datetime
    late: bool
    because: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """Nothing to tell, and why. `breached` targets are put on record all the same."""

    because: str
    breached: tuple[str, ...] = ()


Decision = Fire | Warn | Quiet


def decide(ticket: Ticket, policy: Policy, now: datetime) -> Decision:
    """One decision per look, at the present tier: after an outage the lower tiers are put on record and only the highest rings."""
    due = [moment for moment in moments(ticket, policy) if moment.at <= now]
    if not due:
        return Quiet(_nothing(ticket))
    tiers = [moment for moment in due if moment.share == 1]
    if not tiers:
        last = max(due, key=lambda moment: (moment.tier, moment.share))
        return Warn(last.tier, last.share, last.at, _late(last, now), f"{last.share:.0%} of tier {last.tier}'s target has passed")
    breached = tuple(TARGETS[moment.tier - 1] for moment in tiers)
    by_hand = ticket.escalated_cycle == ticket.cycle
    ringing = [moment for moment in tiers if not (by_hand and moment.tier == 2)]
    if not ringing:
        return Quiet("escalated by hand in this cycle already", breached)
    last = max(ringing, key=lambda moment: moment.tier)
    return Fire(last.tier, last.at, _late(last, now), breached, f"{TARGETS[last.tier - 1]} was due at {last.at.isoformat()}")


def moments(ticket: Ticket, policy: Policy) -> list[Moment]:
    """All that is still to come on this ticket's clocks. What was looked at already (`seen_at`) or is on record does not come again."""
    found = []
    for tier, kind in enumerate(TARGETS, start=1):
        target = ticket.target(kind)
        if not target.running or target.breached_at is not None or target.due_at is None:
            continue
        found.append(Moment(target.due_at, tier, 1.0))
        for share in policy.warn:
            if ticket.ledger.warned and (ticket.cycle, kind, share) in ticket.ledger.warned:
                continue
            at = _share(ticket, policy, kind, share)
            if ticket.seen_at is None or at > ticket.seen_at:
                found.append(Moment(at, tier, share))
    return found


def next_moment(ticket: Ticket, policy: Policy) -> datetime | None:
    """When the desk must look at this ticket again; None: never, as things are."""
    return min((moment.at for moment in moments(ticket, policy)), default=None)


def next_tier_at(ticket: Ticket) -> datetime | None:
    """What lists are sorted by: the next tier's moment; once every unmet target is missed, the last of theirs, so that it comes first."""
    running = [each for each in (ticket.target(kind) for kind in TARGETS) if each.running and each.due_at]
    coming = [each.due_at for each in running if each.due_at and not each.breached_at]
    return min(coming) if coming else max((each.due_at for each in running if each.due_at), default=None)


def carried_out(ticket: Ticket, decision: Decision, now: datetime) -> Ticket:
    """The ticket after the decision: breaches on record at the moment they were due, its tier, and what was looked at."""
    after: dict[str, Any] = {"seen_at": now}
    if isinstance(decision, Warn):
        warned = (*ticket.ledger.warned, (ticket.cycle, TARGETS[decision.tier - 1], decision.share))
        after["ledger"] = replace(ticket.ledger, warned=warned)
    else:
        for kind in decision.breached:
            target = ticket.target(kind)
            after[kind] = replace(target, breached_at=target.due_at)
    if isinstance(decision, Fire):
        after["tier"] = max(ticket.tier, decision.tier)
    return replace(ticket, **after)


def _nothing(ticket: Ticket) -> str:
    if any(ticket.target(kind).running for kind in TARGETS):
        return "nothing is due"
    return "its clocks stand still" if any(ticket.target(kind).paused for kind in TARGETS) else "no clock runs"


def _share(ticket: Ticket, policy: Policy, kind: str, share: float) -> datetime:
    """When that share of the target has counted; pauses, which few tickets have, are left out."""
    target = ticket.target(kind)
    started, due = target.started_at or ticket.created_at, target.due_at or ticket.created_at
    pauses = pauses_of(ticket, kind)
    if not pauses:
        return policy.part(started, due, share)
    found = reached(policy, started, counted(policy, started, due, pauses) * share, pauses)
    return found if isinstance(found, datetime) else due


def _late(moment: Moment, now: datetime) -> bool:
    return now - moment.at > LATE_AFTER
