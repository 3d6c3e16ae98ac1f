"""What differs between a payment's lines in a statement and what is known of it here. Pure; decimal arithmetic only.

Amounts in one currency are compared to the last digit. Where a line is in another currency and says its rate, what the order comes to
in it may differ by the last digit and by the tolerance that the file was sent with.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from bot.importing.statements.line import EXACT, Line, plain
from bot.importing.statements.ours import Ours
from bot.records import Order

CAUSES = (
    "missing_in_ours", "other_transaction", "duplicate_line", "amount_differs", "currency_differs", "refund_exceeds", "refund_unknown",
    "refund_differs", "net_differs", "missing_in_statement", "refund_not_settled",
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


def differences(lines: Sequence[Line], ours: Ours, tolerance: Decimal) -> list[Difference]:
    """Of all lines of one payment (or order) and what is known of it. `tolerance`: a share of 1."""
    with localcontext(EXACT):
        return _differences(lines, ours, tolerance)


def _differences(lines: Sequence[Line], ours: Ours, tolerance: Decimal) -> list[Difference]:
    once, found = _once(lines)
    for line in once:
        found += _sum(line, tolerance)
    money = [line for line in once if line.type in ("payment", "refund")]
    if ours.order is None or ours.other:
        cause, known = ("missing_in_ours", "") if ours.order is None else ("other_transaction", _money(*ours.money))
        return found + [_of(cause, line, known, ours) for line in money]
    found += _amount([line for line in money if line.type == "payment"], ours, tolerance)
    refunds = [line for line in money if line.type == "refund"]
    strange = _refunds(refunds, ours)
    return found + strange + ([] if strange else _amount(refunds, ours, tolerance))


def missing(ours: Ours) -> Difference:
    """Paid in the period, and in no statement."""
    order = ours.orders[0]
    about = f"{order.shop_id}|{order.payment.get('transaction_id') or order.order_no}"
    return Difference("missing_in_statement", about, "", _money(*ours.money), order=order)


def not_settled(ours: Ours, refund_id: str) -> Difference:
    """Given back in the period, and in no statement."""
    order, refund = ours.orders[0], ours.refunds[refund_id]
    told = _money(Decimal(refund.get("amount") or "0"), str(refund.get("currency") or ours.money[1]))
    return Difference("refund_not_settled", f"{order.shop_id}|{refund_id}", "", f"{refund_id}: {told}", order=order)


def of_refund(line: Line, ours: Ours) -> str | None:
    """The refund that a line is about: by its id, else the one that is as much."""
    if line.refund_id is not None:
        return line.refund_id if line.refund_id in ours.refunds else None
    same = [id for id, each in ours.refunds.items() if each.get("amount") and Decimal(each["amount"]) == line.gross]
    return same[0] if len(same) == 1 else None


def _refunds(lines: Sequence[Line], ours: Ours) -> list[Difference]:
    """Where the institution tells of refunds, each line's is one of them, as much, and has not failed."""
    found = []
    for line in lines:
        if line.refund_id is None or not ours.refunds:
            continue
        known = ours.refunds.get(line.refund_id)
        if known is None:
            found.append(_of("refund_unknown", line, "", ours))
            continue
        amount, currency = Decimal(known.get("amount") or line.gross), str(known.get("currency") or line.currency)
        if known.get("status") == "failed" or (line.currency == currency and amount != line.gross):
            found.append(_of("refund_differs", line, f"{_money(amount, currency)} ({known.get('status')})", ours))
    return found


def _of(cause: str, line: Line, known: str, ours: Ours) -> Difference:
    return Difference(cause, line.identity, _money(line.gross, line.currency), known, line, ours.order)


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


def _amount(lines: Sequence[Line], known: Ours, tolerance: Decimal) -> list[Difference]:
    """All payments together are what it should be; all refunds together no more than that."""
    if not lines:
        return []
    line, (ours, currency) = lines[0], known.money
    strange = [each for each in lines if each.currency != currency and each.rate is None]
    strange = strange or [each for each in lines if (each.currency, each.rate) != (line.currency, line.rate)]
    if strange:
        return [_of("currency_differs", each, _money(ours, currency), known) for each in strange]
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
    return [Difference(cause, about, _money(given, line.currency), told, line, known.order)]


def _allowed(expected: Decimal, given: Decimal, tolerance: Decimal) -> Decimal:
    """The tolerance's share, and the last digit that was given."""
    return abs(expected) * tolerance + Decimal(1).scaleb(_digits(given))


def _digits(amount: Decimal) -> int:
    exponent = amount.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _money(amount: Decimal, currency: str) -> str:
    return f"{amount:f} {currency}"
