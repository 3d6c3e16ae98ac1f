"""What the page draws beside the feed: the clock, the cast, the targets, the tickets with their three clocks."""

from __future__ import annotations

from typing import Any

from bot.clock import PausableClock
from bot.desk import Desk
from bot.messages import Doc, FindTickets, ListOf, Page, TicketFilter
from bot.settings import Settings
from handlers.playground.samples import CAST

MOST = 40
SHOWN = (
    "number", "merchant_id", "shop_id", "platform", "order_no", "state", "category", "priority", "subject", "assignee", "tier", "sla",
    "created_at",
)  # fmt: skip


async def state_doc(desk: Desk, settings: Settings, clock: PausableClock) -> dict[str, Any]:
    """Everything that GET /playground/state answers."""
    people: Page[Doc] = await desk.ask(ListOf("agents", limit=100))
    merchants: Page[Doc] = await desk.ask(ListOf("merchants", limit=20))
    tickets: Page[Doc] = await desk.ask(FindTickets(TicketFilter(), limit=MOST))
    roles = dict(CAST)
    return {
        "clock": clock_doc(clock),
        "targets": _targets(settings),
        "cast": [id for id, _ in CAST],
        "people": [{**_person(each), "plays": roles.get(each["id"])} for each in people.items],
        "merchants": [_merchant(each) for each in merchants.items],
        "tickets": [{name: each[name] for name in SHOWN} for each in tickets.items],
    }


def clock_doc(clock: PausableClock) -> dict[str, Any]:
    """Where the demo's time is, and whether it runs."""
    return {"now": clock.now().isoformat(), "paused": clock.paused}


def _targets(settings: Settings) -> list[dict[str, Any]]:
    lengths = (settings.sla_tier1, settings.sla_tier2, settings.sla_tier3)
    labels = settings.target_labels or ("", "", "")
    kinds = ("first_response", "resolution", "closure")
    return [
        {"kind": kind, "tier": tier, "seconds": length.total_seconds(), "label": label}
        for tier, (kind, length, label) in enumerate(zip(kinds, lengths, labels, strict=True), start=1)
    ]


def _person(doc: Doc) -> dict[str, Any]:
    return {name: doc[name] for name in ("id", "name", "role", "merchant_id", "slack_user_id", "wecom_user_id", "email", "locale")}


def _merchant(doc: Doc) -> dict[str, Any]:
    notify = doc.get("notify") or {}
    return {
        "id": doc["id"], "name": doc["name"], "locale": doc["locale"], "slack_channel": notify.get("slack_channel"),
        "emails": list(notify.get("emails") or ()),
    }  # fmt: skip
