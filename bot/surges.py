"""Opens a review when a shop has far more tickets today than it is used to, once per shop and day; and closes it with a decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.announce import Actor, log, notify, publish
from bot.errors import BadUsage, WrongState
from bot.house import House, new_id
from bot.messages import Address
from bot.records import Merchant, Shop
from bot.risk import Review, surges
from bot.risk.rules import DAYS, mean
from bot.stores import Stores
from bot.ticket import Event, Ticket
from bot.views import review_doc

DECISIONS = ("confirm", "dismiss")
KIND = "review"


def day(at: datetime, merchant: Merchant) -> date:
    """Of that moment, in the merchant's zone."""
    return at.astimezone(ZoneInfo(merchant.timezone)).date()


def look(stores: Stores, house: House, tickets: Sequence[Ticket], shop: Shop, merchant: Merchant, now: datetime) -> Review | None:
    """Counts these tickets of one shop, one after the other; the review that one of them opened, if it was the one too many.

    The last thing of its unit of work: other tickets of the shop's day wait from here to its end.
    """
    today = day(now, merchant)
    last = stores.risk.count(merchant.id, shop.id, today.isoformat(), len(tickets))
    if last < house.settings.risk_surge_min:
        return None
    past = _past(stores, shop, merchant, today)
    for count, ticket in enumerate(tickets, last - len(tickets) + 1):
        if surges(count, past, house.settings.risk_surge, house.settings.risk_surge_min):
            return _opened(stores, house, ticket, count, past, today, now)
    return None


def _opened(stores: Stores, house: House, ticket: Ticket, count: int, past: list[int], today: date, now: datetime) -> Review | None:
    id = new_id("rev")[: len("rev_") + 8]  # short enough to be typed
    review = Review(id, ticket.merchant_id, ticket.shop_id, today.isoformat(), count, mean(past), ticket.number, now)
    if not stores.risk.open_review(review):
        return None
    _tell(stores, house, ticket, review, now)
    return review


def counted(stores: Stores, tickets: Iterable[Ticket], merchants: Mapping[str, Merchant], now: datetime) -> None:
    """Tickets that came in from a file belong to a shop's habit, each on its own day. They open nothing: they have happened already."""
    since = now - timedelta(days=DAYS + 2)  # in whichever zone
    recent = [each for each in tickets if each.created_at >= since]
    days = Counter((each.merchant_id, each.shop_id, day(each.created_at, merchants[each.merchant_id]).isoformat()) for each in recent)
    for (merchant_id, shop_id, of), many in sorted(days.items()):
        stores.risk.count(merchant_id, shop_id, of, many)


def decide(stores: Stores, house: House, review: Review, decision: str, reason: str, actor: Actor, now: datetime) -> Review:
    """Raises BadUsage for a decision that is none, WrongState where somebody was faster."""
    if decision not in DECISIONS:
        raise BadUsage("bad_decision", field="decision", known=", ".join(DECISIONS))
    done = replace(review, decision=decision, decided_by=actor.id, decided_at=now, reason=reason)
    if not stores.risk.decide(done):
        raise WrongState("review_decided", review=review.id)
    ticket = stores.tickets.get(review.ticket, review.merchant_id)
    if ticket is not None:
        event = Event("risk.review_closed", {"review": review_doc(done)})
        log(stores, ticket, [event], now, actor)
        publish(stores, house, ticket, [event], now, cause=f"risk.review_closed:{review.id}")
        stores.outbox.touch([(ticket.merchant_id, ticket.number)], house.editing, now)
    return done


def _past(stores: Stores, shop: Shop, merchant: Merchant, today: date) -> list[int]:
    """Each full day before today, from when there was a shop: it was put, or had a ticket by then."""
    days = [(today - timedelta(days=back)).isoformat() for back in range(DAYS, 0, -1)]
    counted = stores.risk.days(shop.merchant_id, shop.id, days)
    begun = day(shop.created_at, merchant).isoformat() if shop.created_at is not None else days[0]
    first = min([begun, *counted])
    return [counted.get(each, 0) for each in days if each >= first]


def _tell(stores: Stores, house: House, ticket: Ticket, review: Review, now: datetime) -> None:
    """Everyone for risk on every link, each in their language; administrators where there is none."""
    told = Event("risk.review_opened", {"review": review_doc(review)})
    log(stores, ticket, [told], now, Actor())
    publish(stores, house, ticket, [told], now, cause=f"risk.review_opened:{review.id}")
    payload: dict[str, Any] = {"card": True, "review": review.id}
    there: dict[Address, str] = {}
    for people in (stores.people.risk(), stores.people.admins(review.merchant_id)):
        there = {address: person.id for person in people if person.merchant_id is None for address in house.person(stores, person)}
        if there:
            break
    for address, person in there.items():
        notify(stores, ticket, f"review:{review.id}", KIND, [address], {**payload, "person": person}, now)
    if not there:
        notify(stores, ticket, f"review:{review.id}", KIND, house.deployment(), payload, now)
