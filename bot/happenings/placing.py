"""Which shop and order a payment belongs to: what is known of it, then the order that it paid or is called after, then the connection's."""

from __future__ import annotations

from dataclasses import dataclass

from bot.happenings.outcome import At
from bot.records import Order
from bot.stores import Stores

LONGEST = 64  # characters of an order's number


@dataclass(frozen=True, slots=True)
class Place:
    """`order` None: none is known by `order_no` yet."""

    shop_id: str
    order_no: str | None
    channel_id: str | None
    order: Order | None = None


def place(stores: Stores, at: At, payment_id: str | None, reference: str | None) -> Place | None:
    """None: it fits nothing. What a merchant calls an order is not unique: it counts only where one order alone is called so."""
    name = reference if at.shop else payment_id
    known = stores.payments.get(at.merchant_id, at.provider, name) if name else None
    if known is not None:
        order = stores.orders.get(known.shop_id, known.order_no, at.merchant_id)
        return Place(known.shop_id, known.order_no, known.channel_id or at.channel_id, order)
    orders = _own(stores.orders.paid_by([payment_id], at.merchant_id), at) if payment_id else []
    if not orders and reference:
        called = _own(stores.orders.called([reference], at.merchant_id), at)
        orders = called if len(called) == 1 else [each for each in called if each.shop_id == at.shop_id]
    if orders:
        order = orders[0]
        return Place(order.shop_id, order.order_no, order.payment.get("channel_id") or at.channel_id, order)
    if at.shop_id is None or at.shop:
        return None
    number = (reference or "")[:LONGEST] or None
    return Place(at.shop_id, number, at.channel_id, stores.orders.get(at.shop_id, number, at.merchant_id) if number else None)


def _own(orders: object, at: At) -> list[Order]:
    return [each for each in orders if each.payment.get("provider") == at.provider]  # type: ignore[attr-defined]
