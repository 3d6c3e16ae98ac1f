"""Orders."""

from __future__ import annotations

import json
from datetime import datetime

from bot import views
from bot.errors import NotFound, Refused
from bot.house import House
from bot.messages import Doc, Put
from bot.privacy import mask_buyer
from bot.records import Order
from bot.stores import Stores


def _put_order(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    shop_id, _, order_no = change.id.partition("/")
    shop = stores.merchants.shop(shop_id, change.within)
    if shop is None:
        raise NotFound("no_shop", shop=shop_id)
    payment = change.doc["payment"]
    if payment["provider"] not in house.settings.provider:
        known = ", ".join(house.settings.provider)
        raise Refused(
            "order_not_paid_via_provider", code="order_not_paid_via_provider", field="payment.provider",
            paid_by=payment["provider"], provider=known,
        )  # fmt: skip
    buyer = {name: value for name, value in (change.doc.get("buyer") or {}).items() if value}
    sealed = house.vault.seal(json.dumps(buyer).encode(), f"orders|buyer|{shop.id}/{order_no}") if buyer else None
    order = Order(shop.merchant_id, shop.id, order_no, change.doc["total"], payment, mask_buyer(buyer), sealed, now)
    stores.orders.put(order)
    return views.order_doc(order, list(stores.tickets.of_order(shop.id, order_no)))


PUTS = {"orders": _put_order}
