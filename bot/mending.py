"""What can be stuck, and how each kind is mended: one at a time, so that one that cannot be worked holds up no other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot import rendering
from bot.announce import rearm
from bot.errors import Conflict, Unavailable
from bot.escalate import work_off
from bot.house import House
from bot.ports import Work
from bot.records import Deadline, Inbound, Outgoing
from bot.stores import Stores
from bot.ticket import Ticket

PUT_OFF = timedelta(minutes=10)  # what cannot be worked is tried again so much later, and the others go on
log = structlog.get_logger("selfcheck")


@dataclass(frozen=True, slots=True)
class Stuck:
    """Something that has not moved. `key` tells it apart from all others, `name` is what people call it."""

    kind: str
    key: str
    name: str
    what: Deadline | Outgoing | Inbound | Ticket


def deadline(each: Deadline) -> Stuck:
    """A moment that nobody looked at."""
    return Stuck("overdue", f"overdue:{each.ticket}:{each.kind}", f"T-{each.ticket}", each)


def delivery(kind: str, each: Outgoing) -> Stuck:
    """A notice that is leased too long (`hoarded`), or that nobody takes (`waiting`)."""
    return Stuck(kind, f"{kind}:{each.id}", f"{each.id} (T-{each.ticket})" if each.ticket else each.id, each)


def inbound(each: Inbound) -> Stuck:
    """Something that came in and is not worked."""
    return Stuck("unworked", f"unworked:{each.source}:{each.external_id}", f"{each.source} {each.external_id}", each)


def ticket(each: Ticket) -> Stuck:
    """An open ticket without a clock."""
    return Stuck("clockless", f"clockless:{each.number}", each.name, each)


async def mend(work: Work, house: House, stuck: Stuck, now: datetime) -> bool:
    """False: it could not be mended; it is out of the way of the others then. Raises Unavailable: the database is away."""
    try:
        await _mend(work, house, stuck, now)
    except Unavailable:
        raise
    except Conflict:
        pass  # somebody is at it just now
    except Exception:
        log.exception("cannot be mended", kind=stuck.kind, name=stuck.name)
        await work.write(lambda stores: _aside(stores, stuck, now))
        return False
    return True


async def _mend(work: Work, house: House, stuck: Stuck, now: datetime) -> None:
    what = stuck.what
    if isinstance(what, Deadline):
        await work.write(lambda stores: work_off(stores, house, what, now))
    elif isinstance(what, Inbound):
        await work.write(lambda stores: stores.checks.offer([what], now))
    elif isinstance(what, Ticket):
        await work.write(lambda stores: _clock(stores, house, what))
    else:
        if stuck.kind == "waiting":
            await work.read(lambda stores: _readable(stores, house, what, now))
        if what.leased or stuck.kind == "hoarded":
            await work.write(lambda stores: stores.checks.let_go([what], now))


def _clock(stores: Stores, house: House, ticket: Ticket) -> None:
    """By what it is now, unless somebody is changing it: who does so arms it."""
    held = stores.tickets.locked([(ticket.merchant_id, ticket.number)]).get(ticket.number)
    if held is not None:
        rearm(stores, house, held)


def _readable(stores: Stores, house: House, row: Outgoing, now: datetime) -> None:
    """One that cannot even be read would keep all from being taken that are leased together with it."""
    rendering.scene(stores, house, [row], now)


def _aside(stores: Stores, stuck: Stuck, now: datetime) -> None:
    what = stuck.what
    if isinstance(what, Deadline):
        stores.deadlines.arm([replace(what, due_at=now + PUT_OFF)])
    elif isinstance(what, Outgoing):
        stores.checks.bury(what, "it cannot be read; the log says why")
