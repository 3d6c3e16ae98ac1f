"""Connections of institutions and shops, and the events that came over them."""

from __future__ import annotations

from bot.accounts import mask, opened
from bot.asking.usual import docs
from bot.errors import NotFound
from bot.house import House
from bot.messages import ConnectionOf, ConnectionsOf, Credentials, Doc, EventsOf, Page
from bot.paid import Happening
from bot.stores import Stores
from bot.views import moment
from bot.wording import say

CHANNEL = "payments"


def connection_doc(found: Credentials) -> Doc:
    """Its secrets masked."""
    doc = {"kind": found.doc.get("kind"), "shop_id": found.doc.get("shop_id"), "channel_id": found.doc.get("channel_id")}
    return {"id": found.id, "merchant_id": found.merchant_id, **doc, "secret": [mask(each) for each in found.secrets.values()]}


def event_doc(event: Happening) -> Doc:
    """An event; what it says itself is never shown, since it may be about a person."""
    why = say(event.why["key"], "en", **event.why.get("params", {})) if event.why else None
    return {
        "id": event.id, "merchant_id": event.merchant_id, "connection": event.connection, "kind": event.kind, "event_id": event.event_id,
        "type": event.type, "state": event.state, "attempts": event.attempt, "reason": why,
        "ticket": f"T-{event.ticket}" if event.ticket else None, "received_at": moment(event.received_at),
        "next_attempt_at": moment(event.available_at) if event.state == "waiting" else None, "worked_at": moment(event.worked_at),
    }  # fmt: skip


def _one(stores: Stores, house: House, query: ConnectionOf) -> Doc:
    found = stores.accounts.get(CHANNEL, query.id)
    if found is None or query.within not in (None, found.merchant_id):
        raise NotFound("no_such", kind="connection", id=query.id[:80])
    return connection_doc(opened(house, found))


def _all(stores: Stores, house: House, query: ConnectionsOf) -> Page[Doc]:
    rest = [each for each in stores.accounts.of(CHANNEL, query.within) if each.id > (query.cursor or "")]
    these = rest[: query.limit]
    return Page(tuple(connection_doc(opened(house, each)) for each in these), these[-1].id if len(rest) > len(these) else None)


def _events(stores: Stores, house: House, query: EventsOf) -> Page[Doc]:
    return docs(stores.happenings.page(query.within, query.state, query.limit, query.cursor), event_doc)


ANSWERS = {ConnectionOf: _one, ConnectionsOf: _all, EventsOf: _events}
QUICK = (ConnectionOf,)
