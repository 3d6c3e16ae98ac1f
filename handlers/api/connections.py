"""Connections of payment institutions and shops, and the events that came over them. What is secret goes in and never comes out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.messages import ConnectionOf, ConnectionsOf, Doc, EventsOf, Page, PutConnection, RemoveAccount, ReplayEvent
from handlers.api.fields import LINE, Answer, Id, Listing, Model, Reference
from handlers.api.route import Call, Route
from handlers.problems import Problem

Institution = Literal["uqpay", "stripe", "airwallex", "pingpong", "shopify"]
Signing = Annotated[str, Field(min_length=4, max_length=500), LINE]
Secrets = Annotated[list[Signing], Field(min_length=1, max_length=5)]


class Connection(Model):
    """Where one institution's events come from. `secret`: one, or several while rotating; a mask keeps the one that it is of."""

    merchant_id: Id | None = None
    kind: Institution
    secret: Signing | Secrets
    shop_id: Id | None = None
    channel_id: Reference | None = None


class ConnectionAnswer(Answer):
    """The connection, its secrets masked. `url` is what the institution's console asks for."""

    id: str
    merchant_id: str
    kind: Institution
    secret: list[str]
    shop_id: str | None
    channel_id: str | None
    url: str


class EventQuery(Listing):
    """`unmatched`: fits no order and no shop yet; `ignored`: concerns nobody here; `failed`: could not be worked."""

    state: Literal["waiting", "done", "unmatched", "ignored", "failed"] | None = None


class EventAnswer(Answer):
    """An event that came in; `reason` says what became of it."""

    id: str
    merchant_id: str
    connection: str
    kind: str
    event_id: str
    type: str
    state: Literal["waiting", "done", "unmatched", "ignored", "failed"]
    attempts: int
    reason: str | None
    ticket: str | None
    received_at: str
    next_attempt_at: str | None
    worked_at: str | None


async def _put(call: Call) -> Doc:
    given: Connection = call.body
    merchant_id = given.merchant_id or call.within
    if merchant_id is None:
        raise Problem("invalid", errors=[(("body", "merchant_id"), "is needed with an operator's key")])
    secrets = (given.secret,) if isinstance(given.secret, str) else tuple(given.secret)
    change = PutConnection(
        call.path["id"], merchant_id, given.kind, secrets, given.shop_id, given.channel_id, within=call.within, by=call.by
    )  # fmt: skip
    return _told(call, await call.desk.configure(change))


async def _get(call: Call) -> Doc:
    return _told(call, await call.desk.ask(ConnectionOf(call.path["id"], call.within)))


async def _list(call: Call) -> Page[Doc]:
    found: Page[Doc] = await call.desk.ask(ConnectionsOf(call.within, call.query.limit, call.query.cursor))
    return Page(tuple(_told(call, each) for each in found.items), found.next_cursor)


async def _remove(call: Call) -> None:
    await call.desk.configure(RemoveAccount("payments", call.path["id"], within=call.within, by=call.by))


async def _events(call: Call) -> Page[Doc]:
    found: Page[Doc] = await call.desk.ask(EventsOf(call.within, call.query.state, call.query.limit, call.query.cursor))
    return found


async def _replay(call: Call) -> Doc:
    return await call.desk.configure(ReplayEvent(call.path["id"], within=call.within, by=call.by), call.once)


def _told(call: Call, doc: Doc) -> Doc:
    return {**doc, "url": f"{call.house.settings.base_url}/v1/events/{doc.get('kind')}?connection={doc['id']}"}


_ONE = "/v1/connections/{id}"
ROUTES = (
    Route(
        "PUT", _ONE, "Create or replace a connection", _put, "connections:write", body=Connection, answer=ConnectionAnswer,
        notes="`shop_id` and `channel_id` are used where no known order matches an event.",
    ),
    Route("GET", _ONE, "Read a connection", _get, "connections:read", answer=ConnectionAnswer),
    Route("DELETE", _ONE, "Remove a connection", _remove, "connections:write", status=204),
    Route("GET", "/v1/connections", "List connections", _list, "connections:read", query=Listing, answer=ConnectionAnswer, many=True),
    Route(
        "GET", "/v1/events", "List events that came in", _events, "connections:read", query=EventQuery, answer=EventAnswer, many=True,
        notes="The newest first. Institutions send them to `POST /v1/events/KIND?connection=ID`, signed.",
    ),
    Route(
        "POST", "/v1/events/{id}/replay", "Work an event again", _replay, "connections:write", answer=EventAnswer,
        refusals=("wrong_state",), notes="One that is unmatched, ignored or failed.",
    ),
)  # fmt: skip
