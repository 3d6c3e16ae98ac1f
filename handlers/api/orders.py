"""Orders: put, read, list."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.messages import Doc, FindOrders, OrderFilter, Page
from handlers.api.fields import (
    Answer,
    Currency,
    Email,
    Id,
    Ip,
    LanguageTag,
    Listing,
    Model,
    Moment,
    Money,
    Name,
    OrderNo,
    Phone,
    Reference,
    When,
)  # fmt: skip
from handlers.api.route import Call, Route
from handlers.api.usual import get, put
from handlers.api.words import Platform


class Buyer(Model):
    """Who bought, in the clear on the way in; masked wherever it comes out."""

    name: Name | None = None
    email: Email | None = None
    phone: Phone | None = None
    ip: Ip | None = None
    locale: LanguageTag | None = None


class Payment(Model):
    """How it was paid."""

    provider: Id
    channel_id: Reference
    transaction_id: Reference
    sub_merchant_id: Reference | None = None
    paid_at: Moment


class Order(Model):
    """An order as it is put."""

    total: Money
    payment: Payment
    buyer: Buyer | None = None


class TicketOfOrder(Answer):
    """A ticket about it, in short."""

    number: int
    state: str
    subject: str


class OrderAnswer(Answer):
    """An order with its tickets."""

    shop_id: str
    merchant_id: str
    order_no: str
    total: Money
    payment: dict[str, str | None]
    payments: list[dict[str, Any]]
    captured: str | None
    refunded: str | None
    buyer: dict[str, str]
    tickets: list[TicketOfOrder]


class OrderQuery(Listing):
    """Filters; all hold together."""

    merchant: Id | None = None
    shop: Id | None = None
    platform: Platform | None = None
    currency: Currency | None = None
    order_no: OrderNo | None = None
    transaction: Reference | None = None
    sub_merchant: Reference | None = None
    paid_from: When | None = None
    paid_to: When | None = None
    q: Reference | None = None


async def _find(call: Call) -> Page[Doc]:
    asked: OrderQuery = call.query
    if call.within is not None and asked.merchant not in (None, call.within):
        return Page(())  # another merchant is as good as unknown
    paid: tuple[datetime | None, datetime | None] = (asked.paid_from, asked.paid_to)  # type: ignore[assignment]
    wanted = OrderFilter(
        call.within or asked.merchant, asked.shop, asked.platform, asked.currency, asked.order_no, asked.transaction,
        asked.sub_merchant, *paid, asked.q,
    )  # fmt: skip
    found: Page[Doc] = await call.desk.ask(FindOrders(wanted, asked.limit, asked.cursor))
    return found


_ONE = "/v1/orders/{shop_id}/{order_no}"
ROUTES = (
    Route(
        "PUT", _ONE, "Create or replace an order", put("orders"), "orders:write", body=Order, answer=OrderAnswer,
        refusals=("order_not_paid_via_provider",),
    ),
    Route("GET", _ONE, "Read an order and its tickets", get("orders"), "orders:read", answer=OrderAnswer),
    Route(
        "GET", "/v1/orders", "Find orders", _find, "orders:read", query=OrderQuery, answer=OrderAnswer, many=True,
        notes="`q` is an order's number, its transaction or its sub-merchant, as it is.",
    ),
)  # fmt: skip
