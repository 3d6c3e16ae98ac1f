"""Subscriptions of other systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.errors import NotFound
from bot.messages import Page
from bot.records import Webhook
from storage import directory
from storage.db import Db
from storage.lists import one_of
from storage.pages import page
from storage.rows import columns, values
from storage.schema import webhooks

_ALL = select(*columns(webhooks, Webhook))
_BY_ID = directory.Lookup(webhooks, "webhook", columns(webhooks, Webhook))
_ADD = insert(webhooks)
_SAVE = update(webhooks).where(webhooks.c.merchant_id == bindparam("of_merchant"), webhooks.c.id == bindparam("of_id"))
_THESE = one_of(webhooks.c.id, "ids")
_WELL = update(webhooks).where(_THESE, webhooks.c.failing_since.is_not(None)).values(failing_since=None)
_ILL = (
    update(webhooks).where(_THESE, webhooks.c.failing_since.is_(None))
    .values(failing_since=bindparam("now", type_=webhooks.c.failing_since.type))
)  # fmt: skip
_DELETE = delete(webhooks).where(webhooks.c.merchant_id == bindparam("m"), webhooks.c.id == bindparam("i"))
_OF = (
    _ALL.where(one_of(webhooks.c.merchant_id, "merchants"), webhooks.c.disabled_at.is_(None))
    .order_by(webhooks.c.merchant_id, webhooks.c.id)
)  # fmt: skip


class SqlWebhooks:
    """bot.stores.Webhooks."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, webhook: Webhook) -> None:
        """A new one."""
        if not directory.register(self._db, "webhook", webhook.id, webhook.merchant_id):
            raise NotFound("no_such", field="id", kind="webhook", id=webhook.id)
        self._db.run(_ADD, {**values(webhook), "events": list(webhook.events)})

    def get(self, id: str, within: str | None = None) -> Webhook | None:
        """By id."""
        row = _BY_ID.row(self._db, id, within)
        return _webhook_of(row) if row else None

    def many(self, ids: Iterable[str]) -> Mapping[str, Webhook]:
        """Those that exist."""
        wanted = sorted(set(ids))
        return {row[0]: _webhook_of(row) for row in self._db.all(_BY_ID.many, {"ids": wanted})} if wanted else {}

    def delete(self, id: str) -> None:
        """Nothing more goes there."""
        whose = directory.whose(self._db, "webhook", id)
        if whose is not None:
            self._db.run(_DELETE, {"m": whose, "i": id})
            directory.forget(self._db, "webhook", id)

    def save(self, webhook: Webhook) -> None:
        """All but whose it is."""
        given = {name: value for name, value in values(webhook).items() if name not in ("merchant_id", "id")}
        known = {"of_merchant": webhook.merchant_id, "of_id": webhook.id}
        self._db.run(_SAVE.values({name: bindparam(name) for name in given}), {**known, **given, "events": list(webhook.events)})

    def fare(self, well: Iterable[str], ill: Iterable[str], now: datetime) -> None:
        """One statement each, where there are any."""
        for statement, ids, more in ((_WELL, sorted(set(well)), {}), (_ILL, sorted(set(ill)), {"now": now})):
            if ids:
                self._db.run(statement, {"ids": ids, **more})

    def subscribed(self, merchant_ids: Iterable[str]) -> Sequence[Webhook]:
        """Those of these merchants that are not disabled."""
        wanted = sorted(set(merchant_ids))
        return [_webhook_of(row) for row in self._db.all(_OF, {"merchants": wanted})] if wanted else []

    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Webhook]:
        """By merchant, then id."""
        statement = _ALL if within is None else _ALL.where(webhooks.c.merchant_id == within)
        return page(self._db, statement, [webhooks.c.merchant_id, webhooks.c.id], [str, str], limit, cursor, _webhook_of)


def _webhook_of(row: Any) -> Webhook:
    webhook = Webhook(*row)
    return replace(webhook, events=tuple(webhook.events))
