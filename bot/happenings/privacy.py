"""What a shop has to pass on of its buyers' wishes: erase a buyer, erase the shop, or say what is kept of a buyer."""

from __future__ import annotations

from datetime import datetime

from bot import erasing
from bot.administrators import telling
from bot.happenings.outcome import At, Done
from bot.house import House
from bot.messages import Erase, TellAdmins, ToldPrivacy
from bot.originals import token
from bot.stores import Stores

MOST = 100  # places that a notice names


def told_privacy(stores: Stores, house: House, at: At, fact: ToldPrivacy, now: datetime) -> Done:
    """Erased at once, but for what a hold or a dispute keeps back; or told to the administrators, who answer the buyer."""
    if fact.wants == "data":
        _tell(stores, house, at, fact, now)
        return Done()
    ground = f"{at.provider} {'shop' if fact.wants == 'shop' else 'customers'}/redact"
    if fact.wants == "shop":
        if at.shop_id is not None:
            erasing.begin(stores, house, Erase(at.merchant_id, ground, by=at.provider), "shop", at.shop_id, now)
        return Done()
    for email in (fact.email,) if fact.email else ():
        erasing.ask(stores, house, Erase(at.merchant_id, ground, email=email, by=at.provider), now)
    for phone in (fact.phone,) if fact.phone else ():
        erasing.ask(stores, house, Erase(at.merchant_id, ground, phone=phone, by=at.provider), now)
    for order_no in fact.orders:
        if stores.keeping.orders_called(at.merchant_id, order_no):
            erasing.ask(stores, house, Erase(at.merchant_id, ground, order_no=order_no, by=at.provider), now)
    return Done()


def _tell(stores: Stores, house: House, at: At, fact: ToldPrivacy, now: datetime) -> None:
    found = list[str]()
    for kind, value in (("email", fact.email), ("phone", fact.phone)):
        if value:
            found += stores.personal.about(at.merchant_id, token(house, at.merchant_id, kind, value), MOST)
    for order_no in fact.orders:
        found += [f"orders/{shop}/{order_no}" for shop in stores.keeping.orders_called(at.merchant_id, order_no)]
        found += [f"T-{each}" for each in stores.keeping.tickets_of(at.merchant_id, order_no, None, MOST)]
    places = ", ".join(dict.fromkeys(found)) or "-"
    params = {"kind": at.provider, "request": fact.request, "places": places[:2000]}
    cause = f"data_request:{at.provider}:{at.shop_id}:{fact.request}"
    stores.outbox.add(telling(stores, house, TellAdmins("data_request", cause, params, now, at.merchant_id), now))
