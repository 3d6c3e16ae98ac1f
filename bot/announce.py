"""Commits a change with all that must be told of it: ticket, timeline, deadline, cards and notices in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot import endings, evidence
from bot.house import House, new_id
from bot.messages import Address
from bot.records import OPERATOR, Deadline, Entry, Outgoing, Webhook
from bot.sla.escalation import next_moment, next_tier_at
from bot.sla.pauses import relaid, settled
from bot.stores import Stores
from bot.ticket import TARGETS, Change, Event, Ticket
from bot.views import moment, ticket_doc

PRIVATE = frozenset({
    "note", "snoozed", "unsnoozed", "undone", "held", "delivery.dead", "fallback", "missed", "thanked", "clocks.paused", "clocks.resumed",
    "auto.announced", "reminded", "clocks.moved", "sms.not_sent", "evidence.warned", "evidence.missed", "classified",
    "translated", "translation.failed",
})  # on the timeline only  # fmt: skip


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, for the timeline: a person's id, `buyer`, `system`, `key:ID`; `via` is the edge."""

    id: str = "system"
    via: str = ""


SYSTEM = Actor()


def commit(
    stores: Stores, house: House, before: Ticket, change: Change, now: datetime, actor: Actor, *,
    hold: timedelta = timedelta(), extra: Mapping[str, Any] | None = None,
) -> Ticket:  # fmt: skip
    """Saves the changed ticket and everything that follows from it; returns it as stored. A change of nothing does nothing.

    `hold` keeps public announcements back for so long, so that they can be taken back; `extra` is added to what webhooks carry.
    Raises Conflict when someone was faster.
    """
    if not change.events and change.ticket == before:
        return before
    policy = house.policy(stores, change.ticket)
    # Another category or priority may have another policy; then its clocks are as if they had always gone by that.
    lay = settled if house.policy(stores, before) == policy else relaid
    after = lay(replace(change.ticket, updated_at=now), policy, now)
    after = endings.resting(stores, house, before, after, change.events, now)
    saved = stores.tickets.save(after, next_tier_at(after))
    endings.arm(stores, house, before, saved, now, hold)
    follow(stores, house, saved, (*change.events, *_clocks(change.ticket, saved)), now, actor, hold=hold, extra=extra)
    return saved


def _clocks(ticket: Ticket, after: Ticket) -> tuple[Event, ...]:
    """That its clocks stand still from now on, or go on: said on the timeline."""
    was, stands = ticket.ledger.standing, after.ledger.standing
    if was is stands:
        moved = {each.kind: moment(each.now) for each in after.ledger.moves[len(ticket.ledger.moves) :]}
        return (Event("clocks.moved", {"due_at": moved}),) if moved else ()
    kinds = [kind for kind in TARGETS if ticket.target(kind) != after.target(kind)]
    if stands is not None:
        left = {kind: (after.target(kind).left or timedelta()).total_seconds() for kind in kinds}
        return (Event("clocks.paused", {"because": stands.because, "left_seconds": left}),)
    return (Event("clocks.resumed", {"due_at": {kind: moment(after.target(kind).due_at) for kind in kinds}}),)


def follow(
    stores: Stores, house: House, ticket: Ticket, events: Sequence[Event], now: datetime, actor: Actor, *,
    hold: timedelta = timedelta(), extra: Mapping[str, Any] | None = None, new: bool = False,
) -> None:  # fmt: skip
    """What follows a saved ticket: its next look, its timeline, its cards (one that is `new` has none), its webhooks."""
    rearm(stores, house, ticket)
    if ticket.dispute and evidence.concerned(events):
        evidence.arm(stores, house, ticket, now)
    log(stores, ticket, events, now, actor)
    if not new:
        stores.outbox.touch([(ticket.merchant_id, ticket.number)], house.editing, now)
    mirror(stores, house, ticket, events, now)
    publish(stores, house, ticket, events, now, hold=hold, extra=extra)


def rearm(stores: Stores, house: House, ticket: Ticket) -> None:
    """The ticket's one `sla` deadline is its next moment, or gone."""
    at = next_moment(ticket, house.policy(stores, ticket))
    if at is None:
        stores.deadlines.disarm(ticket.merchant_id, ticket.number, "sla")
    else:
        stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, "sla", at)])


def log(stores: Stores, ticket: Ticket, events: Sequence[Event], now: datetime, actor: Actor) -> None:
    """Writes events on the ticket's timeline."""
    if events:
        stores.timeline.add([Entry(ticket.merchant_id, ticket.number, now, each.type, actor.id, actor.via, each.detail) for each in events])


def mirror(stores: Stores, house: House, ticket: Ticket, events: Sequence[Event], now: datetime) -> None:
    """An order's ticket is shown where its shop is connected: by one delivery, which changes with the ticket. A dead one is tried anew."""
    if ticket.order_no is None or all(each.type in PRIVATE for each in events):
        return
    having = [name for name in house.mirrors if ticket.merchant_id in stores.accounts.owners(name)]  # read once for all of a transaction
    there = [Address(name, ticket.shop_id) for name in having if stores.accounts.get(name, ticket.shop_id) is not None]
    if there:
        cause = f"mirror:{ticket.number}"
        stores.outbox.add([outgoing(ticket.merchant_id, ticket.number, cause, "mirror", each, {"card": True}, now) for each in there])
        for row in stores.outbox.of_cause(ticket.merchant_id, cause):
            if row.state == "dead" and Address(row.channel, row.target) in there:
                stores.outbox.retry(row.id, now)


def publish(
    stores: Stores, house: House, ticket: Ticket, events: Sequence[Event], now: datetime, *,
    hold: timedelta = timedelta(), extra: Mapping[str, Any] | None = None, subscribers: Sequence[Webhook] | None = None,
    cause: str | None = None,
) -> None:  # fmt: skip
    """Public events leave as webhooks to those who subscribed, each once, with the ticket as it is now.

    `cause`: what makes them once, where it is not the ticket's version."""
    public = [each for each in events if each.type not in PRIVATE]
    if not public or "webhooks" not in house.channels:
        return
    rows = []
    if subscribers is None:
        subscribers = _subscribers(stores, ticket.merchant_id)
    for webhook in subscribers:
        if webhook.merchant_id not in (ticket.merchant_id, OPERATOR):
            continue
        for place, event in enumerate(public):
            if webhook.disabled_at is None and ("*" in webhook.events or event.type in webhook.events):
                data = {**ticket_doc(ticket), "event": dict(event.detail), **(extra or {})}
                body = {"type": event.type, "timestamp": moment(now), "data": data}
                payload = {"body": body, "undo_in_cycle": ticket.cycle} if hold else {"body": body}
                why = f"{cause}.{place}" if cause else f"{event.type}:{ticket.number}:v{ticket.version}.{place}"
                address = Address("webhooks", webhook.id)
                rows.append(outgoing(ticket.merchant_id, ticket.number, why, "event", address, payload, now + hold))
    stores.outbox.add(rows)


def _subscribers(stores: Stores, merchant_id: str) -> Sequence[Webhook]:
    """Read once in a transaction: who subscribes meanwhile hears of what comes after."""
    key = ("subscribers", merchant_id)
    if key not in stores.memory:
        stores.memory[key] = stores.webhooks.subscribed([merchant_id, OPERATOR])
    found: Sequence[Webhook] = stores.memory[key]
    return found


def declare(stores: Stores, house: House, merchant_id: str, type: str, cause: str, event: Mapping[str, Any], now: datetime) -> None:
    """A public event that is about no ticket, to those who subscribed; once per type and `cause`."""
    if "webhooks" not in house.channels:
        return
    body = {"type": type, "timestamp": moment(now), "data": {"merchant_id": merchant_id, "event": dict(event)}}
    wanted = [each for each in _subscribers(stores, merchant_id) if each.disabled_at is None]
    there = [Address("webhooks", each.id) for each in wanted if "*" in each.events or type in each.events]
    stores.outbox.add([outgoing(merchant_id, None, f"{type}:{cause}", "event", each, {"body": body}, now) for each in there])


def notify(
    stores: Stores, ticket: Ticket, cause: str, kind: str, addresses: Sequence[Address], payload: Mapping[str, Any], now: datetime
) -> list[Outgoing]:
    """One delivery of this notice per address, each address once. With none at all it is dead at once: nothing is silent."""
    rows = notices(ticket, cause, kind, addresses, payload, now)
    stores.outbox.add(rows)
    return rows


def notices(
    ticket: Ticket, cause: str, kind: str, addresses: Sequence[Address], payload: Mapping[str, Any], now: datetime
) -> list[Outgoing]:
    """The rows of `notify`, for those who write many tickets' at once."""
    rows = [outgoing(ticket.merchant_id, ticket.number, cause, kind, each, payload, now) for each in dict.fromkeys(addresses)]
    if not rows:
        nowhere = outgoing(ticket.merchant_id, ticket.number, cause, kind, Address("none", "nobody"), payload, now)
        rows = [replace(nowhere, state="dead", last_error="no channel of this merchant is connected")]
    return rows


def outgoing(
    merchant_id: str, ticket: int | None, cause: str, kind: str, address: Address, payload: Mapping[str, Any], at: datetime
) -> Outgoing:
    """A waiting delivery."""
    return Outgoing(new_id("dlv"), merchant_id, ticket, cause, kind, address.channel, address.target, payload, at, at)
