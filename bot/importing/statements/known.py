"""What is known here of the payments in a batch of lines, read at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.importing.statements.line import Line
from bot.importing.statements.ours import Ours, told
from bot.jobs import Bad
from bot.paid import Payment
from bot.records import Order
from bot.stores import Stores


class Known:
    """One batch's."""

    def __init__(self, stores: Stores, within: str | None, lines: Sequence[Line]) -> None:
        self._stores, self._paid, self._told = stores, dict[str, list[Order]](), dict[str, list[Payment]]()
        ids = {each.transaction_id for each in lines if each.transaction_id}
        for order in stores.orders.paid_by(ids, within):
            self._paid.setdefault(str(order.payment.get("transaction_id")), []).append(order)
        for payment in stores.payments.known(ids, within):
            if told(payment):
                self._told.setdefault(payment.payment_id, []).append(payment)
        self._called: dict[str, list[Order]] = {}
        numbers = {each.order_no for each in lines if each.order_no and each.transaction_id not in self._paid}
        for order in stores.orders.called(numbers, within):
            self._called.setdefault(order.order_no, []).append(order)

    def of(self, place: str, lines: Sequence[Line]) -> Ours:
        """What one payment's lines are about. Raises Bad where they may mean several."""
        shops = {each.shop_id for each in lines if each.shop_id}
        id = lines[0].transaction_id or ""
        if self._paid.get(id) or self._told.get(id):
            return self._by_transaction(place, id, shops)
        numbers = Counter(each.order_no for each in lines if each.order_no)
        called = self._called.get(numbers.most_common(1)[0][0], []) if numbers else []
        called = [each for each in called if each.shop_id in shops] or called
        if len(called) > 1 and not id:
            raise Bad("shop_id", "statement_which", about=place[2:])
        # Of several the number says nothing; the transaction is what it goes by, and nobody knows it.
        return Ours(called, other=bool(id)) if len(called) == 1 else Ours()

    def _by_transaction(self, place: str, id: str, shops: set[str]) -> Ours:
        paid, payments = self._paid.get(id, []), self._told.get(id, [])
        owners = [(each.merchant_id, each.shop_id) for each in paid] + [(each.merchant_id, each.shop_id) for each in payments]
        merchants = {merchant for merchant, _ in owners}
        if len(merchants) > 1:
            merchants = {merchant for merchant, shop in owners if shop in shops}
            if len(merchants) != 1:
                raise Bad("shop_id", "statement_which", about=place[2:])
        paid = [each for each in paid if each.merchant_id in merchants]
        payment = next((each for each in payments if each.merchant_id in merchants), None)
        if not paid and payment is not None:
            order = self._stores.orders.get(payment.shop_id, payment.order_no, payment.merchant_id)
            paid = [order] if order is not None else []
        return Ours(paid, payment if paid else None)
