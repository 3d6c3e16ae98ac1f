"""Switches a shop's refund permission off until its merchant's midnight, a collection channel's for hours, and both on again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.announce import SYSTEM, Actor, declare, log, publish
from bot.house import House, new_id
from bot.records import Deadline, Freeze, Merchant
from bot.reminding import stop
from bot.stores import Stores
from bot.ticket import Event, Ticket
from bot.views import moment

BY_HAND = "by_hand"


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


def for_ticket(stores: Stores, ticket: Ticket, channel: str, reason: str, now: datetime, until: datetime) -> Freeze:
    """A collection channel switched off for one merchant, because of a ticket; its end is armed with it."""
    made = Freeze(new_id("frz"), ticket.merchant_id, "collection", channel, reason, now, until, ticket.number)
    stores.freezes.add([made])
    stores.deadlines.arm([Deadline(ticket.merchant_id, ticket.number, f"unfreeze:{made.id}", until)])
    return made


def collection(
    stores: Stores, house: House, merchant_id: str, channel: str, why: str, now: datetime, until: datetime, actor: Actor
) -> Freeze:
    """A merchant's collection channel switched off by hand. `why` is kept; lifting it overwrites that with its own."""
    made = Freeze(new_id("frz"), merchant_id, "collection", channel, BY_HAND, now, until, why=why)
    stores.freezes.add([made])
    declare(stores, house, merchant_id, "channel.frozen", made.id, _about(made, actor, why), now)
    return made


def lift(
    stores: Stores, house: House, subject: str, merchant_id: str, why: str, now: datetime, actor: Actor, *,
    ticket: int | None = None, kind: str = "refund",
) -> list[Freeze]:  # fmt: skip
    """Lifts every freeze of this shop, or of this channel (`kind` collection), or those of one ticket alone; [] when there is none."""
    lifted = []
    for each in stores.freezes.active(kind, subject, merchant_id, now):
        if ticket not in (None, each.ticket):
            continue
        done = replace(each, lifted_at=now, lifted_by=actor.id, why=why)
        if not stores.freezes.lift(done):
            continue  # another replica has, this moment, and tells of it
        lifted.append(done)
        if each.ticket is not None:
            stores.deadlines.disarm(merchant_id, each.ticket, f"unfreeze:{each.id}")
            if kind == "refund":
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
    if freeze.kind == "collection":
        event = Event("channel.unfrozen", {"channel_id": freeze.subject, "why": freeze.why or "its time is over"})
    else:
        event = Event("shop.refund_unfrozen", {"shop_id": freeze.subject, "why": freeze.why or "the day is over"})
    if ticket is None:
        declare(stores, house, freeze.merchant_id, event.type, freeze.id, _about(freeze, actor, freeze.why), now)
        return
    log(stores, ticket, [event], now, actor)
    publish(stores, house, ticket, [event], now, cause=f"{event.type}:{freeze.id}")


def _about(freeze: Freeze, actor: Actor, why: str | None) -> dict[str, object]:
    return {"channel_id": freeze.subject, "until": moment(freeze.until), "reason": freeze.reason, "why": why, "agent": actor.id}
