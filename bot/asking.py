"""Answers questions: each of `bot.messages.asks` with the documents it promises."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot import views
from bot.errors import NotFound, Unauthentic
from bot.house import House
from bot.messages import (
    Authenticate,
    Bearer,
    Doc,
    FindTickets,
    Get,
    GetTicket,
    Health,
    HealthCheck,
    ListOf,
    Page,
    RefundPermission,
    TimelineOf,
    WhyOf,
)  # fmt: skip
from bot.records import Order
from bot.sla.explain import explain
from bot.stores import Stores
from bot.ticket import Ticket
from bot.wording.clocks import rule, told

QUICK = (Authenticate, Get, GetTicket, WhyOf, RefundPermission)  # a few reads by key


def ask(stores: Stores, house: House, query: Any) -> Any:
    """The answer. Raises NotFound, BadUsage (a bad cursor), Unauthentic."""
    return _ANSWERS[type(query)](stores, house, query)


def seen_ticket(stores: Stores, number: int, within: str | None) -> Ticket:
    """The ticket, or NotFound for another merchant's too."""
    found = stores.tickets.get(number, within)
    if found is None:
        raise NotFound("no_ticket", ticket=f"T-{number}")
    return found


def one(stores: Stores, kind: str, id: str, within: str | None) -> Doc:
    """One thing's document. Raises NotFound."""
    doc = _READERS[kind](stores, id, within)
    if doc is None:
        raise NotFound("no_such", kind=kind.rstrip("s"), id=id[:80])
    return doc


def _get(stores: Stores, house: House, query: Get) -> Doc:
    return one(stores, query.kind, query.id, query.within)


def _merchant(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.merchants.get(id) if within in (None, id) else None
    return views.merchant_doc(found) if found else None


def _shop(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.merchants.shop(id, within)
    return views.shop_doc(found) if found else None


def _agent(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.people.get(id, within)
    # A merchant's key sees its own people; the operator's are none of its business.
    return views.person_doc(found) if found and (within is None or found.merchant_id == within) else None


def _order(stores: Stores, id: str, within: str | None) -> Doc | None:
    shop_id, _, order_no = id.partition("/")
    found = stores.orders.get(shop_id, order_no, within)
    return _order_doc(stores, found) if found else None


def _order_doc(stores: Stores, order: Order) -> Doc:
    return views.order_doc(order, list(stores.tickets.of_order(order.shop_id, order.order_no)))


def _delivery(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.outbox.get(id, within)
    return views.delivery_doc(found) if found else None


def _freeze(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.freezes.get(id)
    return views.freeze_doc(found) if found and within in (None, found.merchant_id) else None


def _webhook(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.webhooks.get(id, within)
    return views.webhook_doc(found) if found else None


def _key(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.people.key(id)
    return views.key_doc(found) if found and within in (None, found.merchant_id) else None


_READERS: dict[str, Callable[[Stores, str, str | None], Doc | None]] = {
    "merchants": _merchant, "shops": _shop, "agents": _agent, "orders": _order, "deliveries": _delivery, "freezes": _freeze,
    "webhooks": _webhook, "api-keys": _key,
}  # fmt: skip


def _list(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    within, limit, cursor = query.within, query.limit, query.cursor
    if query.kind == "merchants":
        return _docs(stores.merchants.page(within, limit, cursor), views.merchant_doc)
    if query.kind == "shops":
        return _docs(stores.merchants.shops(within, limit, cursor), views.shop_doc)
    if query.kind == "agents":
        return _docs(stores.people.page(within, limit, cursor), views.person_doc)
    if query.kind == "orders":
        return _docs(stores.orders.page(within, limit, cursor), lambda order: _order_doc(stores, order))
    if query.kind == "deliveries":
        return _docs(stores.outbox.page(within, query.state, limit, cursor), views.delivery_doc)
    if query.kind == "freezes":
        active = house.clock.now() if query.state == "active" else None
        return _docs(stores.freezes.page(within, active, limit, cursor), views.freeze_doc)
    if query.kind == "webhooks":
        return _docs(stores.webhooks.page(within, limit, cursor), views.webhook_doc)
    return _docs(stores.people.keys(within, limit, cursor), views.key_doc)


def _docs(page: Page[Any], view: Callable[[Any], Doc]) -> Page[Doc]:
    return Page(tuple(view(each) for each in page.items), page.next_cursor)


def _find(stores: Stores, house: House, query: FindTickets) -> Page[Doc]:
    return _docs(stores.tickets.page(query.filter, query.limit, query.cursor), views.ticket_doc)


def _ticket(stores: Stores, house: House, query: GetTicket) -> Doc:
    return views.ticket_doc(seen_ticket(stores, query.number, query.within))


def _timeline(stores: Stores, house: House, query: TimelineOf) -> Page[Doc]:
    ticket = seen_ticket(stores, query.number, query.within)
    return _docs(stores.timeline.page(ticket.merchant_id, ticket.number, query.limit, query.cursor), views.entry_doc)


def _why(stores: Stores, house: House, query: WhyOf) -> Doc:
    ticket = seen_ticket(stores, query.number, query.within)
    merchant = stores.merchants.get(ticket.merchant_id)
    policy, now = house.policy(stores, ticket), house.clock.now()
    timezone = merchant.timezone if merchant else house.settings.timezone
    clocks = [
        views.account_doc(each, told(each, policy, query.locale, timezone, now)) for each in explain(ticket, policy, now)
    ]  # fmt: skip
    by = rule(policy, query.locale)
    return {"ticket": ticket.name, "number": ticket.number, "policy": policy.name, "rule": by, "clocks": clocks}


def _permission(stores: Stores, house: House, query: RefundPermission) -> Doc:
    shop = stores.merchants.shop(query.shop_id, query.within)
    if shop is None:
        raise NotFound("no_shop", shop=query.shop_id[:80])
    active = stores.freezes.active("refund", shop.id, shop.merchant_id, house.clock.now())
    if not active:
        return {"allowed": True}
    last = active[0]
    ticket = f"T-{last.ticket}" if last.ticket else None
    return {"allowed": False, "frozen_until": views.moment(last.until), "reason": last.reason, "ticket": ticket}


def _authenticate(stores: Stores, house: House, query: Authenticate) -> Bearer:
    admin = house.settings.admin_token
    if admin and hmac.compare_digest(query.token.encode(), admin.encode()):
        return Bearer("admin", None, frozenset({"*"}))
    id = key_id(query.token)
    key = stores.people.key(id) if id else None
    if key is None or key.revoked_at is not None or not hmac.compare_digest(key.digest, digest(query.token)):
        raise Unauthentic("this token is not one of ours, or was revoked")
    return Bearer(key.id, key.merchant_id, frozenset(key.scopes))


def key_id(token: str) -> str | None:
    """The id in `dk_<id>_<secret>`."""
    parts = token.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == "dk" and parts[1].isalnum() and len(parts[1]) <= 32 else None


def digest(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain SHA-256 does."""
    return hashlib.sha256(token.encode()).hexdigest()


def _health(stores: Stores, house: House, query: HealthCheck) -> Health:
    now = house.clock.now()
    counts = stores.outbox.counts()

    def behind(at: datetime | None) -> float | None:
        return max(0.0, (now - at).total_seconds()) if at is not None else None

    unworked = stores.inbox.next_available()
    return Health(
        behind(stores.deadlines.next_due()), behind(stores.outbox.next_available()), counts.get("waiting", 0), counts.get("dead", 0),
        0 if unworked is None else 1,
    )  # fmt: skip


_ANSWERS: dict[type, Callable[[Stores, House, Any], Any]] = {
    Get: _get, ListOf: _list, FindTickets: _find, GetTicket: _ticket, TimelineOf: _timeline, WhyOf: _why,
    RefundPermission: _permission, Authenticate: _authenticate, HealthCheck: _health,
}  # fmt: skip
