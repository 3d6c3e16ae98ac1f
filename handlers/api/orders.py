"""Orders: put, read, list."""

from __future__ import annotations

from handlers.api.fields import Answer, Email, Id, Ip, LanguageTag, Listing, Model, Moment, Money, Name, Phone, Reference
from handlers.api.route import Route
from handlers.api.usual import get, listed, put


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
    buyer: dict[str, str]
    tickets: list[TicketOfOrder]


_ONE = "/v1/orders/{shop_id}/{order_no}"
ROUTES = (
    Route(
        "PUT", _ONE, "Create or replace an order", put("orders"), "orders:write", body=Order, answer=OrderAnswer,
        refusals=("order_not_paid_via_provider",),
    ),
    Route("GET", _ONE, "Read an order and its tickets", get("orders"), "orders:read", answer=OrderAnswer),
    Route("GET", "/v1/orders", "List orders", listed("orders"), "orders:read", query=Listing, answer=OrderAnswer, many=True),
)  # fmt: skip
