"""What a statement lacks: payments of the period that no statement has had, and refunds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.importing.statements.differences import Difference, missing, not_settled
from bot.importing.statements.options import Options
from bot.importing.statements.ours import Ours, refunded, told
from bot.messages import OrderFilter
from bot.paid import Payment
from bot.records import Order
from bot.stores import Stores

ORDERS = 200  # in one transaction
BACK = timedelta(days=120)  # so long before the period a payment may be that is given back in it


def look(stores: Stores, within: str | None, asked: Options, cursor: str | None) -> tuple[list[Difference], str | None]:
    """Of the next orders; and where to go on."""
    if asked.start is None:
        return [], None
    shop = asked.shop if within is None else None  # of a merchant all are looked through, whoever gets the other tickets
    wanted = OrderFilter(merchant=within, shop=shop, paid_from=asked.start - BACK, paid_to=asked.end)
    page = stores.orders.page(wanted, ORDERS, cursor)
    paid = stores.payments.of_orders(page.items)
    mine = [(order, [each for each in paid.get((order.shop_id, order.order_no), ()) if told(each)]) for order in page.items]
    there = _settled(stores, mine)
    found = [each for order, payments in mine for each in _lacking(order, payments, asked, there)]
    return found, page.next_cursor


def _settled(stores: Stores, mine: Sequence[tuple[Order, Sequence[Payment]]]) -> set[tuple[str, str]]:
    by_merchant: dict[str, list[str]] = {}
    for order, payments in mine:
        keys = by_merchant.setdefault(order.merchant_id, [])
        keys += [str(order.payment.get("transaction_id")), *(each.payment_id for each in payments)]
        keys += [refund_key(id) for each in payments for id in each.refunds]
    return {(merchant_id, key) for merchant_id, keys in by_merchant.items() for key in stores.statements.settled(merchant_id, keys)}


def refund_key(id: str) -> str:
    """What a refund is called among what has been settled."""
    return f"refund|{id}"


def _lacking(order: Order, payments: Sequence[Payment], asked: Options, there: set[tuple[str, str]]) -> list[Difference]:
    found, own = [], str(order.payment.get("transaction_id"))
    of_channel = asked.channel in (None, order.payment.get("channel_id"))
    first = next((each for each in payments if each.payment_id == own), None)
    if of_channel and _in(asked, _at(order.payment.get("paid_at"))) and (order.merchant_id, own) not in there:
        found.append(missing(Ours([order], first)))
    for each in payments:
        if asked.channel not in (None, each.channel_id):
            continue
        if each.payment_id != own and _in(asked, each.paid_at) and (order.merchant_id, each.payment_id) not in there:
            this = replace(order, payment={**order.payment, "transaction_id": each.payment_id})
            found.append(missing(Ours([this], each)))
        for id, refund in refunded(each).items():
            if _in(asked, _at(refund.get("at"))) and (order.merchant_id, refund_key(id)) not in there:
                found.append(not_settled(Ours([order], each), id))
    return found


def _in(asked: Options, at: datetime | None) -> bool:
    return at is not None and asked.start is not None and asked.end is not None and asked.start <= at < asked.end


def _at(text: object) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
