"""Payments, refunds and shops' orders, as they are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot import originals
from bot.happenings.casing import refunded
from bot.happenings.outcome import At, Done, Later, Waits, further
from bot.happenings.placing import LONGEST, Place, place
from bot.house import House
from bot.messages import ToldOrder, ToldPayment, ToldRefund
from bot.paid import ALIAS, Payment
from bot.privacy import mask_buyer
from bot.records import Order
from bot.stores import Stores
from bot.views import moment

EVENT = "event"  # who an order's facts are from, where no system has put it


def told_payment(stores: Stores, house: House, at: At, fact: ToldPayment, now: datetime) -> Done | Waits:
    """A payment moves forward; once it is paid there is an order."""
    before = stores.payments.get(at.merchant_id, at.provider, fact.payment_id)
    if before is not None and before.rank and not further(before.rank, before.told_at, fact.rank, fact.at):
        return Done(why="event.older")
    there = place(stores, at, fact.payment_id, fact.reference)
    if there is None:
        return _nowhere(fact.payment_id, fact.reference)
    after = _moved(before or _new(at, there, fact.payment_id, fact.reference), fact, there)
    stores.payments.put(after)
    if fact.paid and there.order is None:
        _enter(stores, house, after, dict(fact.buyer), now)
    if before is None:
        stores.happenings.wake(at.merchant_id, [each for each in (fact.payment_id, fact.reference) if each], now)
    return Done()


def told_refund(stores: Stores, house: House, at: At, fact: ToldRefund, now: datetime) -> Done | Waits | Later:
    """A refund of a payment, as it was told last; its bank may still send back what went through. One that goes through ends its case."""
    before = stores.payments.get(at.merchant_id, at.provider, fact.payment_id)
    there = place(stores, at, fact.payment_id, None)
    if there is None:
        return _nowhere(fact.payment_id, None)
    payment = before or _new(at, there, fact.payment_id, None)
    known = payment.refunds.get(fact.refund_id)
    ranks = {"pending": 1, "succeeded": 2, "failed": 2}
    if known is not None and not further(ranks[known["status"]], _at(known.get("at")), ranks[fact.status], fact.at):
        return Done(why="event.older")
    told = {"status": fact.status, "amount": fact.amount, "currency": fact.currency, "at": moment(fact.at), "reason": fact.reason}
    refunds = {**payment.refunds, fact.refund_id: told}
    stores.payments.put(replace(payment, refunds=refunds, version=payment.version + 1 if before else 1))
    return refunded(stores, house, at, fact, now) if fact.status == "succeeded" else Done()


def told_order(stores: Stores, house: House, at: At, fact: ToldOrder, now: datetime) -> Done | Waits:
    """A shop's order enters with the operator's payment of it, and waits until that is known."""
    if at.shop_id is None:
        return Waits("event.no_shop")
    paid = [each for each in _payments(stores, at, fact) if each.provider in house.settings.provider]
    if not paid:
        return Waits("event.not_paid", (*fact.keys, *fact.called))
    first = max(paid, key=lambda each: (each.paid_at is not None, each.rank))
    before = stores.orders.get(at.shop_id, fact.order_no, at.merchant_id)
    if before is not None and (told := _at(before.payment.get("told_at"))) is not None and fact.at is not None and fact.at < told:
        return Done(why="event.older")
    for payment in paid:
        _bring(stores, payment, at.shop_id, fact.order_no)
    if before is None or before.payment.get("source") == EVENT:
        channel = first.channel_id or at.channel_id
        doc = {**_payment_doc(replace(first, channel_id=channel)), "told_at": moment(fact.at)}
        money = (fact.amount, fact.currency)
        stores.orders.put(_order(stores, house, at.merchant_id, at.shop_id, fact.order_no, money, doc, dict(fact.buyer), now))
    for name in fact.called:  # by which the shop's own disputes name it
        if name.isdigit() and stores.payments.get(at.merchant_id, at.provider, name) is None:
            stores.payments.put(Payment(at.merchant_id, at.provider, name, at.shop_id, fact.order_no, status=ALIAS))
    stores.happenings.wake(at.merchant_id, fact.called, now)
    return Done()


def _payments(stores: Stores, at: At, fact: ToldOrder) -> list[Payment]:
    """By its own id; or by the name that the shop gave it, where it is as much and in the same currency."""
    found = [each for each in stores.payments.some(at.merchant_id, fact.keys) if each.status != ALIAS]
    called = [each for each in stores.payments.called(at.merchant_id, fact.called) if each.paid_at is not None]
    same = [each for each in called if each.currency == fact.currency and each.amount and Decimal(each.amount) == Decimal(fact.amount)]
    return found or [each for each in same if each.shop_id == at.shop_id or _loose(stores, each)]


def _loose(stores: Stores, payment: Payment) -> bool:
    """Whether no system has said which order it is of."""
    order = stores.orders.get(payment.shop_id, payment.order_no, payment.merchant_id)
    return order is None or order.payment.get("source") == EVENT


def _bring(stores: Stores, payment: Payment, shop_id: str, order_no: str) -> None:
    """To the shop's order; the one that was made of the payment alone goes, unless somebody works on it."""
    if (payment.shop_id, payment.order_no) == (shop_id, order_no):
        return
    earlier = stores.orders.get(payment.shop_id, payment.order_no, payment.merchant_id)
    if earlier is not None and earlier.payment.get("source") != EVENT:
        return
    stores.payments.put(replace(payment, shop_id=shop_id, order_no=order_no, version=payment.version + 1))
    if earlier is not None and not stores.tickets.of_order(earlier.shop_id, earlier.order_no):
        stores.orders.remove(earlier)


def _nowhere(payment_id: str, reference: str | None) -> Waits:
    return Waits("event.no_order", tuple(each for each in (payment_id, reference) if each), {"payment": payment_id})


def _new(at: At, there: Place, payment_id: str, reference: str | None) -> Payment:
    number = there.order_no or (reference or payment_id)[:LONGEST]
    return Payment(at.merchant_id, at.provider, payment_id, there.shop_id, number, there.channel_id, version=0)


def _moved(payment: Payment, fact: ToldPayment, there: Place) -> Payment:
    given: dict[str, Any] = {
        "amount": fact.amount, "currency": fact.currency, "captured": fact.captured, "reference": fact.reference,
        "sub_merchant_id": fact.sub_merchant_id, "method": dict(fact.method) or None, "told_at": fact.at,
        "channel_id": payment.channel_id or there.channel_id, "paid_at": (payment.paid_at or fact.at) if fact.paid else None,
    }  # fmt: skip
    news = {name: value for name, value in given.items() if value is not None}
    return replace(payment, status=fact.status, rank=fact.rank, version=payment.version + 1, **news)


def _enter(stores: Stores, house: House, payment: Payment, buyer: dict[str, str], now: datetime) -> None:
    """Unless a system puts it at this very moment: what that says holds."""
    total = (payment.captured or payment.amount or "0", payment.currency or "")
    doc = _payment_doc(payment)
    stores.orders.add([_order(stores, house, payment.merchant_id, payment.shop_id, payment.order_no, total, doc, buyer, now)])


def _payment_doc(payment: Payment) -> dict[str, Any]:
    return {
        "provider": payment.provider, "channel_id": payment.channel_id, "transaction_id": payment.payment_id,
        "sub_merchant_id": payment.sub_merchant_id, "paid_at": moment(payment.paid_at), "source": EVENT,
    }  # fmt: skip


def _order(
    stores: Stores, house: House, merchant_id: str, shop_id: str, order_no: str, total: tuple[str, str], payment: Mapping[str, Any],
    buyer: dict[str, str], now: datetime,
) -> Order:  # fmt: skip
    sealed = originals.seal_buyer(stores, house, merchant_id, buyer, f"orders|buyer|{shop_id}/{order_no}")
    originals.told_of(stores, house, merchant_id, f"orders/{shop_id}/{order_no}", buyer)
    money = {"amount": total[0], "currency": total[1]}
    return Order(merchant_id, shop_id, order_no, money, payment, mask_buyer(buyer), sealed, now)


def _at(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
