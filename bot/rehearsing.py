"""What the risk rules would have done over the days past, as they are or with other numbers: a dry run that changes nothing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.house import House
from bot.messages import Doc, Rehearse, TicketFilter
from bot.ports import Work
from bot.records import Shop
from bot.risk import Suspect, alike, surges
from bot.risk.rules import DAYS, mean
from bot.same_ip import origin_of
from bot.settings import Settings
from bot.stores import Stores
from bot.surges import day
from bot.ticket import DISPUTES, Ticket
from bot.views import moment

BATCH, MOST = 500, 100_000  # tickets in one read, and in all; the answer says whether that was all of them
SHOWN = 200  # of each rule


async def rehearse(work: Work, house: House, asked: Rehearse) -> Doc:
    """`asked.days` full days and today → `would_open` and `would_freeze` with `reviews` and `freezes`, SHOWN of each; by tickets as they
    are now. `complete` false: there are more tickets than were looked at, the newest first."""
    now = house.clock.now()
    begin = now - timedelta(days=asked.days)
    given = {name: getattr(asked, name) for name in ("risk_surge", "risk_surge_min", "risk_ip_disputes", "risk_ip_window")}
    settings = replace(house.settings, **{name: value for name, value in given.items() if value is not None})
    found, complete = await _tickets(work, asked.within, begin - timedelta(days=DAYS + 1))
    reviews = await work.read(lambda stores: _reviews(stores, settings, found, begin))
    freezes = await work.read(lambda stores: _freezes(stores, house, settings, found, begin))
    return {
        "from": moment(begin), "to": moment(now), "looked_at": len(found), "complete": complete, "would_open": len(reviews),
        "would_freeze": len(freezes), "reviews": reviews[-SHOWN:], "freezes": freezes[-SHOWN:],
    }  # fmt: skip


async def _tickets(work: Work, within: str | None, since: datetime) -> tuple[list[Ticket], bool]:
    """The oldest first. Those that came in from files have high numbers and old days: it ends where a whole read is older."""
    found: list[Ticket] = []
    cursor: str | None = None
    while len(found) < MOST:
        page = await work.read(lambda stores: stores.tickets.page(TicketFilter(merchant=within), BATCH, cursor))  # noqa: B023
        fresh = [each for each in page.items if each.created_at >= since]
        found += fresh
        cursor = page.next_cursor
        if cursor is None or not fresh:
            return sorted(found, key=lambda each: (each.created_at, each.number)), True
    return sorted(found, key=lambda each: (each.created_at, each.number)), False


def _reviews(stores: Stores, settings: Settings, tickets: Sequence[Ticket], begin: datetime) -> list[Doc]:
    merchants = stores.merchants.many({each.merchant_id for each in tickets})
    days = Counter((each.merchant_id, each.shop_id, day(each.created_at, merchants[each.merchant_id])) for each in tickets)
    shops = {id: stores.merchants.shop(id, merchant) for merchant, id, _ in days}
    found = []
    for (merchant_id, shop_id, of), count in sorted(days.items(), key=lambda each: (each[0][2], each[0])):
        merchant, shop = merchants[merchant_id], shops[shop_id]
        if of < day(begin, merchant) or shop is None:
            continue
        begun = _begun(shop, [each for owner, its, each in days if (owner, its) == (merchant_id, shop_id)], merchant)
        past = [days[merchant_id, shop_id, each] for back in range(DAYS, 0, -1) if (each := of - timedelta(days=back)) >= begun]
        if surges(count, past, settings.risk_surge, settings.risk_surge_min):
            found.append({
                "merchant_id": merchant_id, "shop_id": shop_id, "day": of.isoformat(), "count": count, "mean": round(mean(past), 2),
            })  # fmt: skip
    return found


def _begun(shop: Shop, seen: Sequence[date], merchant: Any) -> date:
    made = day(shop.created_at, merchant) if shop.created_at is not None else date.min
    return min([made, *seen])


def _freezes(stores: Stores, house: House, settings: Settings, tickets: Sequence[Ticket], begin: datetime) -> list[Doc]:
    waiting: defaultdict[tuple[str, str], list[Suspect]] = defaultdict(list)
    found = []
    for ticket in tickets:
        if ticket.category.label not in DISPUTES or not ticket.order_no:
            continue
        origin = origin_of(stores, house, ticket)
        if origin is None:
            continue
        there, at = (ticket.merchant_id, origin), ticket.created_at
        near = [each for each in waiting[there] if each.at >= at - settings.risk_ip_window]
        near.append(Suspect(ticket.merchant_id, origin, ticket.number, ticket.shop_id, ticket.order_no, at))
        waiting[there] = near
        if alike(near, settings.risk_ip_disputes):
            waiting[there] = []
            if at >= begin:
                found.append(_freeze(stores, near, at))
    return found


def _freeze(stores: Stores, near: Sequence[Suspect], at: datetime) -> Doc:
    orders = [stores.orders.get(each.shop_id, each.order_no, each.merchant_id) for each in near]
    channels = {str(order.payment["channel_id"]): None for order in orders if order is not None and order.payment.get("channel_id")}
    return {
        "merchant_id": near[0].merchant_id, "at": moment(at), "channels": list(channels), "tickets": [f"T-{each.ticket}" for each in near],
    }  # fmt: skip
