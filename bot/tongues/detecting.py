"""What a text is written in. Thai and Chinese are told by their script; English, Malay and Indonesian by the words that they use.

`words.txt` has, of the words that tell, how much each speaks for each of the three (tests/bench/tongues.py makes and measures it).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path

LATIN = ("en", "ms", "id")
MOST = 2_000  # characters that are looked at
ENOUGH, BETWEEN_NEIGHBOURS = 12, 6  # of evidence more than for the next; Malay and Indonesian share most of their words
_NOISE = re.compile(r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+|\[[^\]\n]{1,40}\]|\b\w*[0-9*]\w*\b")
_WORD = re.compile(r"[a-z]+(?:['’-][a-z]+)*")
_FOREIGN = re.compile("[à-öø-ÿāăąćčďđęěğıłńňőœřśşšťůűźżžơưạ-ỹ\u0370-\u05ff\u0600-\u06ff\u0900-\u0dff]")


def detect(text: str) -> str | None:
    """`zh-Hans`, `zh-Hant`, `en`, `ms`, `id`, `th`; None where nothing tells, or another language does."""
    plain = _NOISE.sub(" ", unicodedata.normalize("NFKC", text[:MOST]).casefold())
    found = script(plain)
    if found == "han":
        return "zh-Hant" if _traditional(plain) else "zh-Hans"
    return _latin(plain) if found == "latin" else found


def script(plain: str) -> str | None:
    """`th`, `han`, `latin`; None for any other, or none. A Thai or Chinese sentence may hold names in Latin letters."""
    seen: Counter[str] = Counter()
    for sign in plain:
        if "\u0e00" <= sign <= "\u0e7f":
            seen["th"] += 1
        elif "\u3040" <= sign <= "\u30ff" or "\uac00" <= sign <= "\ud7a3":
            seen["other"] += 2
        elif "\u3400" <= sign <= "\u9fff":
            seen["han"] += 2
        elif "a" <= sign <= "z":
            seen["latin"] += 1
        elif sign.isalpha():
            seen["other"] += 1
    if not seen:
        return None
    if seen["other"] * 4 > sum(seen.values()):
        return None
    written = {name: many * (1 if name == "latin" else 3) for name, many in seen.items() if name != "other"}
    return max(written, key=lambda name: written[name], default=None)


def _latin(plain: str) -> str | None:
    """By its words; marks that none of the three writes, and words that none of them knows, speak for another language."""
    words = _WORD.findall(plain)
    table = _table()
    known = [table[word] for word in words if word in table]
    if not known or len(_FOREIGN.findall(plain)) * 12 > len(plain.replace(" ", "")):
        return None
    if len(words) >= 4 and len(known) * 5 < len(words) * 2:
        return None
    total = {name: sum(row[place] for row in known) for place, name in enumerate(LATIN)}
    first, second = sorted(LATIN, key=lambda name: total[name], reverse=True)[:2]
    return first if total[first] - total[second] >= (ENOUGH if "en" in (first, second) else BETWEEN_NEIGHBOURS) else None


@cache
def _table() -> dict[str, tuple[int, ...]]:
    """Word → how much it speaks for each of `LATIN`."""
    rows = (line.split() for line in (Path(__file__).parent / "words.txt").read_text("utf-8").splitlines())
    return {word: tuple(int(each) for each in scores) for word, *scores in rows}


def _traditional(plain: str) -> bool:
    """Whether more of it is written only in traditional characters than only in simplified ones."""
    only_traditional, only_simplified = _hans()
    return sum(sign in only_traditional for sign in plain) > sum(sign in only_simplified for sign in plain)


@cache
def _hans() -> tuple[frozenset[str], frozenset[str]]:
    """Of the table that the classifier has of them."""
    traditional, simplified = (Path(__file__).parent.parent / "classifying" / "traditional.txt").read_text("utf-8").split()
    return frozenset(traditional) - frozenset(simplified), frozenset(simplified) - frozenset(traditional)
