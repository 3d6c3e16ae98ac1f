"""Subscriptions of other systems."""

from __future__ import annotations

import base64
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from bot import views
from bot.announce import outgoing
from bot.asking.hooks import EVENTS
from bot.errors import BadUsage, NotFound, WrongState
from bot.house import House, new_id
from bot.messages import Address, Doc, NewWebhook, Remove, ReplayWebhook, TendWebhook
from bot.records import OPERATOR, Webhook
from bot.stores import Stores

MOST = {"webhook": 50, "hook": 200}  # each step of each zap has one of its own
MOST_REPLAYED = 5_000  # at once; the next call goes on
BOTH_SIGN = timedelta(hours=24)
TEST = "webhook.test"


def _new_webhook(stores: Stores, house: House, change: NewWebhook, now: datetime) -> Doc:
    unknown = next((each for each in change.events if each != "*" and each not in EVENTS), None)
    if unknown is not None:
        raise BadUsage("unknown_event", field="events", event=unknown[:80])
    merchant_id = change.merchant_id or change.within or OPERATOR
    if change.within not in (None, merchant_id) or (merchant_id != OPERATOR and stores.merchants.get(merchant_id) is None):
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    if len([each for each in stores.webhooks.subscribed([merchant_id]) if each.kind == change.kind]) >= MOST[change.kind]:
        raise BadUsage("too_many", field="url", most=MOST[change.kind])
    id = new_id("wh")
    secret, sealed = _secret(house, id)
    webhook = Webhook(id, merchant_id, change.url, change.events, sealed, now, kind=change.kind)
    stores.webhooks.add(webhook)
    return {**views.webhook_doc(webhook), "secret": secret}


def _secret(house: House, id: str) -> tuple[str, bytes]:
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    return secret, house.vault.seal(secret.encode(), f"webhooks|secret|{id}")


def _tend(stores: Stores, house: House, change: TendWebhook, now: datetime) -> Doc:
    webhook = _known(stores, change.id, change.within)
    if change.verb == "test":
        return _test(stores, webhook, now)
    if change.verb == "enable":
        webhook = replace(webhook, disabled_at=None, disabled_why=None, failing_since=None)
        stores.webhooks.save(webhook)
        return views.webhook_doc(webhook)
    secret, sealed = _secret(house, webhook.id)
    webhook = replace(webhook, secret_sealed=sealed, previous_sealed=webhook.secret_sealed, previous_until=now + BOTH_SIGN)
    stores.webhooks.save(webhook)
    return {**views.webhook_doc(webhook), "secret": secret}


def _test(stores: Stores, webhook: Webhook, now: datetime) -> Doc:
    """It changes nothing anywhere, and goes the way of all others."""
    body = {"type": TEST, "timestamp": views.moment(now), "data": {"merchant_id": webhook.merchant_id, "webhook_id": webhook.id}}
    address = Address("webhooks", webhook.id)
    made = outgoing(webhook.merchant_id, None, f"{TEST}:{new_id('tst')}", "event", address, {"body": body, "test": True}, now)
    stores.outbox.add([made])
    return views.delivery_doc(made)


def _replay(stores: Stores, house: House, change: ReplayWebhook, now: datetime) -> Doc:
    webhook = _known(stores, change.id, change.within)
    if webhook.disabled_at is not None:
        raise WrongState("webhook_disabled_now", id=webhook.id)
    states = ("dead", "dropped") if change.failed else ("sent", "dead", "dropped")
    many = stores.outbox.replay(webhook.id, change.since, states, MOST_REPLAYED, now)
    return {"replayed": many, "more": many == MOST_REPLAYED}


def _known(stores: Stores, id: str, within: str | None) -> Webhook:
    webhook = stores.webhooks.get(id, within)
    if webhook is None:
        raise NotFound("no_such", kind="webhook", id=id[:80])
    return webhook


def _remove(stores: Stores, house: House, change: Remove, now: datetime) -> None:
    stores.webhooks.delete(change.id)


CHANGES = {NewWebhook: _new_webhook, TendWebhook: _tend, ReplayWebhook: _replay}
REMOVES = {"webhooks": _remove}
