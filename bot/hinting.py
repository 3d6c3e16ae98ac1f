"""Works out what is risky about a ticket, when it opens and when something about it changes; what is new is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import evidence, originals
from bot.announce import SYSTEM, commit
from bot.house import House
from bot.records import Merchant, Order, Shop
from bot.risk import Sighting, hints, network
from bot.risk.hints import Hint, Known
from bot.risk.threats import threats
from bot.stores import Stores
from bot.ticket import DISPUTES, Change, Event, Ticket
from bot.wording import say

RAISED = "risk.hint_raised"


def look(
    stores: Stores, house: House, ticket: Ticket, shop: Shop, merchant: Merchant, order: Order | None, now: datetime
) -> tuple[Ticket, list[Event]]:
    """A ticket that is about to open, with its hints, and the event that tells of them. Its buyer is noted for those to come."""
    tokens, card = _tokens(stores, house, ticket), _card(stores, house, order)
    earlier = stores.risk.seen(ticket.merchant_id, tokens, now - hints.BACK) if tokens else ()
    dispute = ticket.category.label in DISPUTES
    stores.risk.saw([Sighting(ticket.merchant_id, each, ticket.number, now, dispute, card) for each in tokens])
    usual = stores.risk.amounts(shop.merchant_id, shop.id) if order is not None else ()
    since = max((at for at in (shop.created_at, merchant.enabled_at) if at is not None), default=None)
    known = Known(earlier, order.total if order is not None else None, usual, since, card)
    found = hints.of(ticket, threats(ticket.subject, ticket.message), known, evidence.due(ticket), now)
    return _with(ticket, found)


def again(stores: Stores, house: House, ticket: Ticket, now: datetime, *said: str) -> Ticket:
    """After something changed, or the buyer said this: what is new is added and told; what was found stays found."""
    found = hints.of(ticket, threats(*said), Known(), evidence.due(ticket), now)
    after, events = _with(ticket, found)
    return commit(stores, house, ticket, Change(after, tuple(events)), now, SYSTEM) if events else ticket


def _with(ticket: Ticket, found: Sequence[Hint]) -> tuple[Ticket, list[Event]]:
    levels = {each["hint"]: each["level"] for each in ticket.risk.get("hints", ())}
    fresh = [each for each in found if hints.LEVELS.index(levels.get(each.kind, "none")) < hints.LEVELS.index(each.level)]
    if not fresh:
        return ticket, []
    docs = [_doc(each) for each in fresh]
    kept = [each for each in ticket.risk.get("hints", ()) if each["hint"] not in {doc["hint"] for doc in docs}]
    level = hints.level(each["level"] for each in (*kept, *docs))
    after = replace(ticket, risk={"level": level, "hints": [*kept, *docs]})
    return after, [Event(RAISED, {"level": level, "hints": docs})]


def _doc(hint: Hint) -> dict[str, Any]:
    said = {locale: say(f"hint.{hint.kind}", locale, **_params(hint.evidence)) for locale in ("en", "zh")}
    return {"hint": hint.kind, "level": hint.level, "evidence": dict(hint.evidence), **said}


def _params(evidence: Mapping[str, Any]) -> dict[str, object]:
    shown = dict(evidence)
    if "due_at" in shown:
        shown["due"] = f"{datetime.fromisoformat(str(shown['due_at'])):%Y-%m-%d %H:%M} UTC"
    return shown


def _tokens(stores: Stores, house: House, ticket: Ticket) -> list[str]:
    """What stands for the buyer: keyed, so that nobody reads an address or a number out of it."""
    if ticket.buyer_sealed is None:
        return []
    buyer = originals.buyer_of(stores, house, ticket)
    digits = "".join(each for each in str(buyer.get("phone") or "") if each.isdigit())
    known = {"email": str(buyer.get("email") or "").strip().casefold(), "phone": digits, "ip": network(str(buyer.get("ip") or ""))}
    return [house.vault.token(f"{name}|{value}", f"sightings|token|{ticket.merchant_id}") for name, value in known.items() if value]


def _card(stores: Stores, house: House, order: Order | None) -> str | None:
    """The card that the order was paid with, where its institution told which."""
    if order is None:
        return None
    for each in stores.payments.of_orders([order]).get((order.shop_id, order.order_no), ()):
        if each.method.get("last4"):
            parts = "|".join(str(each.method.get(name) or "") for name in ("brand", "bin", "last4"))
            return house.vault.token(parts, f"sightings|card|{order.merchant_id}")
    return None
