"""One pass over what is due: tiers, warnings, replies that leave, snoozes and freezes that end. Its cost follows what is due."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot import evidence, evidence_notices, hinting, representative
from bot.announce import PRIVATE, SYSTEM, commit, notices, notify, publish
from bot.endings import AUTO, THAW
from bot.escalation_notices import Crew, crew, tier_notices
from bot.fair import by_turns, handful
from bot.finishing import rested, thawed
from bot.freezing import freeze, lapsed
from bot.house import House
from bot.ports import Work
from bot.records import OPERATOR, Deadline, Entry, Freeze, Merchant, Outgoing
from bot.reminding import KIND, first, remind
from bot.replies import leave
from bot.sla.escalation import Decision, Fire, Quiet, Warn, carried_out, decide, next_moment, next_tier_at
from bot.stores import Stores
from bot.ticket import ENDED, TARGETS, Change, Event, Ticket
from bot.views import moment

BATCH, BATCHES = 200, 20
PLANNED = 20_000  # due rows that a pass looks over to give merchants their turns
__all__ = ["escalate_due", "work_off"]


@dataclass(slots=True)
class Sweep:
    """What a batch has decided, written at its end many rows at a time."""

    tickets: list[tuple[Ticket, datetime | None]] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    silent: list[tuple[str, int]] = field(default_factory=list)  # tickets with no moment to come
    freezes: list[Freeze] = field(default_factory=list)
    rows: list[Outgoing] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    events: list[tuple[Ticket, Event]] = field(default_factory=list)
    fired: list[tuple[int, float]] = field(default_factory=list)
    taken: int = 0
    worked: int = 0


async def escalate_due(work: Work, house: House, told: Callable[[], None]) -> datetime | None:
    """Batches until nothing is left that was due at its start, BATCHES at most; returns the next due moment.

    Finding nothing costs one indexed read. Each batch is one transaction: the rows it takes are held to its end, so two sweepers never
    get the same ones, and a killed sweeper's come back. `told` is called after each: there may be notices to deliver.
    Where more is due than a batch holds, merchants have their turns.
    """
    started = house.clock.now()
    ahead: deque[Deadline] = deque()
    for _ in range(BATCHES):
        if not ahead:
            at = await work.read(lambda stores: stores.deadlines.next_due(), quick=True)
            if at is None or at > started:
                return at
        now = house.clock.now()
        wanted = handful(ahead, BATCH)
        sweep = await work.write(lambda stores: _batch(stores, house, now, wanted))  # noqa: B023
        if not wanted and sweep.taken == BATCH:
            ahead = by_turns(await work.read(lambda stores: stores.deadlines.due(started, PLANNED)))
        for tier, late in sweep.fired:
            house.metrics.fired(tier, late)
        told()
        if not sweep.worked and not ahead:
            return now  # what is due is held by somebody else just now: look again soon instead of spinning
    return started  # there is more: the next pass goes on, so that none runs for ever


def work_off(stores: Stores, house: House, deadline: Deadline, now: datetime) -> None:
    """This one alone; gone where its ticket is."""
    if stores.tickets.get(deadline.ticket, deadline.merchant_id) is None:
        stores.deadlines.disarm(deadline.merchant_id, deadline.ticket, deadline.kind)
    else:
        _batch(stores, house, now, [deadline])


def _batch(stores: Stores, house: House, now: datetime, wanted: Sequence[Deadline]) -> Sweep:
    sweep = Sweep()
    due = stores.deadlines.take(wanted, now) if wanted else stores.deadlines.take_due(now, BATCH)
    sweep.taken = len(due)
    keys = sorted({(each.merchant_id, each.ticket) for each in due})
    free = dict(stores.tickets.locked(keys)) if keys else {}
    mine = [each for each in due if each.ticket in free]  # the others' tickets are being changed right now; they stay due
    sweep.worked = len(mine)
    others = [each for each in mine if each.kind != "sla"]
    for deadline in others:
        _other(stores, house, deadline, now)
    if others:  # those may have changed their tickets
        free |= stores.tickets.locked(sorted({(each.merchant_id, each.ticket) for each in others}))
    on_clock = {each.ticket: free[each.ticket] for each in mine if each.kind == "sla"}
    if on_clock:
        _look_at(stores, house, sweep, on_clock, now)
    return sweep


def _look_at(stores: Stores, house: House, sweep: Sweep, tickets: Mapping[int, Ticket], now: datetime) -> None:
    merchants = stores.merchants.many({ticket.merchant_id for ticket in tickets.values()})
    concerned = crew(stores, house, tickets.values(), now)
    house.policies(stores, tickets.values())  # read for all of them at once
    for ticket in tickets.values():
        _look(stores, house, sweep, ticket, merchants[ticket.merchant_id], concerned, now)
    _write(stores, house, sweep, now)


def _look(
    stores: Stores, house: House, sweep: Sweep, ticket: Ticket, merchant: Merchant, concerned: Crew, now: datetime
) -> None:  # fmt: skip
    policy = house.policy(stores, ticket)
    decision = decide(ticket, policy, now)
    after = carried_out(ticket, decision, now)
    events = [*_missed(decision, after)]
    extra: dict[str, object] = {}
    if isinstance(decision, Fire):
        if decision.tier == 3:
            made, ends, event = freeze(merchant, after, decision.at, now)
            sweep.freezes.append(made)
            sweep.deadlines += ends
            events.append(event)
            extra["frozen_until"] = moment(made.until) if made.until > now else None
            events += _not_texted(stores, house, sweep, after, merchant, now)
        events += _fired(decision)
        sweep.deadlines += first(after, decision.tier, house, now)
        sweep.fired.append((decision.tier, (now - decision.at).total_seconds()))
    sweep.rows += _rows(stores, house, after, merchant, concerned, decision, extra, now)
    sweep.tickets.append((after, next_tier_at(after)))
    upcoming = next_moment(after, policy)
    if upcoming is not None:
        sweep.deadlines.append(Deadline(after.merchant_id, after.number, "sla", upcoming))
    else:
        sweep.silent.append((after.merchant_id, after.number))
    for event in events:
        sweep.entries.append(Entry(after.merchant_id, after.number, now, event.type, SYSTEM.id, SYSTEM.via, event.detail))
        if event.type not in PRIVATE:
            sweep.events.append((after, event))


def _not_texted(stores: Stores, house: House, sweep: Sweep, ticket: Ticket, merchant: Merchant, now: datetime) -> list[Event]:
    """Where no text message can go to the legal representative the timeline says so, and of a missing number administrators hear."""
    event = representative.untold(house, merchant)
    if event is not None and event.detail["because"] == "no_phone":
        sweep.rows += representative.told_admins(stores, house, ticket, merchant, "no_phone", now)
    return [event] if event is not None else []


def _missed(decision: Decision, ticket: Ticket) -> list[Event]:
    """Targets that went on record without ringing: skipped after an outage, or escalated by hand before."""
    if isinstance(decision, Warn):
        detail = {"tier": decision.tier, "share": decision.share, "due_at": moment(decision.at), "late": decision.late}
        return [Event("sla.warning", {**detail, "because": decision.because})]
    rings = TARGETS[decision.tier - 1] if isinstance(decision, Fire) else ""
    quiet = [kind for kind in decision.breached if kind != rings]
    return [Event("missed", {"target": kind, "due_at": moment(ticket.target(kind).due_at)}) for kind in quiet]


def _fired(decision: Fire) -> list[Event]:
    detail = {"tier": decision.tier, "due_at": moment(decision.at), "late": decision.late, "because": decision.because}
    fired = [Event(f"sla.tier{decision.tier}", detail)]
    return [*fired, Event("ticket.escalated", {"tier": 2})] if decision.tier == 2 else fired


def _rows(
    stores: Stores, house: House, ticket: Ticket, merchant: Merchant, concerned: Crew, decision: Decision,
    extra: Mapping[str, object], now: datetime,
) -> list[Outgoing]:  # fmt: skip
    """The notices of a decision, once per (ticket, cycle, tier or share) and address."""
    if isinstance(decision, Quiet):
        return []
    payload = {"tier": decision.tier, "cycle": ticket.cycle, "due_at": moment(decision.at), **extra}
    if isinstance(decision, Warn):
        cause = f"warn{decision.tier}.{decision.share}:{ticket.number}:{ticket.cycle}"
        holder = concerned.people.get(ticket.assignee) if ticket.assignee else None
        there = house.reach(stores, holder, merchant, now) if holder else house.team(merchant) or house.mail(merchant)
        person = holder.id if holder else None
        return notices(ticket, cause, "warning", there, {**payload, "share": decision.share, "person": person}, now)
    cause = f"tier{decision.tier}:{ticket.number}:{ticket.cycle}"
    return tier_notices(stores, house, ticket, merchant, concerned, decision.tier, cause, payload, now)


def _other(stores: Stores, house: House, deadline: Deadline, now: datetime) -> None:
    kind, _, id = deadline.kind.partition(":")
    stores.deadlines.disarm(deadline.merchant_id, deadline.ticket, deadline.kind)
    ticket = stores.tickets.get(deadline.ticket, deadline.merchant_id)
    if ticket is None:
        return
    if kind == "reply":
        leave(stores, house, ticket, id, now)
    elif kind == "unfreeze":
        lapsed(stores, house, id, now)
    elif kind == "card":
        _renew(stores, ticket, id, now)
    elif kind == AUTO:
        rested(stores, house, ticket, deadline.due_at, now)
    elif kind == THAW:
        thawed(stores, house, ticket, now)
    elif kind == KIND:
        remind(stores, house, ticket, deadline, now)
    elif kind == evidence.KIND:
        evidence_notices.ring(stores, house, ticket, now)
        _nearer(stores, house, ticket, now)
    elif kind == "snooze":
        _wake(stores, house, ticket, id, now)


def _nearer(stores: Stores, house: House, ticket: Ticket, now: datetime) -> None:
    """Its network's deadline has come nearer."""
    fresh = stores.tickets.get(ticket.number, ticket.merchant_id)
    if fresh is not None:
        hinting.again(stores, house, fresh, now)


def _renew(stores: Stores, ticket: Ticket, id: str, now: datetime) -> None:
    """A card that soon can't be changed any more is shown anew; where its reader has a newer one of the ticket, it points there."""
    card = stores.outbox.get(id, ticket.merchant_id)
    if card is not None and card.state == "sent" and ticket.state not in ENDED:
        moved = {"moved": "1"} if stores.outbox.newer(card) else {}
        stores.outbox.freshen(card, {**(card.fresh or {}), **moved}, now)


def _wake(stores: Stores, house: House, ticket: Ticket, person_id: str, now: datetime) -> None:
    stores.notes.snooze(ticket.merchant_id, ticket.number, person_id, None)
    person = stores.people.get(person_id)
    merchant = stores.merchants.get(ticket.merchant_id)
    commit(stores, house, ticket, Change(ticket, (Event("unsnoozed", {"agent": person_id}),)), now, SYSTEM)
    if person is not None and merchant is not None:
        cause = f"snooze:{ticket.number}:{person_id}:{moment(now)}"
        notify(stores, ticket, cause, "snooze_over", house.reach(stores, person, merchant, now), {"person": person_id}, now)


def _write(stores: Stores, house: House, sweep: Sweep, now: datetime) -> None:
    if not sweep.tickets:
        return
    stores.tickets.save_clocks(sweep.tickets)
    stores.freezes.add(sweep.freezes)
    stores.deadlines.arm(sweep.deadlines)
    stores.deadlines.disarm_many(sweep.silent, "sla")
    stores.timeline.add(sweep.entries)
    stores.outbox.touch([(ticket.merchant_id, ticket.number) for ticket, _ in sweep.tickets], house.editing, now)
    stores.outbox.add(sweep.rows)
    merchants = {ticket.merchant_id for ticket, _ in sweep.events}
    subscribers = stores.webhooks.subscribed([*merchants, OPERATOR]) if merchants and "webhooks" in house.channels else ()
    if subscribers:
        for ticket, event in sweep.events:
            publish(stores, house, ticket, [event], now, subscribers=subscribers)
