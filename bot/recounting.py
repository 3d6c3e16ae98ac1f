"""After a policy changed: the clocks of open tickets are set anew, a batch at a time, whoever is killed meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile

from bot.announce import SYSTEM
from bot.house import House
from bot.ports import Work
from bot.records import OPERATOR, Deadline, Entry, Recount
from bot.sla.escalation import next_moment, next_tier_at
from bot.sla.pauses import relaid
from bot.sla.policy import Policy
from bot.stores import Stores
from bot.ticket import Ticket
from bot.views import moment

BATCH = 200  # tickets in one transaction
PACE = timedelta(milliseconds=50)  # between two tickets that a change has made overdue
BUSY = timedelta(milliseconds=200)  # until a ticket that somebody is changing just now is tried again
AGAIN = timedelta(seconds=30)  # longer than a unit of work may last


@dataclass(slots=True)
class _Batch:
    """What a batch has found, written at its end many rows at a time. `overdue` counts those that the change has made so."""

    tickets: list[tuple[Ticket, datetime | None]] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    shown: list[tuple[str, int]] = field(default_factory=list)
    overdue: int = 0


async def recount(work: Work, house: House) -> datetime | None:
    """One batch of what is left, where something is; returns when to look again. Finding nothing costs one indexed read.

    What is left is a row: the last ticket done. A batch and the row are one transaction, so a kill loses the batch alone, and a policy that
    changes once more begins it anew. A ticket that is over is left alone; of an open one what is met, missed or warned about stays as it
    is, and a clock that is neither is counted by the new policy from its own beginning, pauses left out. `updated_at` stays.

    A target that has moved into the past is missed at the moment the new policy says, and rings once, marked late, at the ticket's present
    tier. That change can make thousands overdue at once: their looks are spread, 20 a second, and what their channels' limits do not
    let through joins a digest. When all are done they are looked at once more, AGAIN later: a ticket that was being written by the old
    policy while the new one was put is found then.
    """
    at = await work.read(lambda stores: stores.policies.next_recount(), quick=True)
    if at is None or at > house.clock.now():
        return at
    return await work.write(lambda stores: _work(stores, house, house.clock.now()))


def _work(stores: Stores, house: House, now: datetime) -> datetime | None:
    left = stores.policies.take_recount(now)
    if left is None:
        return now + BUSY  # another replica is at it
    within = None if left.merchant_id == OPERATOR else left.merchant_id
    found = stores.tickets.running(within, (left.of_merchant, left.after), BATCH)
    free = stores.tickets.locked([(each.merchant_id, each.number) for each in found])
    mine = [free[each.number] for each in takewhile(lambda each: each.number in free, found)]
    batch = _Batch()
    policies = house.policies(stores, mine)
    for ticket in mine:
        _relay(batch, ticket, policies[ticket.number], now)
    _write(stores, house, batch, now)
    return _go_on(stores, left, mine, batch.overdue, len(mine) == len(found) < BATCH, now)


def _relay(batch: _Batch, ticket: Ticket, policy: Policy, now: datetime) -> None:
    after = relaid(ticket, policy, now)
    upcoming = next_moment(after, policy)
    if after == ticket:
        if upcoming is not None and upcoming > now:  # the shares at which to warn may be others; what is due is due as it was
            batch.deadlines.append(Deadline(after.merchant_id, after.number, "sla", upcoming))
        return
    batch.tickets.append((after, next_tier_at(after)))
    moved = {each.kind: moment(each.now) for each in after.ledger.moves[len(ticket.ledger.moves) :]}
    detail = {"policy": policy.name, "due_at": moved}
    batch.entries.append(Entry(after.merchant_id, after.number, now, "clocks.moved", SYSTEM.id, SYSTEM.via, detail))
    if next_tier_at(after) != next_tier_at(ticket):
        batch.shown.append((after.merchant_id, after.number))
    if upcoming is not None and upcoming <= now:
        upcoming = now + batch.overdue * PACE
        batch.overdue += 1
    if upcoming is not None:
        batch.deadlines.append(Deadline(after.merchant_id, after.number, "sla", upcoming))


def _write(stores: Stores, house: House, batch: _Batch, now: datetime) -> None:
    stores.tickets.save_clocks(batch.tickets)
    stores.deadlines.arm(batch.deadlines)
    stores.timeline.add(batch.entries)
    armed = {each.ticket for each in batch.deadlines}
    for ticket, _ in batch.tickets:
        if ticket.number not in armed:
            stores.deadlines.disarm(ticket.merchant_id, ticket.number, "sla")  # it stands still now
    if batch.shown:
        stores.outbox.touch(batch.shown, house.editing, now)


def _go_on(stores: Stores, left: Recount, mine: Sequence[Ticket], overdue: int, done: bool, now: datetime) -> datetime | None:
    """Writes what is left, and says when to go on."""
    if done and left.again:
        stores.policies.end_recount(left.merchant_id)
        return stores.policies.next_recount()
    if done:
        after = Recount(left.merchant_id, now + max(AGAIN, overdue * PACE), again=True)
    elif mine:
        after = replace(left, of_merchant=mine[-1].merchant_id, after=mine[-1].number, due_at=now + overdue * PACE)
    else:
        after = replace(left, due_at=now + BUSY)
    stores.policies.put_recount(after)
    return after.due_at
