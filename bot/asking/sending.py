"""Deliveries, webhooks, how the desk is."""

from __future__ import annotations

from datetime import datetime

from bot import views
from bot.asking.usual import docs
from bot.house import House
from bot.messages import Doc, Health, HealthCheck, ListOf, Page
from bot.stores import Stores

AUDIT = "selfcheck"  # the hold in whose note an audit leaves what it found


def _delivery(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.outbox.get(id, within)
    return views.delivery_doc(found) if found else None


def _webhook(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.webhooks.get(id, within)
    return views.webhook_doc(found) if found else None


def _deliveries(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.outbox.page(query.within, query.state, query.limit, query.cursor, query.webhook), views.delivery_doc)


def _webhooks(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.webhooks.page(query.within, query.limit, query.cursor), views.webhook_doc)


def _health(stores: Stores, house: House, query: HealthCheck) -> Health:
    now = house.clock.now()
    counts = stores.outbox.counts()

    def behind(at: datetime | None) -> float | None:
        return max(0.0, (now - at).total_seconds()) if at is not None else None

    unworked, audit, events = stores.inbox.next_available(), stores.holds.get(AUDIT), stores.happenings.next_available()
    note = audit.note if audit is not None else {}
    at = datetime.fromisoformat(note["at"]) if note.get("at") else None
    return Health(
        behind(stores.deadlines.next_due()), behind(stores.outbox.next_available()), counts.get("waiting", 0), counts.get("dead", 0),
        int(unworked is not None or (events is not None and events <= now)), note.get("found") or {}, behind(at),
    )  # fmt: skip


READERS = {"deliveries": _delivery, "webhooks": _webhook}
LISTS = {"deliveries": _deliveries, "webhooks": _webhooks}
ANSWERS = {HealthCheck: _health}
