"""Subscriptions of other systems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, insert, select

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
