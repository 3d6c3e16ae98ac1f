"""Reconciliations: a statement of settlements is sent, compared with orders in the background, and what differs becomes tickets."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from bot.messages import Doc
from handlers.api import sending
from handlers.api.fields import Id, Listing, Query, Reference
from handlers.api.imports import MEDIA
from handlers.api.route import Call, Route
from handlers.api.sending import FileAnswer, FileName, RowErrorAnswer

# As a query string has it a `+` may have become a blank.
Bound = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+\- ]\d\d:\d\d))?$", max_length=40)]
Percent = Annotated[str, Field(pattern=r"^[0-9]{1,2}(?:\.[0-9]{1,4})?$", examples=["0.5"])]


class Statement(Query):
    """`from`, `to`: payments of this time (days are the merchant's, `to` included) are looked for in it; without both, none are.

    `merchant_id`: only this merchant's (operator's keys). `shop_id`: whose the tickets are of lines that no order is known for.
    `channel_id`: only payments of this channel are looked for. `fx_tolerance`: by how many percent a converted amount may be off.
    `most`: so many new tickets at most; more are taken for a wrong file.
    """

    name: FileName = "statement"
    merchant_id: Id | None = None
    shop_id: Id | None = None
    channel_id: Reference | None = None
    from_: Annotated[Bound | None, Field(alias="from")] = None
    to: Bound | None = None
    fx_tolerance: Percent | None = None
    most: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class ReconciliationAnswer(FileAnswer):
    """How a reconciliation stands. `opened`: new tickets; `already_there`: differences that have their ticket from before.

    `summary`: `lines`, `totals` by type and currency, `matched` payments, `differences` by cause, the first 200 of the new `tickets`.
    """

    opened: int


async def _send(call: Call) -> Doc:
    asked: Statement = call.query
    given = asked.model_dump(by_alias=True, exclude_none=True, exclude={"name", "merchant_id"})
    return await sending.send(
        call, "reconciliation", {name: _bound(value) if name in ("from", "to") else value for name, value in given.items()}
    )


def _bound(value: Any) -> str:
    day, rest = str(value)[:10], str(value)[10:]
    return f"{day}T{rest[1:].replace(' ', '+')}" if rest else day


_PATH = "/v1/reconciliations"
ROUTES = (
    Route(
        "POST", _PATH, "Compare a statement with orders", _send, "orders:write", query=Statement, answer=ReconciliationAnswer, status=202,
        sends=MEDIA, notes="The body is the statement itself, CSV (or JSON Lines), at most 64 MB. Needs `tickets:write`, too. Every "
        "difference becomes one `reconciliation_mismatch` ticket, however often statements that have it are sent.",
    ),
    Route(
        "GET", _PATH, "List reconciliations", sending.many("reconciliation"), "orders:read", query=Listing, answer=ReconciliationAnswer,
        many=True,
    ),
    Route(
        "GET", f"{_PATH}/{{id}}", "Read how a reconciliation stands", sending.one("reconciliation"), "orders:read",
        answer=ReconciliationAnswer,
    ),
    Route(
        "GET", f"{_PATH}/{{id}}/errors", "List the lines that could not be compared", sending.errors("reconciliation"), "orders:read",
        query=Listing, answer=RowErrorAnswer, many=True,
    ),
)  # fmt: skip
