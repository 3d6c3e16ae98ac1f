"""Answers questions: each of `bot.messages.asks` with the documents it promises.

One file per subject; each says which `READERS` and `LISTS` (by kind) and `ANSWERS` (by type) are its own, and which answers are `QUICK`: a
few reads by key.
"""

from __future__ import annotations

import importlib
from functools import cache
from types import ModuleType
from typing import Any

from bot.asking.people import digest, key_id
from bot.asking.usual import seen_ticket
from bot.errors import NotFound
from bot.house import House
from bot.messages import Doc, Get, ListOf
from bot.stores import Stores

SUBJECTS = (
    "accounts",
    "audit",
    "chats",
    "custom",
    "desks",
    "figures",
    "freezes",
    "happenings",
    "hooks",
    "jobs",
    "keeping",
    "merchants",
    "orders",
    "people",
    "policies",
    "reports",
    "reviews",
    "rota",
    "sending",
    "tickets",
)
__all__ = ["ask", "digest", "key_id", "one", "quick", "seen_ticket"]


def ask(stores: Stores, house: House, query: Any) -> Any:
    """The answer. Raises NotFound, BadUsage (a bad cursor), Unauthentic."""
    if isinstance(query, Get):
        return one(stores, query.kind, query.id, query.within)
    if isinstance(query, ListOf):
        return _table("LISTS")[query.kind](stores, house, query)
    return _table("ANSWERS")[type(query)](stores, house, query)


def quick(query: Any) -> bool:
    """Whether a few reads by key answer it."""
    return isinstance(query, Get) or type(query) in _quick()


def one(stores: Stores, kind: str, id: str, within: str | None) -> Doc:
    """One thing's document. Raises NotFound."""
    doc: Doc | None = _table("READERS")[kind](stores, id, within)
    if doc is None:
        raise NotFound("no_such", kind=kind.replace("ies", "y").rstrip("s"), id=id[:80])
    return doc


@cache
def _table(name: str) -> dict[Any, Any]:
    """What all the subjects' tables of that name hold."""
    return {key: work for subject in _subjects() for key, work in getattr(subject, name, {}).items()}


@cache
def _quick() -> frozenset[type]:
    return frozenset(each for subject in _subjects() for each in getattr(subject, "QUICK", ()))


def _subjects() -> list[ModuleType]:
    return [importlib.import_module(f"bot.asking.{each}") for each in SUBJECTS]
