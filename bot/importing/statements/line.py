"""One line of a statement, and from a row's cells to it. Amounts are decimal numbers, never floats."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from decimal import Context, Decimal
from typing import Any

from bot.errors import BadUsage
from bot.importing import fields as cells
from bot.importing.rows import Row
from bot.importing.statements import columns
from bot.jobs import Bad, RowError

_AMOUNT = re.compile(r"([-+]?)(?:[A-Z]{0,3}[$¥€£₩฿₱₫] ?)?([-+]?)([0-9]{1,15}|[0-9]{1,3}(?:,[0-9]{3}){1,4})(\.[0-9]{1,8})?")
_PAINT = " \t`'\u200b\ufeff"  # what some systems put around numbers so that a spreadsheet leaves them alone
EXACT = Context(prec=100)  # digits: more than any amount times any rate has, or a million of them together
_AMOUNTS = ("gross", "fee", "net", "rate")


@dataclass(frozen=True, slots=True)
class Line:
    """`type`: payment, refund, fee, other. `gross` and `fee` are never below zero; `net` may be. `rate`: units that one of the order's
    currency is worth. `place` is what it is about: a transaction (`t:`), an order (`o:`), or itself (`r:`)."""

    row: int
    place: str
    type: str
    gross: Decimal
    currency: str
    transaction_id: str | None = None
    order_no: str | None = None
    refund_id: str | None = None
    line_id: str | None = None
    fee: Decimal | None = None
    net: Decimal | None = None
    rate: Decimal | None = None
    settlement_currency: str | None = None
    settled_at: str | None = None
    shop_id: str | None = None

    @property
    def identity(self) -> str:
        """What tells it from every other line, in whatever file it comes: the same line in the next statement is the same."""
        said = (self.type, self.transaction_id, self.order_no, self.refund_id, self.line_id, plain(self.gross), self.currency)
        return "|".join(str(each or "") for each in (*said, self.settled_at))


def plain(amount: Decimal) -> str:
    """12.30 and 12.3 are one amount; never with an exponent."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def kept(line: Line) -> dict[str, Any]:
    """As a document: what is empty left out, amounts as they were written."""
    found = {name: value for name, value in asdict(line).items() if value is not None and name not in ("row", "place")}
    return {name: f"{value:f}" if isinstance(value, Decimal) else value for name, value in found.items()}


def again(place: str, row: int, doc: Mapping[str, Any]) -> Line:
    """The line that `kept` was given."""
    known = {field.name for field in fields(Line)}
    given: dict[str, Any] = {name: Decimal(value) if name in _AMOUNTS else value for name, value in doc.items() if name in known}
    return Line(row, place, **given)


def line(row: Row) -> Line | RowError | None:
    """None: a total or a remark that stands among the lines."""
    try:
        if row.bad is not None:
            raise row.bad
        found = columns.fields(row.cells) if not row.text else _meant(row.cells)
        given = {field: row.cells[name] for name, field in found.items()}
        return None if _is_total(row.cells, given) else _line(row.number, given)
    except BadUsage as wrong:  # a row of JSON Lines has its own columns
        return Bad(wrong.field or "", wrong.key, **wrong.params).at(row.number)
    except Bad as bad:
        return bad.at(row.number)


def _meant(given: Mapping[str, Any]) -> dict[str, str]:
    """The file's columns are checked once, in its header; here some cells are empty."""
    return {name: field for name in given if (field := columns.meant(name)) is not None}


def _is_total(row: Mapping[str, Any], given: Mapping[str, Any]) -> bool:
    first = str(next(iter(row.values()), "")).strip(_PAINT).lower()
    return first.startswith("#") or (first.rstrip(":： ") in columns.TOTALS and not {"type", "currency"} <= given.keys())


def _line(number: int, given: Mapping[str, Any]) -> Line:
    named = {name: _reference(given, name) for name in ("transaction_id", "order_no", "refund_id", "line_id")}
    type = _type(given)
    gross, fee, net = (_decimal(given, name) for name in ("gross", "fee", "net"))
    if gross is None:
        if type != "fee" or fee is None:
            raise Bad("gross", "cell_missing")
        gross = fee
    if type is None:
        type = "refund" if gross < 0 else "payment"
    if type == "payment" and gross < 0:
        raise Bad("gross", "statement_negative", value=plain(gross))
    if type in ("payment", "refund") and named["transaction_id"] is None and named["order_no"] is None:
        raise Bad("transaction_id", "cell_missing")
    rate = _decimal(given, "exchange_rate")
    if rate is not None and rate <= 0:
        raise Bad("exchange_rate", "cell_not_amount", value=plain(rate))
    currency, at = cells.currency(given, "currency"), cells.moment(given, "settled_at")
    if currency is None:
        raise Bad("currency", "cell_missing")
    place = f"t:{named['transaction_id']}" if named["transaction_id"] else f"o:{named['order_no']}" if named["order_no"] else f"r:{number}"
    return Line(
        number, place, type, abs(gross), currency, **named, fee=None if fee is None else abs(fee), net=net, rate=rate,
        settlement_currency=cells.currency(given, "settlement_currency"), settled_at=None if at is None else at.isoformat(),
        shop_id=cells.id(given, "shop_id"),
    )  # fmt: skip


def _type(given: Mapping[str, Any]) -> str | None:
    word = cells.line(given, "type", 80)
    if word is None:
        return None
    found = columns.kind(word.strip(_PAINT))
    if found is None:
        raise Bad("type", "statement_type", value=word, known=", ".join(f"{name} ({words[-1]})" for name, words in columns.TYPES.items()))
    return found


def _reference(given: Mapping[str, Any], name: str) -> str | None:
    value = cells.reference(given, name)
    return (value.strip(_PAINT) or None) if value is not None else None


def _decimal(given: Mapping[str, Any], name: str) -> Decimal | None:
    """As bookkeepers write: `1,234.50`, `-12`, `(12.00)`, `S$ 3`. JSON's own numbers are refused: they may have been rounded already."""
    value = cells.line(given, name, 60)
    if value is None:
        return None
    text = unicodedata.normalize("NFKC", value).strip(_PAINT)
    bracketed = text.startswith("(") and text.endswith(")")
    found = _AMOUNT.fullmatch(text[1:-1].strip() if bracketed else text)
    if found is None or (found[1] and found[2]):
        raise Bad(name, "cell_not_amount", value=value)
    amount = Decimal(found[3].replace(",", "") + (found[4] or ""))
    return -amount if bracketed or "-" in (found[1], found[2]) else amount
