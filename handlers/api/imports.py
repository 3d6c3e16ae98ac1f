"""Imports: a file of tickets or orders is sent, worked in the background, and tells how far it has come and which rows it left out."""

from __future__ import annotations

from bot.messages import Doc
from handlers.api import sending
from handlers.api.fields import Id, Listing, Query
from handlers.api.route import Call, Route
from handlers.api.sending import FileAnswer, FileName, RowErrorAnswer

MEDIA = ("text/csv", "application/x-ndjson", "application/octet-stream")


class Sending(Query):
    """`name`: what the file is called where it comes from. `merchant_id`: only rows of this merchant's shops (operator's keys)."""

    name: FileName = "file"
    merchant_id: Id | None = None


class JobAnswer(FileAnswer):
    """How an import stands. `already_there`: rows that had come before."""

    added: int


async def _send(call: Call) -> Doc:
    return await sending.send(call, "import", {})


_PATH = "/v1/imports"
ROUTES = (
    Route(
        "POST", _PATH, "Import tickets or orders from a file", _send, "orders:write", query=Sending, answer=JobAnswer, status=202,
        sends=MEDIA, notes="The body is the file itself, CSV or JSON Lines, at most 64 MB: "
        "`curl --data-binary @orders.csv -H 'Content-Type: text/csv'`. Needs `tickets:write`, too. The same file again adds nothing.",
    ),
    Route("GET", _PATH, "List imports", sending.many("import"), "orders:read", query=Listing, answer=JobAnswer, many=True),
    Route("GET", f"{_PATH}/{{id}}", "Read how an import stands", sending.one("import"), "orders:read", answer=JobAnswer),
    Route(
        "GET", f"{_PATH}/{{id}}/errors", "List the rows an import left out", sending.errors("import"), "orders:read", query=Listing,
        answer=RowErrorAnswer, many=True,
    ),
)  # fmt: skip
