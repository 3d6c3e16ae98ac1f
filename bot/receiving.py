"""How other systems take what they subscribed to: unsubscribed by 410, switched off and told of after days of nothing but failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.administrators import telling
from bot.announce import outgoing
from bot.house import House
from bot.messages import TellAdmins
from bot.records import OPERATOR, Outgoing, Webhook
from bot.stores import Stores
from bot.views import moment

GONE = "gone"  # what a channel says first of a receiver that unsubscribes
SWITCHED_OFF_AFTER = timedelta(days=5)


def heard(stores: Stores, house: House, rows: Sequence[Outgoing], now: datetime) -> None:
    """What became of these events, recorded just now: their receivers' health, and whose turn it is next."""
    events = [row for row in rows if row.kind == "event"]
    if not events:
        return
    stores.outbox.next_turn(events, now)
    gone = {row.target for row in events if row.state == "dead" and (row.last_error or "").startswith(GONE)}
    for id in sorted(gone):
        stores.webhooks.delete(id)
    well = {row.target for row in events if row.state == "sent"}
    ill = {row.target for row in events if row.failures and row.state in ("waiting", "dead")} - well - gone
    stores.webhooks.fare(well, ill, now)
    for webhook in stores.webhooks.many(ill).values():
        if webhook.disabled_at is None and webhook.failing_since is not None and now - webhook.failing_since >= SWITCHED_OFF_AFTER:
            why = next(row.last_error or "" for row in reversed(events) if row.target == webhook.id)
            _switch_off(stores, house, replace(webhook, disabled_at=now, disabled_why=why), now)


def _switch_off(stores: Stores, house: House, webhook: Webhook, now: datetime) -> None:
    """Its merchant hears of it wherever it hears of tickets, and those who can mend it in person."""
    stores.webhooks.save(webhook)
    merchant_id = None if webhook.merchant_id == OPERATOR else webhook.merchant_id
    cause = f"webhook_disabled:{webhook.id}:{moment(webhook.failing_since)}"
    params = {"url": webhook.url, "id": webhook.id, "why": webhook.disabled_why or ""}
    rows = telling(stores, house, TellAdmins("webhook_disabled", cause, params, webhook.failing_since, merchant_id), now)
    merchant = stores.merchants.get(webhook.merchant_id)
    there = house.everywhere(merchant) if merchant is not None else []
    payload = {"about": "webhook_disabled", "params": params, "at": moment(webhook.failing_since)}
    rows = [row for row in rows if row.state != "dead" or not there]
    stores.outbox.add([*rows, *(outgoing(webhook.merchant_id, None, cause, "admins", each, payload, now) for each in there)])
