"""Imports: a file of tickets or orders is sent, worked in the background, and tells how far it has come and which rows it left out."""

from __future__ import annotations

import asyncio
from typing import Annotated

from pydantic import Field

from bot.messages import Doc, Get, JobErrors, JobOf, JobsOf, Page
from handlers.api.fields import LINE, Answer, Id, Listing, Query
from handlers.api.route import Call, Route
from handlers.problems import Problem

MEDIA = ("text/csv", "application/x-ndjson", "application/octet-stream")
FileName = Annotated[str, Field(min_length=1, max_length=200), LINE]


class Sending(Query):
    """`name`: what the file is called where it comes from. `merchant_id`: only rows of this merchant's shops (operator's keys)."""

    name: FileName = "file"
    merchant_id: Id | None = None


class RowErrorAnswer(Answer):
    """A row that was left out: its number, the field, and what to do."""

    row: int
    field: str
    message: str


class JobAnswer(Answer):
    """How it stands: `waiting`, `running`, `done`, `failed` (`why` says why). `already_there`: rows that had come before."""

    id: str
    merchant_id: str | None
    name: str
    state: str
    bytes: int
    progress: float
    rows: int
    added: int
    already_there: int
    bad: int
    why: str | None
    summary: dict[str, object]
    created_at: str
    updated_at: str
    errors: Annotated[list[RowErrorAnswer], Field(default_factory=list)]


async def _send(call: Call) -> Doc:
    if not call.bearer.may("tickets:write"):
        raise Problem("missing_scope", "The API key needs the scope tickets:write, too.", extra={"scope": "tickets:write"})
    assert call.sent is not None  # noqa: S101  # its route says that it is sent one
    within = call.within or call.query.merchant_id
    if within is not None:
        await call.desk.ask(Get("merchants", within, within=call.within))
    receiving = await call.desk.files.receive("import", call.query.name, by=call.by, within=within, options={})
    try:
        async for piece in call.sent:
            await receiving.add(piece)
        job = await receiving.end()
    except BaseException:
        await asyncio.shield(receiving.cancel())
        raise
    found: Doc = await call.desk.ask(JobOf("import", job.id, within, _locale(call)))
    return found


async def _one(call: Call) -> Doc:
    found: Doc = await call.desk.ask(JobOf("import", call.path["id"], call.within, _locale(call)))
    return found


async def _many(call: Call) -> Page[Doc]:
    found: Page[Doc] = await call.desk.ask(JobsOf("import", call.within, call.query.limit, call.query.cursor, _locale(call)))
    return found


async def _errors(call: Call) -> Page[Doc]:
    asked = JobErrors("import", call.path["id"], call.within, call.query.limit, call.query.cursor, _locale(call))
    found: Page[Doc] = await call.desk.ask(asked)
    return found


def _locale(call: Call) -> str:
    return "zh" if call.chinese else "en"


_PATH = "/v1/imports"
ROUTES = (
    Route(
        "POST", _PATH, "Import tickets or orders from a file", _send, "orders:write", query=Sending, answer=JobAnswer, status=202,
        sends=MEDIA, notes="The body is the file itself, CSV or JSON Lines, at most 64 MB: "
        "`curl --data-binary @orders.csv -H 'Content-Type: text/csv'`. Needs `tickets:write`, too. The same file again adds nothing.",
    ),
    Route("GET", _PATH, "List imports", _many, "orders:read", query=Listing, answer=JobAnswer, many=True),
    Route("GET", f"{_PATH}/{{id}}", "Read how an import stands", _one, "orders:read", answer=JobAnswer),
    Route(
        "GET", f"{_PATH}/{{id}}/errors", "List the rows an import left out", _errors, "orders:read", query=Listing, answer=RowErrorAnswer,
        many=True,
    ),
)  # fmt: skip
