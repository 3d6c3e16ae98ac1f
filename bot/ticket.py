"""What a ticket is and what may happen to it: (ticket, who, now) → Change, or Refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.errors import AlreadyClaimed, BadUsage, WrongState
from bot.frozen import record
from bot.target import BLANK, UNARMED, Ledger, Past, Target


class State(StrEnum):
    """`new` → `open` ⇄ `pending` → `resolved` → `closed` → `archived`; `reopen` leads from resolved or closed back to open."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    RESOLVED = "resolved"
    CLOSED = "closed"
    ARCHIVED = "archived"


LIVE = frozenset({State.NEW, State.OPEN, State.PENDING})
ENDED = frozenset({State.CLOSED, State.ARCHIVED})
PRIORITIES = ("low", "normal", "high", "urgent")
CATEGORIES = (
    "refund_delay", "refund_request", "fx_dispute", "chargeback_alert", "unauthorized_payment", "duplicate_charge", "payment_failed",
    "not_received", "not_as_described", "settlement_delay", "reconciliation_mismatch", "account_verification", "other",
)  # fmt: skip
DISPUTES = frozenset({
    "chargeback_alert", "unauthorized_payment", "duplicate_charge", "not_received", "not_as_described", "fx_dispute",
})  # fmt: skip
TARGETS = ("first_response", "resolution", "closure")  # tiers 1, 2, 3, in this order


@record(frozen=True, slots=True)
class Category:
    """What it is about, and who said so (`engine`, `agent`, `api`); `guesses`: the likeliest others, two where a person should look."""

    label: str = "other"
    score: float = 0.0
    source: str = "engine"
    also: tuple[str, ...] = ()
    guesses: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class Ticket:
    """One after-sales case. `buyer` is masked; the original is sealed in `buyer_sealed`. `version` counts its changes.

    `ledger` keeps what became of its clocks; `auto_at` is when it closes (resolved) or is archived (closed) by itself.
    """

    merchant_id: str
    number: int
    shop_id: str
    platform: str
    subject: str
    message: str
    created_at: datetime
    updated_at: datetime
    order_no: str | None = None
    currency: str | None = None
    state: State = State.NEW
    category: Category = Category()
    priority: str = "normal"
    buyer: Mapping[str, str] = field(default_factory=dict)
    buyer_sealed: bytes | None = None
    language: str | None = None
    assignee: str | None = None
    tier: int = 0
    cycle: int = 1
    escalated_cycle: int = 0
    first_response: Target = UNARMED
    resolution: Target = UNARMED
    closure: Target = UNARMED
    seen_at: datetime | None = None
    first_responded_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    merged_into: int | None = None
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    ledger: Ledger = BLANK
    auto_at: datetime | None = None
    taken_from: str | None = None  # whose it was, until a manager took it over
    dispute: Mapping[str, Any] = field(default_factory=dict)  # the institution's case that it is about, as in documents
    translations: tuple[Mapping[str, Any], ...] = ()  # `lang, text, provider`; `failed` (bot.translating)
    risk: Mapping[str, Any] = field(default_factory=dict)  # `level` and `hints`, as in documents; nothing where nothing is risky

    @property
    def name(self) -> str:
        """As people read it: `T-1024`."""
        return f"T-{self.number}"

    def target(self, kind: str) -> Target:
        """The clock of that kind, one of `TARGETS`."""
        found: Target = getattr(self, kind)
        return found


@record(frozen=True, slots=True)
class Event:
    """Something that happened, by its public type (`ticket.claimed`) or, on the timeline only, a private one (`note`)."""

    type: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@record(frozen=True, slots=True)
class Change:
    """The ticket after, and what to tell of it."""

    ticket: Ticket
    events: tuple[Event, ...] = ()


def claim(ticket: Ticket, who: str, now: datetime, *, first_response_by: str = "claim", takes_over: bool = False) -> Change:
    """`who` takes it. Meets tier 1 where a claim does. Raises AlreadyClaimed (`params["who"]` is the id of who has it)."""
    _must_be(ticket, LIVE, "claim")
    if ticket.assignee == who and ticket.state is State.OPEN:
        return Change(ticket)
    if ticket.assignee not in (None, who) and not takes_over:
        raise AlreadyClaimed("already_claimed", ticket=ticket.name, who=ticket.assignee)
    taken_from = ticket.taken_from if ticket.assignee in (None, who) else ticket.assignee
    after = replace(ticket, assignee=who, taken_from=taken_from, state=State.OPEN)
    if first_response_by == "claim":
        after = _meet(after, now, "first_response")
    return Change(after, (Event("ticket.claimed", {"agent": who, "from": ticket.assignee}),))


def release(ticket: Ticket, now: datetime, to: str | None = None) -> Change:
    """Gives it back to the team, or `to` whom it was taken over from; a clock that was met stays met."""
    _must_be(ticket, LIVE, "release")
    if ticket.assignee is None:
        raise WrongState("not_claimed", ticket=ticket.name)
    detail = {"released": ticket.assignee, **({"to": to} if to else {})}
    return Change(replace(ticket, assignee=to, taken_from=None), (Event("ticket.updated", detail),))


def hand_back(ticket: Ticket, who: str, now: datetime) -> Change:
    """A manager who was told leaves it with whoever has it."""
    _must_be(ticket, LIVE, "release")
    return Change(ticket, (Event("ticket.updated", {"handed_back": who}),))


def assign(ticket: Ticket, to: str, now: datetime, *, first_response_by: str = "claim") -> Change:
    """A lead hands it to `to`. Being assigned counts as being claimed."""
    _must_be(ticket, LIVE, "assign")
    if ticket.assignee == to:
        return Change(ticket)
    after = replace(ticket, assignee=to, taken_from=None, state=State.OPEN if ticket.state is State.NEW else ticket.state)
    if first_response_by == "claim":
        after = _meet(after, now, "first_response")
    return Change(after, (Event("ticket.assigned", {"agent": to, "from": ticket.assignee}),))


def answer(ticket: Ticket, now: datetime) -> Change:
    """A public reply left: meets tier 1, whatever else would."""
    after = _meet(ticket, now, "first_response")
    after = replace(
        after, first_responded_at=after.first_responded_at or now, state=State.OPEN if after.state is State.NEW else after.state
    )
    return Change(after, (Event("ticket.replied"),))


def buyer_wrote(ticket: Ticket, now: datetime, *, thanks: bool = False) -> Change:
    """A buyer's message: a waiting ticket is open again, a resolved one reopens, unless it is but a word of thanks."""
    if ticket.state is State.RESOLVED and thanks:
        after = replace(ticket, ledger=replace(ticket.ledger, thanked_at=now))
        return Change(after, (Event("ticket.message_added", {"from": "buyer", "thanks": True}), Event("thanked")))
    if ticket.state is State.RESOLVED:
        reopened = reopen(ticket, now)
        return Change(reopened.ticket, (Event("ticket.message_added", {"from": "buyer"}), *reopened.events))
    after = replace(ticket, state=State.OPEN) if ticket.state is State.PENDING else ticket
    return Change(after, (Event("ticket.message_added", {"from": "buyer"}),))


def pending(ticket: Ticket, now: datetime) -> Change:
    """Waiting on the buyer. Clocks pause only where a policy says so."""
    _must_be(ticket, LIVE, "pending")
    if ticket.state is State.PENDING:
        raise WrongState("already_pending", ticket=ticket.name)
    return Change(replace(ticket, state=State.PENDING), (Event("ticket.updated", {"state": "pending"}),))


def resolve(ticket: Ticket, now: datetime, text: str = "") -> Change:
    """The case is solved; meets tier 2."""
    _must_be(ticket, LIVE, "resolve")
    after = replace(_meet(ticket, now, "resolution"), state=State.RESOLVED, resolved_at=now)
    return Change(after, (Event("ticket.resolved", {"text": text} if text else {}),))


def close(ticket: Ticket, now: datetime, text: str = "") -> Change:
    """The case is over; meets tiers 2 and 3 and stops every clock."""
    _must_be(ticket, LIVE | {State.RESOLVED}, "close")
    after = _stop(_meet(ticket, now, "resolution", "closure"))
    after = replace(after, state=State.CLOSED, closed_at=now)
    return Change(after, (Event("ticket.closed", {"text": text} if text else {}),))


def reopen(ticket: Ticket, now: datetime, why: str = "") -> Change:
    """Back to open in a new cycle: tiers 2 and 3 are to be armed anew from now."""
    if ticket.merged_into is not None:
        raise WrongState("merged_away", ticket=ticket.name, into=f"T-{ticket.merged_into}")
    _must_be(ticket, {State.RESOLVED, State.CLOSED}, "reopen")
    past = tuple(Past(ticket.cycle, kind, now, ticket.target(kind)) for kind in TARGETS[1:] if ticket.target(kind).started_at is not None)
    after = replace(
        ticket, state=State.OPEN, cycle=ticket.cycle + 1, tier=0, resolution=UNARMED, closure=UNARMED, resolved_at=None, closed_at=None,
        ledger=replace(ticket.ledger, past=(*ticket.ledger.past, *past), thanked_at=None),
    )  # fmt: skip
    return Change(after, (Event("ticket.reopened", {"reason": why} if why else {}),))


def escalate(ticket: Ticket, now: datetime, why: str = "") -> Change:
    """Tier 2 by hand: tier 1's clock runs on, and tier 2 will not fire again in this cycle."""
    _must_be(ticket, LIVE, "escalate")
    if ticket.tier >= 2:
        raise WrongState("already_escalated", ticket=ticket.name)
    after = replace(ticket, tier=2, escalated_cycle=ticket.cycle)
    return Change(after, (Event("ticket.escalated", {"by_hand": True, **({"reason": why} if why else {})}),))


def archive(ticket: Ticket, now: datetime) -> Change:
    """A closed case is put away: nothing can be said on it any more."""
    _must_be(ticket, {State.CLOSED}, "archive")
    return Change(replace(ticket, state=State.ARCHIVED), (Event("ticket.archived", {"auto": True}),))


def set_priority(ticket: Ticket, priority: str, now: datetime) -> Change:
    """`priority` is one of PRIORITIES."""
    if priority not in PRIORITIES:
        raise BadUsage("bad_priority", field="priority", priority=priority, known=", ".join(PRIORITIES))
    _must_be(ticket, LIVE | {State.RESOLVED}, "priority")
    if ticket.priority == priority:
        return Change(ticket)
    return Change(replace(ticket, priority=priority), (Event("ticket.updated", {"priority": priority, "from": ticket.priority}),))


def categorise(ticket: Ticket, label: str, source: str, now: datetime) -> Change:
    """`label` is one of CATEGORIES; a person's word stands with score 1."""
    if label not in CATEGORIES:
        raise BadUsage("bad_category", field="category", category=label, known=", ".join(CATEGORIES))
    if ticket.state is State.ARCHIVED:
        _must_be(ticket, set(State) - {State.ARCHIVED}, "tag")
    after = replace(ticket, category=Category(label, 1.0, source))
    return Change(after, (Event("ticket.updated", {"category": label, "from": ticket.category.label}),))


def merge(ticket: Ticket, into: Ticket, now: datetime) -> tuple[Change, Change]:
    """`ticket` closes into `into`: its clocks stop, unmet. Both must be the same merchant's and `into` not ended."""
    if ticket.number == into.number:
        raise BadUsage("merge_itself", field="into", ticket=ticket.name)
    _must_be(ticket, LIVE | {State.RESOLVED}, "merge")
    _must_be(into, LIVE | {State.RESOLVED}, "merge")
    after = replace(_stop(ticket), state=State.CLOSED, closed_at=now, merged_into=into.number)
    return (
        Change(after, (Event("ticket.merged", {"into": into.number}),)),
        Change(replace(into, dispute=into.dispute or ticket.dispute), (Event("ticket.updated", {"merged": ticket.number}),)),
    )


def undo_close(ticket: Ticket, before: Ticket, now: datetime) -> Change:
    """Takes a close back: state and clocks as they were before it."""
    _must_be(ticket, {State.CLOSED}, "undo")
    after = replace(
        ticket, state=before.state, resolved_at=before.resolved_at, closed_at=before.closed_at, assignee=before.assignee,
        first_response=before.first_response, resolution=before.resolution, closure=before.closure, ledger=before.ledger,
    )  # fmt: skip
    if ticket.first_responded_at is not None:
        after = _meet(after, ticket.first_responded_at, "first_response")  # a reply left meanwhile
    return Change(after, (Event("undone", {"verb": "close"}),))


def _must_be(ticket: Ticket, states: set[State] | frozenset[State], verb: str) -> None:
    if ticket.merged_into is not None and ticket.state not in states:
        raise WrongState("merged_away", ticket=ticket.name, into=f"T-{ticket.merged_into}")
    if ticket.state not in states:
        raise WrongState("wrong_state", ticket=ticket.name, state=ticket.state.value, verb=verb)


def _meet(ticket: Ticket, now: datetime, *kinds: str) -> Ticket:
    for kind in kinds:
        target = ticket.target(kind)
        if target.running or target.paused:
            ticket = replace(ticket, **{kind: replace(target, met_at=now)})  # type: ignore[arg-type]
    return ticket


def _stop(ticket: Ticket) -> Ticket:
    """An unmet clock that will never be met keeps no due moment, so that nothing can fire on it; a breach stays on record."""
    for kind in TARGETS:
        target = ticket.target(kind)
        if target.running or target.paused:
            ticket = replace(ticket, **{kind: replace(target, due_at=None, left=None)})  # type: ignore[arg-type]
    return ticket
