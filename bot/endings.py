"""When a ticket that is over closes or is archived by itself, and when a freeze ends with it: the deadlines of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.house import House
from bot.records import Deadline, Merchant
from bot.stores import Stores
from bot.ticket import Event, State, Ticket

AUTO, THAW = "auto", "thaw"
LEAD = timedelta(hours=24)  # it is announced so long before, or a quarter of the time before where that is less
SPEAKS = frozenset({"note", "ticket.replied", "ticket.message_added"})  # whoever says something has not done with it: it moves


def span(house: House, state: State) -> timedelta | None:
    """How long a ticket rests in this state before something comes of it by itself; None: it does not."""
    return {State.RESOLVED: house.settings.auto_close, State.CLOSED: house.settings.auto_archive}.get(state)


def lead(length: timedelta) -> timedelta:
    """How long before its moment it is announced."""
    return min(length / 4, LEAD)


def archives(merchant: Merchant | None) -> bool:
    """Whether this merchant's closed tickets are archived at all."""
    archive = (merchant.profile.get("archive") if merchant is not None else None) or {}
    return bool(archive.get("enabled", True))


def resting(stores: Stores, house: House, before: Ticket, after: Ticket, events: Sequence[Event], now: datetime) -> Ticket:
    """The ticket with its `auto_at`: new with its state, moved when somebody speaks, None while it is open."""
    length = span(house, after.state)
    if length is None:
        return replace(after, auto_at=None)
    if after.state is before.state and not any(each.type in SPEAKS for each in events):
        return after
    if after.state is State.CLOSED and not archives(stores.merchants.get(after.merchant_id)):
        return replace(after, auto_at=None)
    return replace(after, auto_at=now + length)


def arm(stores: Stores, house: House, before: Ticket, after: Ticket, now: datetime, hold: timedelta) -> None:
    """Sets the deadlines of a saved ticket. `hold`: how long its close can be taken back; a freeze that ends with it holds until then."""
    ends = after.state is State.CLOSED and before.state is not State.CLOSED and after.merged_into is None  # merged, it goes on elsewhere
    if ends and house.settings.unfreeze_on_close:
        stores.deadlines.arm([Deadline(after.merchant_id, after.number, THAW, now + hold)])
    if after.auto_at == before.auto_at:
        return
    length = span(house, after.state)
    if after.auto_at is None or length is None:
        stores.deadlines.disarm(after.merchant_id, after.number, AUTO)
    else:
        stores.deadlines.arm([Deadline(after.merchant_id, after.number, AUTO, after.auto_at - lead(length))])
