"""Makes changes that are not about one ticket's life.

One file per subject; each says which `PUTS` and `REMOVES` (by kind) and `CHANGES` (by type) are its own.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from bot import noting
from bot.asking import one
from bot.house import House
from bot.messages import Doc, Put, Remove
from bot.stores import Stores

SUBJECTS = (
    "accounts",
    "admins",
    "chats",
    "connections",
    "custom",
    "deliveries",
    "freezes",
    "keeping",
    "merchants",
    "orders",
    "people",
    "policies",
    "reviews",
    "rota",
    "tickets",
    "translations",
    "webhooks",
)
Work = Callable[[Stores, House, Any, datetime], Doc]


def configure(stores: Stores, house: House, change: Any, now: datetime) -> Doc:
    """The thing as it is after, and an entry in the audit log with it. Raises Refused; nothing is stored then."""
    done = _made(stores, house, change, now)
    noting.changed(stores, change, now)
    return done


def _made(stores: Stores, house: House, change: Any, now: datetime) -> Doc:
    if isinstance(change, Put):
        return _table("PUTS")[change.kind](stores, house, change, now)
    if isinstance(change, Remove):
        doc = one(stores, change.kind, change.id, change.within)
        _table("REMOVES")[change.kind](stores, house, change, now)
        return doc
    return _table("CHANGES")[type(change)](stores, house, change, now)


@cache
def _table(name: str) -> dict[Any, Work]:
    """What all the subjects' tables of that name hold."""
    modules = [importlib.import_module(f"bot.configuring.{each}") for each in SUBJECTS]
    return {key: work for module in modules for key, work in getattr(module, name, {}).items()}
