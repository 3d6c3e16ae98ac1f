"""From a row's cells to a ticket or an order as it was given: checked as far as that goes without the database."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.importing import fields
from bot.importing.columns import is_order, need_known
from bot.importing.fields import Cells
from bot.importing.rows import Row
from bot.jobs import Bad, RowError
from bot.ticket import CATEGORIES, PRIORITIES, TARGETS, Category, State

MARK = "json:"  # before a custom field in a CSV cell that is no text, or is text that begins so
STATES = tuple(State)


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock as a file has it."""

    due_at: datetime | None = None
    met_at: datetime | None = None
    breached_at: datetime | None = None
    left: float | None = None


@dataclass(frozen=True, slots=True)
class GivenTicket:
    """A ticket's row. Moments without a zone are in the merchant's."""

    row: int
    shop_id: str
    merchant_id: str | None
    subject: str
    message: str
    state: State
    category: Category | None  # None: the file names none, and the engine says
    priority: str
    external_id: str | None
    number: str | None
    order_no: str | None
    currency: str | None
    buyer: Mapping[str, str]
    language: str | None
    assignee: str | None
    tier: int | None
    clocks: Mapping[str, Clock]
    moments: Mapping[str, datetime]
    custom_fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class GivenOrder:
    """An order's row."""

    row: int
    shop_id: str
    merchant_id: str | None
    order_no: str
    total: Mapping[str, str]
    payment: Mapping[str, str]
    paid_at: datetime
    buyer: Mapping[str, str]
    updated_at: datetime | None


Given = GivenTicket | GivenOrder
_MOMENTS = ("created_at", "updated_at", "first_responded_at", "resolved_at", "closed_at", "closes_at", "archives_at")
_SLA = frozenset(f"sla.{kind}.{name}" for kind in TARGETS for name in ("due_at", "met_at", "breached_at", "left_seconds"))


def given(row: Row) -> Given | RowError:
    """What it is, or why it can't be taken."""
    try:
        if row.bad is not None:
            raise row.bad
        order = is_order(row.cells)
        if not row.text:
            need_known(row.cells, order=order)
        return _order(row) if order else _ticket(row)
    except Bad as bad:
        return bad.at(row.number)


def _ticket(row: Row) -> GivenTicket:
    cells = row.cells
    return GivenTicket(
        row=row.number, shop_id=_shop(cells), merchant_id=fields.id(cells, "merchant_id"),
        subject=fields.needed(cells, "subject", 300), message=fields.needed(cells, "message", 20_000, several=True),
        state=State(fields.one_of(cells, "state", STATES) or "new"), category=_category(cells),
        priority=fields.one_of(cells, "priority", PRIORITIES) or "normal",
        external_id=fields.reference(cells, "external_id") or fields.reference(cells, "id"), number=fields.reference(cells, "number", 64),
        order_no=fields.reference(cells, "order_no", 64), currency=fields.currency(cells, "currency"), buyer=fields.buyer(cells),
        language=fields.line(cells, "language", 35), assignee=fields.id(cells, "assignee"), tier=_tier(cells),
        clocks=_clocks(cells) if not _SLA.isdisjoint(cells) else {},
        moments={name: at for name in _MOMENTS if name in cells and (at := fields.moment(cells, name)) is not None},
        custom_fields=_custom(row),
    )  # fmt: skip


def _order(row: Row) -> GivenOrder:
    cells = row.cells
    total = {"amount": _must(fields.amount(cells, "total.amount"), "total.amount")}
    total["currency"] = _must(fields.currency(cells, "total.currency"), "total.currency")
    payment = {name: fields.reference(cells, f"payment.{name}") for name in ("channel_id", "transaction_id", "sub_merchant_id")}
    for name in ("channel_id", "transaction_id"):
        _must(payment[name], f"payment.{name}")
    paid = fields.moment(cells, "payment.paid_at")
    if paid is None:
        raise Bad("payment.paid_at", "cell_missing")
    return GivenOrder(
        row.number, _shop(cells), fields.id(cells, "merchant_id"), _must(fields.reference(cells, "order_no", 64), "order_no"), total,
        {"provider": fields.needed(cells, "payment.provider", 64), **{name: value for name, value in payment.items() if value}}, paid,
        fields.buyer(cells), fields.moment(cells, "updated_at"),
    )  # fmt: skip


def _must(value: str | None, name: str) -> str:
    if value is None:
        raise Bad(name, "cell_missing")
    return value


def _shop(cells: Cells) -> str:
    return _must(fields.id(cells, "shop_id"), "shop_id")


def _category(cells: Cells) -> Category | None:
    name = "category.label" if "category.label" in cells else "category"
    label = fields.one_of(cells, name, CATEGORIES)
    if label is None:
        return None
    source = fields.one_of(cells, "category.source", ("engine", "agent", "api")) or "api"
    score = _number(cells, "category.score")
    if score is not None and not 0 <= score <= 1:
        raise Bad("category.score", "cell_not_number", value=score)
    also, guesses = _labels(cells, "category.also"), _labels(cells, "category.guesses")
    return Category(label, 1.0 if score is None else score, source, also, guesses)


def _labels(cells: Cells, name: str) -> tuple[str, ...]:
    given = cells.get(name) or ()
    names = given.split("|") if isinstance(given, str) else given
    if not isinstance(names, list | tuple) or not all(each in CATEGORIES for each in names):
        raise Bad(name, "cell_not_one_of", value=str(given), known=", ".join(CATEGORIES))
    return tuple(names)


def _clocks(cells: Cells) -> dict[str, Clock]:
    return {kind: clock for kind in TARGETS if (clock := _clock(cells, f"sla.{kind}")) is not None}


def _clock(cells: Cells, name: str) -> Clock | None:
    left = _number(cells, f"{name}.left_seconds")
    if left is not None and not 0 <= left <= 10**9:
        raise Bad(f"{name}.left_seconds", "cell_not_number", value=left)
    due, met, breached = (fields.moment(cells, f"{name}.{each}") for each in ("due_at", "met_at", "breached_at"))
    found = Clock(due, met, breached, left)
    return None if found == Clock() else found


def _tier(cells: Cells) -> int | None:
    found = _number(cells, "tier")
    if found is None:
        return None
    if found not in (0, 1, 2, 3):
        raise Bad("tier", "cell_not_one_of", value=found, known="0, 1, 2, 3")
    return int(found)


def _number(cells: Cells, name: str) -> float | None:
    value = cells.get(name)
    if value is None:
        return None
    try:
        found = float(value)
    except (ValueError, TypeError, OverflowError):
        raise Bad(name, "cell_not_number", value=value) from None
    if not math.isfinite(found):
        raise Bad(name, "cell_not_number", value=value)
    return found


def _custom(row: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in row.cells.items():
        if not name.startswith("custom_fields."):
            continue
        key = name.removeprefix("custom_fields.")
        if not 0 < len(key) <= 64 or not key.isprintable():
            raise Bad(name, "cell_not_id", value=key)
        if row.text and value.startswith(MARK):
            try:
                value = json.loads(value.removeprefix(MARK))  # noqa: PLW2901
            except (ValueError, RecursionError):
                raise Bad(name, "cell_unreadable") from None
        if isinstance(value, str):
            value = fields.text({name: value}, name, 2000)  # noqa: PLW2901
        elif not isinstance(value, bool | int | float) or not abs(value) < 2**63:  # not a number, too, is refused
            raise Bad(name, "cell_unreadable")
        if value is not None:
            found[key] = value
    if len(found) > 50:
        raise Bad("custom_fields", "too_many", most=50)
    return found
