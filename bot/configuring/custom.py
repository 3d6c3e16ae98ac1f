"""Merchants' own fields of tickets. What tickets hold stays as it is when a field is changed or removed, so that either can be undone."""

from __future__ import annotations

from datetime import datetime

from bot import views
from bot.custom import MOST, CustomField
from bot.errors import BadUsage, NotFound
from bot.house import House
from bot.messages import Doc, Put, Remove
from bot.stores import Stores


def _put(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    merchant_id = change.doc.get("merchant_id") or change.within
    if merchant_id is None:
        raise BadUsage("field_whose", field="merchant_id")
    if change.within not in (None, merchant_id) or stores.merchants.get(merchant_id) is None:
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    known = stores.custom.of(merchant_id)
    if len(known) >= MOST and change.id not in {each.key for each in known}:
        raise BadUsage("too_many", field="key", most=MOST)
    field = CustomField(
        merchant_id, change.id, change.doc["type"], change.doc["label"], tuple(change.doc.get("choices") or ()), now
    )  # fmt: skip
    stores.custom.put(field)
    return views.custom_field_doc(field)


def _remove(stores: Stores, house: House, change: Remove, now: datetime) -> None:
    if change.within is not None:
        stores.custom.delete(change.within, change.id)


PUTS = {"custom-fields": _put}
REMOVES = {"custom-fields": _remove}
