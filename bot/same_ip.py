"""Freezes collection channels when disputes of several orders come from one buyer's network within a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import originals
from bot.announce import SYSTEM, log, notify, publish
from bot.freezing import for_ticket
from bot.house import House
from bot.records import Freeze, Merchant
from bot.risk import Suspect, alike, network
from bot.stores import Stores
from bot.ticket import DISPUTES, Event, Ticket
from bot.views import moment

REASON = "risk_same_ip"


def look(stores: Stores, house: House, ticket: Ticket, merchant: Merchant, now: datetime) -> list[Freeze]:
    """Counts this ticket, if it is a dispute on an order and its buyer's address is known; what it froze."""
    if ticket.category.label not in DISPUTES or not ticket.order_no:
        return []
    origin = origin_of(stores, house, ticket)
    if origin is None:
        return []
    settings = house.settings
    stores.risk.suspect(Suspect(ticket.merchant_id, origin, ticket.number, ticket.shop_id, ticket.order_no, ticket.created_at))
    waiting = stores.risk.waiting(ticket.merchant_id, origin, now - settings.risk_ip_window)
    if not alike(waiting, settings.risk_ip_disputes):
        return []
    channels = _channels(stores, waiting)
    made = [for_ticket(stores, ticket, each, REASON, now, now + settings.risk_freeze) for each in channels]
    stores.risk.counted(waiting, made[0].id if made else f"none:{ticket.number}")
    _tell(stores, house, ticket, merchant, made, len(waiting), now)
    return made


def recategorised(stores: Stores, house: House, before: Ticket, after: Ticket, now: datetime) -> None:
    """What has become a dispute counts; what is none any more does not, unless it was counted already."""
    was, is_one = before.category.label in DISPUTES, after.category.label in DISPUTES
    if is_one and not was:
        merchant = stores.merchants.get(after.merchant_id)
        if merchant is not None:
            look(stores, house, after, merchant, now)
    elif was and not is_one and after.order_no:
        origin = origin_of(stores, house, after)
        if origin is not None:
            stores.risk.clear(after.merchant_id, origin, after.number)


def token(house: House, merchant_id: str, address: str) -> str | None:
    """What stands for a network among this merchant's disputes; None for what is no address."""
    found = network(address)
    return house.vault.token(found, f"suspects|origin|{merchant_id}") if found is not None else None


def origin_of(stores: Stores, house: House, ticket: Ticket) -> str | None:
    """What stands for its buyer's network. The address as it was given is opened here and goes nowhere."""
    if ticket.buyer_sealed is None or not ticket.buyer.get("ip"):
        return None
    buyer = originals.buyer_of(stores, house, ticket)
    return token(house, ticket.merchant_id, str(buyer.get("ip") or ""))


def _channels(stores: Stores, waiting: Sequence[Suspect]) -> list[str]:
    """The collection channels of these orders, each once."""
    found: dict[str, None] = {}
    for each in waiting:
        order = stores.orders.get(each.shop_id, each.order_no, each.merchant_id)
        channel = order.payment.get("channel_id") if order is not None else None
        if channel:
            found[str(channel)] = None
    return list(found)


def _tell(stores: Stores, house: House, ticket: Ticket, merchant: Merchant, made: list[Freeze], many: int, now: datetime) -> None:
    if not made:
        return
    until = moment(made[0].until)
    events = [Event("channel.frozen", {"channel_id": each.subject, "until": until, "reason": REASON}) for each in made]
    log(stores, ticket, events, now, SYSTEM)
    publish(stores, house, ticket, events, now, cause=f"channel.frozen:{made[0].id}")
    payload = {"channels": [each.subject for each in made], "until": until, "disputes": many}
    cause = f"channel_frozen:{made[0].id}"
    notify(stores, ticket, cause, "channel_frozen", house.everywhere(merchant), payload, now)
    for person in stores.people.risk():
        there = house.person(stores, person)
        if there:
            notify(stores, ticket, cause, "channel_frozen", there, {**payload, "person": person.id}, now)
