"""How often the language of a text is told right: `python -m tests.bench tongues`; `python -m tests.bench.tongues` makes words.txt anew.

The texts are the classifier's, which are labelled by language. Measured on scenarios that the words were not taken from (five folds).
"""

from __future__ import annotations

import json
import math
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import bot.tongues.detecting as own
from bot.tongues import base, detect
from tests.bench.databases import Databases
from tests.bench.table import Figure

TEXTS = Path(own.__file__).parent.parent / "classifying" / "texts"
FOLDS, RARE = 5, 3
PINYIN = "pinyin"


SHORTEST = 6  # words


def rows() -> list[tuple[str, str, str]]:
    """(text, language, scenario) of six words or more, or in a script of their own: many a shorter one is the same in two languages.

    Chinese in Latin letters is left out: nothing here claims to tell it."""
    found = [json.loads(line) for path in sorted(TEXTS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    told = [(each["text"], each["lang"], f"{each['scenario']}") for each in found]
    han = [each for each in told if each[1] != "zh" or any("\u3400" <= sign <= "\u9fff" for sign in each[0])]
    return [each for each in han if each[1] not in own.LATIN or len(each[0].split()) >= SHORTEST]


def learned(some: Iterable[tuple[str, str, str]]) -> dict[str, tuple[int, ...]]:
    """How much each word speaks for each language, in tenths of a nat over the least that it speaks for any."""
    seen: dict[str, Counter[str]] = {name: Counter() for name in own.LATIN}
    for text, language, _ in some:
        if language in seen:
            seen[language].update(own._WORD.findall(own._NOISE.sub(" ", text.casefold())))
    totals = {name: sum(many.values()) for name, many in seen.items()}
    found = {}
    for word in set().union(*seen.values()):
        counts = [seen[name][word] for name in own.LATIN]
        if sum(counts) < RARE or len(word) < 2:
            continue
        odds = [math.log((seen[name][word] + 0.5) / (totals[name] + 1_000)) for name in own.LATIN]
        scores = tuple(min(round(10 * (each - min(odds))), 60) for each in odds)
        if max(scores) >= 10:
            found[word] = scores
    return found


def held_out(some: Sequence[tuple[str, str, str]]) -> list[tuple[str, str | None]]:
    """(language, what is told) of every text, by words of other scenarios alone."""
    told: list[tuple[str, str | None]] = []
    shipped = own._table
    try:
        for fold in range(FOLDS):
            table = learned(each for each in some if zlib.crc32(each[2].encode()) % FOLDS != fold)
            own._table = lambda: table  # type: ignore[assignment]  # noqa: B023
            mine = [each for each in some if zlib.crc32(each[2].encode()) % FOLDS == fold]
            told += [(language, detect(text)) for text, language, _ in mine]
    finally:
        own._table = shipped
    return told


async def measured(databases: Databases) -> list[Figure]:
    """The share told right, by language; what is told as another; what is not told."""
    del databases
    told = held_out(rows())
    found = []
    for name in ("zh", "th", "en", "ms", "id"):
        mine = [base(said) if said else None for language, said in told if language == name]
        right, silent = sum(each == name for each in mine), sum(each is None for each in mine)
        shown = f"{right / len(mine):.1%} right, {silent / len(mine):.1%} not told, of {len(mine)}"
        found.append(Figure(f"language of {name} texts", shown, goal="≥ 90 %", ok=right / len(mine) >= 0.9))
    return found


if __name__ == "__main__":
    made = learned(rows())
    lines = [" ".join((word, *map(str, scores))) for word, scores in sorted(made.items())]
    (Path(own.__file__).parent / "words.txt").write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} words")
