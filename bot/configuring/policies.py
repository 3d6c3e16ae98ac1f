"""SLA policies."""

from __future__ import annotations

from datetime import datetime

from bot import ruling, views
from bot.house import House
from bot.messages import Doc, Put, Remove
from bot.stores import Stores


def _put(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    return views.policy_doc(ruling.put(stores, house, change, now))


def _remove(stores: Stores, house: House, change: Remove, now: datetime) -> None:
    rule = stores.policies.get(change.id, change.within)
    if rule is not None:
        ruling.remove(stores, rule, change.within, now)


PUTS = {"policies": _put}
REMOVES = {"policies": _remove}
