"""A merchant's own fields of tickets: put, read, list, remove."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from bot.messages import Doc, Get, ListOf, Page, Put, Remove
from handlers.api.fields import Answer, Id, Listing, Model, Name, Query
from handlers.api.route import Call, Route
from handlers.problems import Problem

Kind = Literal["text", "number", "date", "choice"]


class CustomField(Model):
    """A field that tickets may have. `choices`: of a choice."""

    merchant_id: Id | None = None
    type: Kind
    label: Name
    choices: Annotated[list[Name], Field(min_length=1, max_length=100)] | None = None

    @model_validator(mode="after")
    def _choices_of_a_choice(self) -> CustomField:
        if (self.type == "choice") != (self.choices is not None):
            raise ValueError("choices: give them for the type choice, and for no other")
        if self.choices is not None and len(set(self.choices)) < len(self.choices):
            raise ValueError("choices: each once")
        return self


class CustomFieldAnswer(Answer):
    """A field that tickets may have."""

    key: str
    merchant_id: str
    type: Kind
    label: str
    choices: list[str]
    updated_at: str


class WhoseQuery(Query):
    """With an operator's key: whose field it is."""

    merchant: Id | None = None


class WhoseListing(Listing):
    """With an operator's key: one merchant's alone."""

    merchant: Id | None = None


async def _put(call: Call) -> Doc:
    doc = call.body.model_dump(exclude_none=True)
    return await call.desk.configure(Put("custom-fields", call.path["id"], doc, within=call.within, by=call.by))


async def _get(call: Call) -> Doc:
    found: Doc = await call.desk.ask(Get("custom-fields", call.path["id"], within=_whose(call)))
    return found


async def _list(call: Call) -> Page[Doc]:
    asked = call.query
    if call.within is not None and asked.merchant not in (None, call.within):
        return Page(())  # another merchant is as good as unknown
    found: Page[Doc] = await call.desk.ask(ListOf("custom-fields", call.within or asked.merchant, asked.limit, asked.cursor))
    return found


async def _remove(call: Call) -> None:
    await call.desk.configure(Remove("custom-fields", call.path["id"], within=_whose(call), by=call.by))


def _whose(call: Call) -> str | None:
    if call.within is not None and call.query.merchant not in (None, call.within):
        raise Problem("not_found")
    whose: str | None = call.within or call.query.merchant
    return whose


_ONE = "/v1/custom-fields/{id}"
_KEPT = "What tickets hold in it stays as it is, is shown and can be removed; put the field as it was, and nothing has changed."
ROUTES = (
    Route(
        "PUT", _ONE, "Create or replace a custom field", _put, "settings:write", body=CustomField, answer=CustomFieldAnswer,
        notes=f"Once a merchant has one, its tickets take no others. {_KEPT}",
    ),
    Route("GET", _ONE, "Read a custom field", _get, "settings:read", query=WhoseQuery, answer=CustomFieldAnswer),
    Route("DELETE", _ONE, "Remove a custom field", _remove, "settings:write", query=WhoseQuery, status=204, notes=_KEPT),
    Route(
        "GET", "/v1/custom-fields", "List custom fields", _list, "settings:read", query=WhoseListing, answer=CustomFieldAnswer, many=True
    ),
)  # fmt: skip
