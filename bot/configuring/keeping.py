"""Legal holds, and requests to erase."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot import erasing
from bot.announce import Actor, log
from bot.asking import seen_ticket
from bot.asking.keeping import hold_doc
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.house import House
from bot.messages import Doc, Erase, LiftHold, PutHold
from bot.people import Person, Role
from bot.privacy import mask_text
from bot.stores import Stores
from bot.stores.keeping import LegalHold
from bot.ticket import Event, Ticket
from bot.views import moment

LONGEST = timedelta(days=366)  # then it is looked at again, and said again


def _put(stores: Stores, house: House, change: PutHold, now: datetime) -> Doc:
    ticket = seen_ticket(stores, change.number, change.within)
    who = _who(stores, ticket, change.agent, change.by)
    if not now < change.until <= now + LONGEST:
        raise BadUsage("hold_until", field="until")
    hold = LegalHold(ticket.merchant_id, ticket.number, mask_text(change.reason), change.until, who, now)
    stores.keeping.put_hold(hold)
    log(stores, ticket, [Event("hold.put", {"reason": hold.reason, "until": moment(hold.until)})], now, Actor(who, "api"))
    return hold_doc(hold)


def _lift(stores: Stores, house: House, change: LiftHold, now: datetime) -> Doc:
    ticket = seen_ticket(stores, change.number, change.within)
    who = _who(stores, ticket, change.agent, change.by)
    hold = stores.keeping.hold(ticket.merchant_id, ticket.number, now)
    if hold is None:
        raise NotFound("no_hold", ticket=f"T-{ticket.number}")
    stores.keeping.lift_hold(ticket.merchant_id, ticket.number)
    stores.keeping.hurry(ticket.merchant_id, now)
    log(stores, ticket, [Event("hold.lifted", {})], now, Actor(who, "api"))
    return hold_doc(hold)


def _who(stores: Stores, ticket: Ticket, agent: str | None, by: str) -> str:
    """A lead or an admin; without one, the key that may write settings."""
    if agent is None:
        return by
    who: Person | None = stores.people.get(agent)
    if who is None or not who.sees(ticket.merchant_id):
        raise NotFound("no_agent", field="agent", agent=agent[:64])
    if who.role not in (Role.LEAD, Role.ADMIN):
        raise NotAllowed("only_leads", field="agent")
    return who.id


def _erase(stores: Stores, house: House, change: Erase, now: datetime) -> Doc:
    return erasing.ask(stores, house, change, now)


CHANGES = {PutHold: _put, LiftHold: _lift, Erase: _erase}
