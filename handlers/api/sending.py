"""A file that is the body of a call: taken in piece by piece, worked in the background; how that stands, and the rows it left out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from bot.jobs import Kind
from bot.messages import Doc, Get, JobErrors, JobOf, JobsOf, Page
from handlers.api.fields import LINE, Answer
from handlers.api.route import Call, Work
from handlers.problems import Problem

FileName = Annotated[str, Field(min_length=1, max_length=200), LINE]


class RowErrorAnswer(Answer):
    """A row that was left out: its number, the field, and what to do."""

    row: int
    field: str
    message: str


class FileAnswer(Answer):
    """How it stands: `waiting`, `running`, `done`, `failed` (`why` says why)."""

    id: str
    merchant_id: str | None
    name: str
    state: str
    bytes: int
    progress: float
    rows: int
    already_there: int
    bad: int
    why: str | None
    summary: dict[str, object]
    created_at: str
    updated_at: str
    errors: Annotated[list[RowErrorAnswer], Field(default_factory=list)]


async def send(call: Call, kind: Kind, options: Mapping[str, Any]) -> Doc:
    """What was sent is there whole, or not at all."""
    if not call.bearer.may("tickets:write"):
        raise Problem("missing_scope", "The API key needs the scope tickets:write, too.", extra={"scope": "tickets:write"})
    assert call.sent is not None  # noqa: S101  # its route says that it is sent one
    within = call.within or call.query.merchant_id
    if within is not None:
        await call.desk.ask(Get("merchants", within, within=call.within))
    receiving = await call.desk.files.receive(kind, call.query.name, by=call.by, within=within, options=options)
    try:
        async for piece in call.sent:
            await receiving.add(piece)
        job = await receiving.end()
    except BaseException:
        await asyncio.shield(receiving.cancel())
        raise
    found: Doc = await call.desk.ask(JobOf(kind, job.id, within, _locale(call)))
    return found


def one(kind: Kind) -> Work:
    """How one stands."""

    async def work(call: Call) -> Doc:
        found: Doc = await call.desk.ask(JobOf(kind, call.path["id"], call.within, _locale(call)))
        return found

    return work


def many(kind: Kind) -> Work:
    """All of them."""

    async def work(call: Call) -> Page[Doc]:
        found: Page[Doc] = await call.desk.ask(JobsOf(kind, call.within, call.query.limit, call.query.cursor, _locale(call)))
        return found

    return work


def errors(kind: Kind) -> Work:
    """The rows that one left out."""

    async def work(call: Call) -> Page[Doc]:
        asked = JobErrors(kind, call.path["id"], call.within, call.query.limit, call.query.cursor, _locale(call))
        found: Page[Doc] = await call.desk.ask(asked)
        return found

    return work


def _locale(call: Call) -> str:
    return "zh" if call.chinese else "en"
