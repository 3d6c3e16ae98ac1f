"""What differs between a payment's lines in a statement and the orders that it paid. Pure; decimal arithmetic only.

Amounts in one currency are compared to the last digit. Where a line is in another currency and says its rate, what the order comes to
in it may differ by the last digit and by the tolerance that the file was sent with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from bot.importing.statements.line import EXACT, Line, plain
from bot.records import Order

CAUSES = (
    "missing_in_ours", "other_transaction", "duplicate_line", "amount_differs", "currency_differs", "refund_exceeds", "net_differs",
    "missing_in_statement",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """`given` is what the statement says, `ours` what is known here: amounts with their currencies, or empty. `about` tells it from all
    others, in whatever file it comes again."""

    cause: str
    about: str
    given: str
    ours: str
    line: Line | None = None
    order: Order | None = None

    @property
    def place(self) -> str:
        """Its key."""
        return f"statement|{self.cause}|{hashlib.sha256(self.about.encode()).hexdigest()[:40]}"


def differences(lines: Sequence[Line], orders: Sequence[Order], tolerance: Decimal, *, other: bool = False) -> list[Difference]:
    """Of all lines of one payment (or order) and the orders that it paid. `other`: the orders say that another transaction paid them.

    `tolerance`: a share of 1.
    """
    with localcontext(EXACT):
        return _differences(lines, orders, tolerance, other)


def _differences(lines: Sequence[Line], orders: Sequence[Order], tolerance: Decimal, other: bool) -> list[Difference]:
    once, found = _once(lines)
    for line in once:
        found += _sum(line, tolerance)
    money = [line for line in once if line.type in ("payment", "refund")]
    if not orders or other:
        cause, order = ("other_transaction", orders[0]) if orders else ("missing_in_ours", None)
        ours = _money(_total(orders), _currency(order)) if order is not None else ""
        return found + [Difference(cause, line.identity, _money(line.gross, line.currency), ours, line, order) for line in money]
    for type in ("payment", "refund"):
        found += _amount([line for line in money if line.type == type], orders, tolerance)
    return found


def missing(order: Order) -> Difference:
    """Paid in the period, and in no statement."""
    about = f"{order.shop_id}|{order.payment.get('transaction_id') or order.order_no}"
    return Difference("missing_in_statement", about, "", _money(_total([order]), _currency(order)), order=order)


def _once(lines: Sequence[Line]) -> tuple[list[Line], list[Difference]]:
    """Each line once, and those that are there again."""
    first: dict[str, Line] = {}
    times: dict[str, int] = {}
    for line in lines:
        first.setdefault(line.identity, line)
        times[line.identity] = times.get(line.identity, 0) + 1
    twice = [(key, many) for key, many in times.items() if many > 1]
    return list(first.values()), [
        Difference("duplicate_line", key, f"{many} × {_money(first[key].gross, first[key].currency)}", "1 ×", first[key])
        for key, many in twice
    ]


def _sum(line: Line, tolerance: Decimal) -> list[Difference]:
    """Whether what it says of itself adds up: net is gross less the fee. Of a refund the fee may be given back or taken again."""
    if line.fee is None or line.net is None or line.type not in ("payment", "refund"):
        return []
    gross, allowed = line.gross, Decimal(0)
    if line.settlement_currency not in (None, line.currency):
        if line.rate is None:
            return []
        gross = line.gross * line.rate
        allowed = _allowed(gross, line.net, tolerance)
    signs = (1,) if line.type == "payment" else (1, -1)
    said = line.net if line.type == "payment" else abs(line.net)
    if any(abs(gross - sign * line.fee - said) <= allowed for sign in signs):
        return []
    currency = line.settlement_currency or line.currency
    shown = gross.quantize(Decimal(1).scaleb(_digits(line.net)))
    worked = f"{plain(shown)} − {plain(line.fee)} = {_money(shown - line.fee, currency)}"
    return [Difference("net_differs", line.identity, _money(line.net, currency), worked, line)]


def _amount(lines: Sequence[Line], orders: Sequence[Order], tolerance: Decimal) -> list[Difference]:
    """All payments together are what the orders come to; all refunds together no more than that."""
    if not lines:
        return []
    order, line = orders[0], lines[0]
    ours, currency = _total(orders), _currency(order)
    strange = [each for each in lines if each.currency != currency and each.rate is None]
    strange = strange or [each for each in lines if (each.currency, each.rate) != (line.currency, line.rate)]
    if strange:
        return [
            Difference("currency_differs", each.identity, _money(each.gross, each.currency), _money(ours, currency), each, order)
            for each in strange
        ]  # fmt: skip
    given, allowed, expected = sum((each.gross for each in lines), Decimal(0)), Decimal(0), ours
    if line.currency != currency and line.rate is not None:
        expected = ours * line.rate
        allowed = _allowed(expected, given, tolerance)
    off = given - expected
    if abs(off) <= allowed or (line.type == "refund" and off < 0):
        return []
    cause = "amount_differs" if line.type == "payment" else "refund_exceeds"
    told = _money(ours, currency)
    if expected != ours:
        told += f" × {plain(line.rate or Decimal(1))} = {_money(expected.quantize(Decimal(1).scaleb(_digits(given))), line.currency)}"
    about = "+".join(sorted(each.identity for each in lines))
    return [Difference(cause, about, _money(given, line.currency), told, line, order)]


def _allowed(expected: Decimal, given: Decimal, tolerance: Decimal) -> Decimal:
    """The tolerance's share, and the last digit that was given."""
    return abs(expected) * tolerance + Decimal(1).scaleb(_digits(given))


def _digits(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _total(orders: Iterable[Order]) -> Decimal:
    return sum((Decimal(each.total.get("amount") or "0") for each in orders), Decimal(0))


def _currency(order: Order) -> str:
    return str(order.total.get("currency") or "")


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:f} {currency}"
