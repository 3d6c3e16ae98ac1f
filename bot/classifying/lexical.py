"""The model that always answers: what a message's grams say together, in well under a millisecond, with nothing but Python."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path

from bot.classifying import packed
from bot.classifying.grams import grams

SHIPPED = Path(__file__).parent / "lexical.model"
Lessons = Mapping[str, Sequence[float]]  # of a gram: what a merchant's own corrections add for each label


class Lexical:
    """`lessons` make it a merchant's own; without them it is the one that is shipped."""

    def __init__(self, model: packed.Packed, lessons: Lessons | None = None) -> None:
        self.model, self.labels, self._lessons = model, model.labels, lessons or {}

    def scores(self, text: str) -> list[float]:
        """For each label, comparable with each other only. Of a text in which nothing is known: what is usual."""
        return self.weighed(grams(text))

    def weighed(self, found: Collection[str]) -> list[float]:
        """The same of its grams."""
        model, many = self.model, len(self.labels)
        rows = [row for row in map(model.table.get, found) if row is not None]
        known = len(rows)
        root = math.sqrt(known or 1)
        lanes = sum(rows).to_bytes(many * packed.LANE + 1, "little")
        unit, middle = model.scale / root, packed.MIDDLE * known
        sums = [int.from_bytes(lanes[at : at + packed.LANE], "little") - middle for at in range(0, many * packed.LANE, packed.LANE)]
        scores = [unit * total + usual for total, usual in zip(sums, model.bias, strict=True)]
        for gram in self._lessons.keys() & found if self._lessons else ():
            scores = [score + more / root for score, more in zip(scores, self._lessons[gram], strict=True)]
        return scores

    def chances(self, text: str) -> list[float]:
        """For each label, summing to 1, and meant: of all that get 0.8, about eight in ten are right."""
        return softmax(self.scores(text), self.model.sharpness)


def softmax(scores: Sequence[float], sharpness: float = 1.0) -> list[float]:
    """Scores as chances."""
    most = max(scores)
    grown = [math.exp(sharpness * (score - most)) for score in scores]
    whole = sum(grown)
    return [each / whole for each in grown]


@cache
def shipped() -> Lexical:
    """Read once, in a fifth of a second or less; `SecondLook.warm` does so where nobody waits."""
    return Lexical(packed.read(SHIPPED.read_bytes()))
