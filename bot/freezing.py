"""Switches a shop's refund permission off until its merchant's midnight, and on again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.announce import SYSTEM, Actor, log, publish
from bot.house import House, new_id
from bot.records import Deadline, Freeze, Merchant
from bot.reminding import stop
from bot.stores import Stores
from bot.ticket import Event, Ticket
from bot.views import moment


def midnight(at: datetime, timezone: str) -> datetime:
    """The end of that day in that zone, in UTC."""
    zone = ZoneInfo(timezone)
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone).astimezone(UTC)


def freeze(merchant: Merchant, ticket: Ticket, due_at: datetime, now: datetime) -> tuple[Freeze, list[Deadline], Event]:
    """Tier 3's freeze, its end, the event that tells of it: to be written. One that would be over by now freezes nothing."""
    until = midnight(due_at, merchant.timezone)
    made = Freeze(new_id("frz"), ticket.merchant_id, "refund", ticket.shop_id, "sla_tier3", due_at, until, ticket.number)
    ends = [Deadline(ticket.merchant_id, ticket.number, f"unfreeze:{made.id}", until)] if until > now else []
    return made, ends, Event("shop.refund_frozen", {"shop_id": ticket.shop_id, "until": moment(until), "applied": until > now})


def lift(
    stores: Stores, house: House, shop_id: str, merchant_id: str, why: str, now: datetime, actor: Actor, *, ticket: int | None = None
) -> list[Freeze]:  # fmt: skip
    """Lifts every refund freeze of this shop, or those of one ticket alone; [] when there is none."""
    lifted = []
    for each in stores.freezes.active("refund", shop_id, merchant_id, now):
        if ticket not in (None, each.ticket):
            continue
        done = replace(each, lifted_at=now, lifted_by=actor.id, why=why)
        if not stores.freezes.lift(done):
            continue  # another replica has, this moment, and tells of it
        lifted.append(done)
        if each.ticket is not None:
            stores.deadlines.disarm(merchant_id, each.ticket, f"unfreeze:{each.id}")
            stop(stores, merchant_id, each.ticket)
            _tell(stores, house, done, now, actor)
    return lifted


def lapsed(stores: Stores, house: House, freeze_id: str, now: datetime) -> None:
    """A freeze's moment has come: it no longer holds; said on the timeline and to systems."""
    found = stores.freezes.get(freeze_id)
    if found is not None and found.lifted_at is None:
        _tell(stores, house, found, now, SYSTEM)


def _tell(stores: Stores, house: House, freeze: Freeze, now: datetime, actor: Actor) -> None:
    ticket = stores.tickets.get(freeze.ticket, freeze.merchant_id) if freeze.ticket is not None else None
    if ticket is None:
        return
    event = Event("shop.refund_unfrozen", {"shop_id": freeze.subject, "why": freeze.why or "the day is over"})
    log(stores, ticket, [event], now, actor)
    publish(stores, house, ticket, [event], now)
