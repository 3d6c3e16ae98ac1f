"""What is known here of one payment in a statement: the orders that it paid, and what its institution has told of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.paid import ALIAS, Payment
from bot.records import Order


@dataclass(frozen=True, slots=True)
class Ours:
    """`payment`: as its institution told it, where it did. `other`: the orders say that another transaction paid them."""

    orders: Sequence[Order] = ()
    payment: Payment | None = None
    other: bool = False

    @property
    def order(self) -> Order | None:
        """The first of them."""
        return self.orders[0] if self.orders else None

    @property
    def money(self) -> tuple[Decimal, str]:
        """How much it should be: what the institution told of this payment, else all that the orders come to."""
        payment = self.payment
        told = payment and (payment.captured or payment.amount)
        if payment is not None and payment.paid_at is not None and told and payment.currency:
            return Decimal(told), payment.currency
        total = sum((Decimal(each.total.get("amount") or "0") for each in self.orders), Decimal(0))
        return total, str(self.orders[0].total.get("currency") or "") if self.orders else ""

    @property
    def refunds(self) -> Mapping[str, Mapping[str, Any]]:
        """As they were told, by the institution's id."""
        return self.payment.refunds if self.payment is not None else {}


def told(payment: Payment) -> bool:
    """Whether its institution has told of it; else it is but a name for an order."""
    return payment.status not in ("", ALIAS)


def refunded(payment: Payment) -> dict[str, Mapping[str, Any]]:
    """The refunds that have succeeded, by id."""
    return {id: each for id, each in payment.refunds.items() if each.get("status") == "succeeded"}
