"""From documents to the lines of a file that can be read in again: CSV that no spreadsheet runs, or JSON Lines. Buyers stay masked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, Literal

from bot import views
from bot.importing.fields import BUYER
from bot.importing.reading import MARK
from bot.importing.rows import flat
from bot.messages import Doc, OrderFilter
from bot.ports import Work
from bot.spreadsheet import guarded
from bot.ticket import TARGETS
from bot.wording import label

What = Literal["tickets", "orders", "all", "erp"]
Format = Literal["csv", "jsonl"]
MANY = 500
_HEAD = (
    "number", "merchant_id", "shop_id", "platform", "order_no", "currency", "state", "category.label", "category.score",
    "category.source", "category.also", "category.guesses", "priority", "subject", "message",
)  # fmt: skip
_TAIL = ("language", "assignee", "tier")
_SLA = tuple(f"sla.{kind}.{name}" for kind in TARGETS for name in ("due_at", "met_at", "breached_at", "left_seconds"))
_ENDS = ("merged_into", "created_at", "updated_at", "first_responded_at", "resolved_at", "closed_at", "closes_at", "archives_at")
_TICKET = (*_HEAD, *(f"buyer.{name}" for name in BUYER), *_TAIL, *_SLA, *_ENDS)
_ORDER = (
    "shop_id", "merchant_id", "order_no", "total.amount", "total.currency", "payment.provider", "payment.channel_id",
    "payment.transaction_id", "payment.sub_merchant_id", "payment.paid_at", *(f"buyer.{name}" for name in BUYER), "updated_at",
)  # fmt: skip

# For systems that take a file where they take no call: in their words, a line for each ticket of an order.
_ERP = {
    "order_no": "平台订单号", "shop_id": "店铺", "platform": "平台", "number": "工单号", "state": "状态", "category.label": "分类",
    "priority": "优先级",
    "currency": "币种", "assignee": "负责人", "updated_at": "更新时间", "closed_at": "关闭时间",
}  # fmt: skip
_NOT_ORDERS = frozenset({"tickets", "payments", "captured", "refunded"})  # worked out from elsewhere, and taken by no import


async def written(work: Work, what: What, form: Format, within: str | None) -> AsyncIterator[str]:
    """The file, a few hundred rows at a time; orders before tickets. CSV holds one of the two."""
    if what == "erp":
        yield "\ufeff" + _csv([list(_ERP.values())])
        async for docs in tickets(work, within):
            yield _csv([_erp_cells(doc) for doc in docs if doc["order_no"]])
    if what in ("orders", "all"):
        async for part in _lines(orders(work, within), _ORDER, form):
            yield part
    if what in ("tickets", "all"):
        columns = [*_TICKET, *sorted(await _custom(work, within))] if form == "csv" else ()
        async for part in _lines(tickets(work, within), columns, form):
            yield part


async def tickets(work: Work, within: str | None) -> AsyncIterator[list[Doc]]:
    """All of them, by number."""
    after = 0
    while found := await work.read(lambda stores, after=after: stores.tickets.walk(within, after, MANY)):  # type: ignore[misc]
        yield [views.ticket_doc(each) for each in found]
        after = found[-1].number


async def orders(work: Work, within: str | None) -> AsyncIterator[list[Doc]]:
    """All of them, by merchant, shop and number."""
    cursor: str | None = None
    while True:
        found = await work.read(lambda stores, cursor=cursor: stores.orders.page(OrderFilter(merchant=within), MANY, cursor))  # type: ignore[misc]
        yield [{name: value for name, value in views.order_doc(each, []).items() if name not in _NOT_ORDERS} for each in found.items]
        cursor = found.next_cursor
        if cursor is None:
            return


async def _custom(work: Work, within: str | None) -> set[str]:
    """The columns that custom fields need: they are known only when every ticket has been looked at."""
    found: set[str] = set()
    async for docs in tickets(work, within):
        found |= {f"custom_fields.{name}" for doc in docs for name in doc["custom_fields"]}
    return found


async def _lines(documents: AsyncIterator[list[Doc]], columns: Sequence[str], form: Format) -> AsyncIterator[str]:
    if form == "csv":
        yield "\ufeff" + _csv([columns])  # Excel takes a file without this mark for one in its own encoding
    async for docs in documents:
        if form == "csv":
            yield _csv([cells(doc, columns) for doc in docs])
        else:
            yield "".join(json.dumps(doc, ensure_ascii=False, separators=(",", ":")) + "\n" for doc in docs)


def cells(doc: Doc, columns: Sequence[str]) -> list[str]:
    """A document's cells in the order of these columns."""
    found = flat(doc)
    return [guarded(_cell(name, found[name])) if name in found else "" for name in columns]


def _erp_cells(doc: Doc) -> list[str]:
    """State and category as people call them; people's own names of orders and shops run nowhere."""
    said = {
        "number": f"T-{doc['number']}",
        "state": label("state", doc["state"], "zh"),
        "platform": label("platform", doc["platform"], "zh"),
    }
    said |= {"category.label": label("category", doc["category"]["label"], "zh"), "priority": label("priority", doc["priority"], "zh")}
    return [said.get(name) or each for name, each in zip(_ERP, cells(doc, list(_ERP)), strict=True)]


def _cell(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return "|".join(str(each) for each in value)
    if name.startswith("custom_fields."):
        plain = isinstance(value, str) and not value.startswith(MARK)
        return str(value) if plain else MARK + json.dumps(value, ensure_ascii=False)
    return str(value)


def _csv(lines: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(lines)
    return out.getvalue()
