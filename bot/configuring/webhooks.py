"""Subscriptions of other systems."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

from bot import views
from bot.errors import BadUsage, NotFound
from bot.house import House, new_id
from bot.messages import Doc, NewWebhook, Remove
from bot.records import OPERATOR, Webhook
from bot.stores import Stores

MOST_WEBHOOKS = 50
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


def _remove(stores: Stores, house: House, change: Remove, now: datetime) -> None:
    stores.webhooks.delete(change.id)


CHANGES = {NewWebhook: _new_webhook}
REMOVES = {"webhooks": _remove}
