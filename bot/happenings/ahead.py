"""What a batch of events will ask for, read at once: each by itself would ask the database five times."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from bot.messages import Told as Said
from bot.messages import ToldCase, ToldOrder, ToldPayment, ToldPrivacy, ToldRefund
from bot.paid import Happening
from bot.stores import Stores


def read_ahead(stores: Stores, said: Iterable[tuple[Happening, Said]]) -> None:
    """Cases and payments by their own ids, orders by what paid them and by what they are called."""
    cases: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    payments: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    called: defaultdict[str, set[str]] = defaultdict(set)
    for event, told in said:
        whose = event.merchant_id, event.kind
        for fact in told.facts:
            if isinstance(fact, ToldOrder | ToldPrivacy):
                continue  # a shop's: it looks for payments by other names, or for none
            if isinstance(fact, ToldCase):
                cases[whose].add(fact.case_id)
            if isinstance(fact, ToldRefund):
                cases[whose].add(fact.refund_id)
            payments[whose] |= {fact.payment_id} if fact.payment_id else set()
            if isinstance(fact, ToldPayment | ToldCase) and fact.reference:
                called[event.merchant_id].add(fact.reference)
    paid: defaultdict[str, set[str]] = defaultdict(set)
    for (merchant_id, provider), ids in sorted(payments.items()):
        stores.payments.read_ahead(merchant_id, provider, ids)
        paid[merchant_id] |= ids
    for (merchant_id, provider), ids in sorted(cases.items()):
        stores.cases.read_ahead(merchant_id, provider, ids)
    for merchant_id in sorted({*paid, *called}):
        stores.orders.read_ahead(merchant_id, paid[merchant_id], called[merchant_id])
