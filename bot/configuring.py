"""Makes changes that are not about one ticket's life: merchants, shops, people, orders, keys, webhooks, and a few on tickets."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import views
from bot.announce import Actor, commit
from bot.asking import digest, one, seen_ticket
from bot.errors import BadUsage, NotAllowed, NotFound, Refused, WrongState
from bot.freezing import lift
from bot.house import House, new_id
from bot.messages import Doc, Enable, LiftFreeze, NewKey, NewWebhook, PatchTicket, Put, Remove, RetryDelivery
from bot.onboarding import missing, profile
from bot.people import Person, Role, lifts_freezes
from bot.privacy import mask_buyer
from bot.records import OPERATOR, ApiKey, Merchant, Order, Shop, Webhook
from bot.stores import Stores
from bot.ticket import Change, Event, set_priority

MOST_FIELDS, MOST_WEBHOOKS = 50, 50
OPERATORS = (Role.RISK, Role.SENIOR_MANAGER)
EVENTS = frozenset(
    (
        "ticket.created",
        "ticket.updated",
        "ticket.claimed",
        "ticket.assigned",
        "ticket.replied",
        "ticket.message_added",
        "ticket.escalated",
        "ticket.merged",
        "ticket.resolved",
        "ticket.closed",
        "ticket.reopened",
        "ticket.archived",
        "sla.warning",
        "sla.tier1",
        "sla.tier2",
        "sla.tier3",
        "shop.refund_frozen",
        "shop.refund_unfrozen",
        "channel.frozen",
        "channel.unfrozen",
        "risk.hint_raised",
        "risk.review_opened",
        "risk.review_closed",
        "translation.requested",
    )
)


def configure(stores: Stores, house: House, change: Any, now: datetime) -> Doc:
    """The thing as it is after. Raises Refused; nothing is stored then."""
    return _CHANGES[type(change)](stores, house, change, now)


def _put(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    return _PUTS[change.kind](stores, house, change, now)


def _put_merchant(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    if change.within not in (None, change.id):
        raise NotFound("no_merchant", merchant=change.id)
    before = stores.merchants.get(change.id)
    doc = change.doc
    full = profile(doc)
    if change.within is not None and full["onboarding"] != (before.profile.get("onboarding") if before else None):
        raise NotAllowed("operator_only", field="onboarding")  # nobody verifies themselves
    if full["retention_days"] < 180:
        raise BadUsage("retention_too_short", field="retention_days")
    settings = house.settings
    merchant = Merchant(
        change.id, doc.get("name") or (before.name if before else change.id), doc.get("timezone") or settings.timezone,
        doc.get("locale") or settings.locale, full, before.enabled_at if before else None,
    )  # fmt: skip
    stores.merchants.put(merchant)
    return views.merchant_doc(merchant)


def _put_shop(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    doc = dict(change.doc)
    merchant_id = doc.pop("merchant_id")
    if change.within not in (None, merchant_id) or stores.merchants.get(merchant_id) is None:
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    name, platform = doc.pop("name", None) or change.id, doc.pop("platform")
    shop = Shop(change.id, merchant_id, platform, name, _sealed(house, change.id, doc))
    stores.merchants.put_shop(shop)
    return views.shop_doc(shop)


def _sealed(house: House, shop_id: str, value: Any) -> Any:
    """The shop's links with their secrets sealed; what is None is left out."""
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        if name in views.SECRETS and isinstance(inner, str):
            cipher = house.vault.seal(inner.encode(), f"shops|{name}|{shop_id}")
            kept[name] = {"sealed": base64.b64encode(cipher).decode()}
        elif inner is not None:
            kept[name] = _sealed(house, shop_id, inner)
    return kept


def _put_agent(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    doc, role = change.doc, Role(change.doc["role"])
    merchant_id = doc.get("merchant_id") or (change.within if role not in OPERATORS else None)
    if role in OPERATORS and merchant_id is not None:
        raise BadUsage("role_is_operators", field="merchant_id", role=role.value)
    if change.within is not None and merchant_id != change.within:
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    if role is Role.LEAD and merchant_id is None:
        raise BadUsage("role_needs_merchant", field="merchant_id", role=role.value)
    if merchant_id is not None and stores.merchants.get(merchant_id) is None:
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    away = doc.get("away_until")
    person = Person(
        change.id, doc["name"], role, merchant_id, doc.get("slack_user_id"), doc.get("slack_team_id"), doc.get("wecom_user_id"),
        doc.get("email"), doc.get("locale"), datetime.fromisoformat(str(away)) if away else None,
    )  # fmt: skip
    stores.people.put(person)
    return views.person_doc(person)


def _put_order(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    shop_id, _, order_no = change.id.partition("/")
    shop = stores.merchants.shop(shop_id, change.within)
    if shop is None:
        raise NotFound("no_shop", shop=shop_id)
    payment = change.doc["payment"]
    if payment["provider"] not in house.settings.provider:
        known = ", ".join(house.settings.provider)
        raise Refused(
            "order_not_paid_via_provider", code="order_not_paid_via_provider", field="payment.provider",
            paid_by=payment["provider"], provider=known,
        )  # fmt: skip
    buyer = {name: value for name, value in (change.doc.get("buyer") or {}).items() if value}
    sealed = house.vault.seal(json.dumps(buyer).encode(), f"orders|buyer|{shop.id}/{order_no}") if buyer else None
    order = Order(shop.merchant_id, shop.id, order_no, change.doc["total"], payment, mask_buyer(buyer), sealed, now)
    stores.orders.put(order)
    return views.order_doc(order, list(stores.tickets.of_order(shop.id, order_no)))


_PUTS: dict[str, Callable[[Stores, House, Put, datetime], Doc]] = {
    "merchants": _put_merchant, "shops": _put_shop, "agents": _put_agent, "orders": _put_order,
}  # fmt: skip


def _remove(stores: Stores, house: House, change: Remove, now: datetime) -> Doc:
    doc = one(stores, change.kind, change.id, change.within)
    if change.kind == "agents":
        stores.people.delete(change.id)
    elif change.kind == "webhooks":
        stores.webhooks.delete(change.id)
    else:
        key = stores.people.key(change.id)
        if key is not None and key.revoked_at is None:
            stores.people.put_key(replace(key, revoked_at=now))
    return doc


def _enable(stores: Stores, house: House, change: Enable, now: datetime) -> Doc:
    merchant = stores.merchants.get(change.merchant_id) if change.within in (None, change.merchant_id) else None
    if merchant is None:
        raise NotFound("no_merchant", merchant=change.merchant_id)
    lacking = missing(merchant)
    if lacking:
        raise Refused(
            "onboarding_incomplete", code="onboarding_incomplete", extra={"missing": lacking}, missing=", ".join(lacking)
        )  # fmt: skip
    enabled = replace(merchant, enabled_at=merchant.enabled_at or now)
    stores.merchants.put(enabled)
    return views.merchant_doc(enabled)


def _new_key(stores: Stores, house: House, change: NewKey, now: datetime) -> Doc:
    merchant_id = change.merchant_id or change.within
    if change.within not in (None, merchant_id) or (merchant_id and stores.merchants.get(merchant_id) is None):
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    id = secrets.token_hex(4)
    token = f"dk_{id}_{secrets.token_urlsafe(32)}"
    key = ApiKey(id, merchant_id, change.name, digest(token), change.scopes, now)
    stores.people.put_key(key)
    return {**views.key_doc(key), "token": token}


def _new_webhook(stores: Stores, house: House, change: NewWebhook, now: datetime) -> Doc:
    unknown = next((each for each in change.events if each != "*" and each not in EVENTS), None)
    if unknown is not None:
        raise BadUsage("unknown_event", field="events", event=unknown[:80])
    merchant_id = change.merchant_id or change.within or OPERATOR
    if change.within not in (None, merchant_id) or (merchant_id != OPERATOR and stores.merchants.get(merchant_id) is None):
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    if len(stores.webhooks.subscribed([merchant_id])) >= MOST_WEBHOOKS:
        raise BadUsage("too_many", field="url", most=MOST_WEBHOOKS)
    id, secret = new_id("wh"), "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    sealed = house.vault.seal(secret.encode(), f"webhooks|secret|{id}")
    webhook = Webhook(id, merchant_id, change.url, change.events, sealed, now)
    stores.webhooks.add(webhook)
    return {**views.webhook_doc(webhook), "secret": secret}


def _retry(stores: Stores, house: House, change: RetryDelivery, now: datetime) -> Doc:
    row = stores.outbox.get(change.id, change.within)
    if row is None:
        raise NotFound("no_delivery", id=change.id[:64])
    if row.state == "sent":
        raise WrongState("delivery_not_retriable", id=row.id)
    stores.outbox.retry(row.id, now)
    return one(stores, "deliveries", row.id, change.within)


def _lift(stores: Stores, house: House, change: LiftFreeze, now: datetime) -> Doc:
    shop = stores.merchants.shop(change.shop_id, change.within)
    if shop is None:
        raise NotFound("no_shop", shop=change.shop_id[:80])
    if change.agent is None:
        raise BadUsage("agent_needed", field="agent")
    who = stores.people.get(change.agent)
    if who is None or (change.within is not None and who.merchant_id != change.within):
        raise NotFound("no_agent", field="agent", agent=change.agent[:64])
    if not lifts_freezes(who) or not who.sees(shop.merchant_id):
        raise NotAllowed("role_may_not", field="agent", role=who.role.value)
    done = lift(stores, house, shop.id, shop.merchant_id, change.reason, now, Actor(who.id, "api"))
    if not done:
        raise NotFound("no_freeze", shop=shop.id)
    return views.freeze_doc(done[0])


def _patch(stores: Stores, house: House, change: PatchTicket, now: datetime) -> Doc:
    ticket = seen_ticket(stores, change.number, change.within)
    actor = Actor(change.by, change.via)
    if change.priority is not None:
        ticket = commit(stores, house, ticket, set_priority(ticket, change.priority, now), now, actor)
    if change.custom_fields is not None:
        merged = _merged(ticket.custom_fields, change.custom_fields)
        event = Event("ticket.updated", {"custom_fields": sorted(change.custom_fields)})
        ticket = commit(stores, house, ticket, Change(replace(ticket, custom_fields=merged), (event,)), now, actor)
    return views.ticket_doc(ticket)


def _merged(before: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    merged = {key: value for key, value in {**before, **patch}.items() if value is not None}
    if len(merged) > MOST_FIELDS:
        raise BadUsage("too_many", field="custom_fields", most=MOST_FIELDS)
    return merged


_CHANGES: dict[type, Callable[[Stores, House, Any, datetime], Doc]] = {
    Put: _put, Remove: _remove, Enable: _enable, NewKey: _new_key, NewWebhook: _new_webhook, RetryDelivery: _retry,
    LiftFreeze: _lift, PatchTicket: _patch,
}  # fmt: skip
