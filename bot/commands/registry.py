"""Finds the verb that was meant, in either language, spaced or not, and the nearest one when there is none."""

from __future__ import annotations

import difflib
import importlib
import re
from functools import cache

from bot.commands import NAMES
from bot.turn import Verb, plain

_LEAD = re.compile(r"^\s*(?:/ticket\b|/?工单)?\s*", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+|[^\sA-Za-z0-9:]+")


@cache
def all_verbs() -> tuple[Verb, ...]:
    """Every verb, in help order."""
    return tuple(importlib.import_module(f"bot.commands.{name}").VERB for name in NAMES)


@cache
def _words() -> dict[str, Verb]:
    return {word: verb for verb in all_verbs() for word in (verb.name, *verb.chinese)}


def find(word: str) -> Verb | None:
    """The verb of exactly this word."""
    return _words().get(plain(word).casefold())


def parse(source: str) -> tuple[Verb, int] | None:
    """The verb a message begins with and where what follows begins; None when it begins with none."""
    text = plain(source)
    start = _LEAD.match(text)
    at = start.end() if start else 0
    word = _WORD.match(text, at)
    if word is None:
        return None
    said = word[0].casefold()
    if said in _words():
        return _words()[said], word.end()
    # Chinese needs no space: 认领1024, 备注1024已联系, 列表我的
    for known in sorted(_words(), key=len, reverse=True):
        if not known.isascii() and said.startswith(known) and known != "我":
            return _words()[known], at + len(known)
    return None


def nearest(source: str) -> str | None:
    """The word most like the first one said, or None when nothing is like it."""
    text = plain(source).strip().casefold()
    first = text.split()[0] if text.split() else ""
    close = difflib.get_close_matches(first[:20], list(_words()), n=1, cutoff=0.5)
    return close[0] if close else None
