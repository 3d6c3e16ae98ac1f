"""Deliveries, again."""

from __future__ import annotations

from datetime import datetime

from bot.asking import one
from bot.errors import NotFound, WrongState
from bot.house import House
from bot.messages import Doc, RetryDelivery
from bot.stores import Stores


def _retry(stores: Stores, house: House, change: RetryDelivery, now: datetime) -> Doc:
    row = stores.outbox.get(change.id, change.within)
    if row is None:
        raise NotFound("no_delivery", id=change.id[:64])
    if row.kind == "event":  # its receiver knows it by its id: it may come again
        stores.outbox.resend(row.id, now)
    elif row.state == "sent":
        raise WrongState("delivery_not_retriable", id=row.id)
    else:
        stores.outbox.retry(row.id, now)
    return one(stores, "deliveries", row.id, change.within)


CHANGES = {RetryDelivery: _retry}
