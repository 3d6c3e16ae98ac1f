"""What one ticket counts for, now: docs/stats.md says each figure's definition in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.figures.buckets import bucket
from bot.frozen import record
from bot.ticket import LIVE, Ticket

DISPUTES = frozenset({"chargeback_alert", "unauthorized_payment", "duplicate_charge", "not_received", "not_as_described", "fx_dispute"})
REFUNDS = frozenset({"refund_delay", "refund_request"})
Sums = Mapping[str, int]


@record(frozen=True, slots=True)
class Place:
    """The day on which a ticket came in, as `2026-11-23`, and the hour, by the clock on one wall."""

    day: str
    hour: int


@record(frozen=True, slots=True)
class Counted:
    """What a ticket was counted for, at its `version`. `own` by its merchant's clock, `operator` by the deployment's.

    `sums`: n tickets, o open, r reopenings, c chargebacks; fn, fs, f… first replies: how many, seconds, by bucket; 1n, 2n, 3n, dn targets
    that are decided (d: of disputes), 1k … of which kept; hn, hs refunds: how many, seconds. `look_at`: it counts for more from then on.
    """

    merchant_id: str
    ticket: int
    version: int
    own: Place
    operator: Place
    subjects: Mapping[str, str]  # shop, platform, category, agent
    sums: Sums
    look_at: datetime | None = None


def count(ticket: Ticket, now: datetime, zone: str, operators: str) -> Counted:
    """All of it anew: whatever happened to the ticket before, late or twice, it counts for what it is."""
    subjects = {"shop": ticket.shop_id, "platform": ticket.platform, "category": ticket.category.label}
    if ticket.assignee is not None:
        subjects["agent"] = ticket.assignee
    own, operator = place(ticket.created_at, zone), place(ticket.created_at, operators)
    kept, look_at = first_response(ticket, now)
    sums = {} if ticket.merged_into is not None else _sums(ticket, kept)
    return Counted(ticket.merchant_id, ticket.number, ticket.version, own, operator, subjects, sums, look_at)


def place(at: datetime, zone: str) -> Place:
    """Where a moment is on that wall."""
    there = at.astimezone(ZoneInfo(zone))
    return Place(there.date().isoformat(), there.hour)


def first_response(ticket: Ticket, now: datetime) -> tuple[bool | None, datetime | None]:
    """Whether the first public reply came in time; None while that is open, with the moment at which it is not any more."""
    target, replied = ticket.first_response, ticket.first_responded_at
    if target.started_at is None or ticket.merged_into is not None:
        return None, None  # told as history, or told elsewhere
    if replied is not None:
        return target.breached_at is None and (target.due_at is None or replied <= target.due_at), None
    ended = None if ticket.state in LIVE else ticket.resolved_at or ticket.closed_at
    if target.breached_at is not None or (target.due_at is not None and target.due_at < (ended or now)):
        return False, None
    return None, target.due_at if ended is None else None


def _sums(ticket: Ticket, kept: bool | None) -> dict[str, int]:
    label = ticket.category.label
    found = Counter({"n": 1, "o": int(ticket.state in LIVE), "r": ticket.cycle - 1, "c": int(label == "chargeback_alert")})
    if ticket.first_responded_at is not None:
        waited = max((ticket.first_responded_at - ticket.created_at).total_seconds(), 0)
        found.update({"fn": 1, "fs": round(waited), f"f{bucket(waited)}": 1})
    if kept is not None:
        found.update({"1n": 1, "1k": int(kept)})
    if kept is not None and label in DISPUTES:
        found.update({"dn": 1, "dk": int(kept)})
    for tier, kind in (("2", "resolution"), ("3", "closure")):
        for target in (ticket.target(kind), *(past.target for past in ticket.ledger.past if past.kind == kind)):
            if target.breached_at is not None or target.met_at is not None:
                found.update({f"{tier}n": 1, f"{tier}k": int(target.breached_at is None)})
    took = handling(ticket)
    if took is not None:
        found.update({"hn": 1, "hs": round(took)})
    return {name: value for name, value in found.items() if value}


def handling(ticket: Ticket) -> float | None:
    """Seconds from when a refund's ticket was taken up until it was solved; None for another, or while it is not."""
    ended = ticket.resolved_at or ticket.closed_at
    if ticket.category.label not in REFUNDS or ended is None or ticket.state in LIVE:
        return None
    taken = min((at for at in (ticket.first_response.met_at, ticket.first_responded_at) if at is not None), default=ticket.created_at)
    return max((ended - taken).total_seconds(), 0)
