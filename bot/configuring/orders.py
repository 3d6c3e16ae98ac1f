"""Orders."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import originals, views
from bot.errors import NotFound, Refused
from bot.house import House
from bot.messages import Doc, Put
from bot.paid import Payment
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
    sealed = originals.seal_buyer(stores, house, shop.merchant_id, buyer, f"orders|buyer|{shop.id}/{order_no}")
    originals.told_of(stores, house, shop.merchant_id, f"orders/{shop.id}/{order_no}", buyer)
    order = Order(shop.merchant_id, shop.id, order_no, change.doc["total"], payment, mask_buyer(buyer), sealed, now)
    stores.orders.put(order)
    _paid(stores, order)
    stores.happenings.wake(order.merchant_id, (payment["transaction_id"], order_no), now)
    return views.order_doc(order, list(stores.tickets.of_order(shop.id, order_no)), stores.payments.of_orders([order]))


def _paid(stores: Stores, order: Order) -> None:
    """The payment is this order's from now on; others that it has had stay."""
    told, id = order.payment, order.payment["transaction_id"]
    known = stores.payments.get(order.merchant_id, told["provider"], id)
    if known is None:
        new = Payment(order.merchant_id, told["provider"], id, order.shop_id, order.order_no, told["channel_id"], version=0)
        known = replace(new, sub_merchant_id=told.get("sub_merchant_id"), paid_at=datetime.fromisoformat(told["paid_at"]))
    elif (known.shop_id, known.order_no) == (order.shop_id, order.order_no):
        return
    here = {"shop_id": order.shop_id, "order_no": order.order_no, "channel_id": told["channel_id"]}
    stores.payments.put(replace(known, **here, version=known.version + 1))


PUTS = {"orders": _put_order}
