"""A translation that a merchant's own service made, in answer to `translation.requested`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from bot.messages import AddTranslation, Doc
from handlers.api.fields import LINE, Id, LanguageTag, Model, Words
from handlers.api.route import Call, Route
from handlers.api.tickets import TicketAnswer


class Translation(Model):
    """The ticket's text in `lang`, or that of one `message` on it; `provider` is shown beside it."""

    lang: LanguageTag
    text: Words
    provider: Annotated[str, Field(min_length=1, max_length=60), LINE]
    message: Id | None = None


async def _add(call: Call) -> Doc:
    given: Translation = call.body
    made = AddTranslation(
        call.number, given.lang, given.text, given.provider, message=given.message, within=call.within, by=call.by
    )  # fmt: skip
    document: Doc = await call.desk.configure(made, call.once)
    return document


ROUTES = (
    Route(
        "POST", "/v1/tickets/{number}/translations", "Add a translation", _add, "tickets:write", body=Translation, answer=TicketAnswer,
    ),
)  # fmt: skip
