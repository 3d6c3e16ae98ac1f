"""Notions: phrases of all five languages that say the same thing, so that what was learned in one language helps in the others."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations
from pathlib import Path

MOST = 10  # of one message are paired: more is a letter about everything
_Phrases = dict[str, list[tuple[str, str]]]


def found(pieces: Sequence[str]) -> set[str]:
    """`§refund`, `§still_waiting`, and each two of them together: `§refund+still_waiting`."""
    text, phrases = " ".join(pieces) + " ", _phrases()
    names = set()
    for at in range(len(text) - 1):
        for phrase, name in phrases.get(text[at : at + 2], ()):
            if text.startswith(phrase, at) and (phrase[0] >= "\u0e00" or not at or text[at - 1] == " "):
                names.add(name)
    several = sorted(names)[:MOST]
    return {f"§{name}" for name in names} | {f"§{one}+{other}" for one, other in combinations(several, 2)}


@cache
def _phrases() -> _Phrases:
    """By their first two characters. A Latin phrase that is not to go on ends in a space."""
    found: _Phrases = {}
    for line in (Path(__file__).parent / "notions.txt").read_text("utf-8").splitlines():
        name, _, listed = line.partition(":")
        if line.startswith("#") or not listed:
            continue
        for phrase in (each.strip() for each in listed.split(",")):
            whole = phrase if phrase[0] >= "\u0e00" else phrase.removesuffix("~") if phrase.endswith("~") else f"{phrase} "
            found.setdefault(whole[:2], []).append((whole, name))
    return found
