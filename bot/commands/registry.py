"""Finds the verb that was meant, in either language, spaced or not, and the nearest one when there is none."""

from __future__ import annotations

import difflib
import importlib
import re
from collections.abc import Iterator
from functools import cache

from bot.commands import NAMES
from bot.turn import Verb, simple

_LEAD = re.compile(r"^\s*(?:/ticket\b|/?工单)?\s*", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+|[^\sA-Za-z0-9:]+")


@cache
def all_verbs() -> tuple[Verb, ...]:
    """Every verb, in help order."""
    return tuple(importlib.import_module(f"bot.commands.{name}").VERB for name in NAMES)


@cache
def _words() -> dict[str, Verb]:
    found = {word: verb for verb in all_verbs() for word in (verb.name, *verb.chinese)}
    return found | {"?": found["help"]}


def find(word: str) -> Verb | None:
    """The verb of exactly this word."""
    return _words().get(simple(word).casefold())


def parse(source: str) -> tuple[Verb, int] | None:
    """The verb a message begins with and where what follows begins; None when it begins with none."""
    text = simple(source)
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
    """The message as it may have been meant: its first word mended, the rest as it is. None when nothing is like that word.

    Chinese needs no space, so of a run of characters those that a word may take are looked at: 任领1024, 备住已联系.
    """
    text = simple(source)
    lead = _LEAD.match(text)
    word = _WORD.match(text, lead.end() if lead else 0)
    if word is None:
        return None
    said = word[0].casefold()[:20]
    found = max(_like(said), default=None)
    if found is None:
        return None
    _, known, taken = found
    rest = " ".join(text[word.start() + taken :].split())
    return f"{known} {rest}"[:60].strip()


def _like(said: str) -> Iterator[tuple[float, str, int]]:
    """(how like, a word, how much of what was said it takes the place of)."""
    for known in _words():
        if known.isascii() is not said.isascii():
            continue
        if known.isascii():
            ratio = difflib.SequenceMatcher(None, said, known).ratio()
            if ratio >= 0.5:
                yield ratio, known, len(said)
        elif len(known) > 1:
            # As many characters, one of them another: the first one the same rather than the last. Or one too few.
            same = [ours == theirs for ours, theirs in zip(known, said, strict=False)]
            if len(same) == len(known) and sum(same) == len(known) - 1:
                yield 1 - 1 / len(known) + 0.1 * same[0], known, len(known)
            elif difflib.SequenceMatcher(None, said[: len(known) - 1], known).ratio() >= 0.75:
                yield 0.55, known, len(known) - 1
