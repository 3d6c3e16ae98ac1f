"""What a message is about, as a person is told: a label or `other`, how sure, the second guess, what else is in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

OTHER = "other"
ALSO = 0.55  # how sure a clause has to be by itself to be another issue
MOST_CLAUSES = 12
_SHORTEST = 12  # characters of a clause that says something by itself; of Chinese a third
_CLAUSE = re.compile(
    r"[.!?;。！？；\n…]+\s*"
    r"|,\s+(?=(?:and|also|plus|but|dan|juga|tapi|terus)\b)"
    r"|[,，](?=(?:而且|还有|另外|并且|同时|也))"
    r"|\s+(?=แล้วก็|และ|อีกอย่าง)"
)
Chances = Callable[[str], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Guess:
    """`score` is the chance that `label` is right. `unsure`: a person should look; `best` are the two likeliest labels then, too."""

    label: str
    score: float
    second: str
    best: tuple[str, str]
    also: tuple[str, ...] = ()
    unsure: bool = False

    @property
    def guesses(self) -> tuple[str, ...]:
        """What else to offer: two labels where it is unsure, the second guess where it is not."""
        return self.best if self.unsure else (self.second,)


def guess(text: str, labels: Sequence[str], chances: Chances, floors: Sequence[float], clauses: Chances | None = None) -> Guess:
    """`clauses` judges one clause alone, where that is to cost less than `chances`.

    `floors`: how sure each label has to be; that of `other` is the chance from which on a message is said to be about something else.
    """
    whole, other = chances(text), labels.index(OTHER)
    ranked = sorted(range(len(labels)), key=lambda each: -whole[each])
    named = [each for each in ranked if each != other]
    best = (labels[named[0]], labels[named[1]])
    nothing = whole[other] > floors[other] or whole[named[0]] < floors[named[0]]
    first = other if nothing else named[0]
    unsure = nothing and ranked[0] != other
    runner = next(each for each in ranked if each != first)
    return Guess(
        labels[first], round(whole[first], 4), labels[runner], best, _also(text, labels[first], labels, clauses or chances), unsure
    )


def _also(text: str, label: str, labels: Sequence[str], chances: Chances) -> tuple[str, ...]:
    """Other issues: what a clause says by itself, surely."""
    clauses = _clauses(text)
    if len(clauses) < 2 or label == OTHER:
        return ()
    found: dict[str, float] = {}
    for clause in clauses[:MOST_CLAUSES]:
        alone = chances(clause)
        most = max(range(len(labels)), key=alone.__getitem__)
        if alone[most] >= ALSO and labels[most] not in (label, OTHER):
            found[labels[most]] = max(found.get(labels[most], 0.0), alone[most])
    return tuple(sorted(found, key=lambda each: -found[each])[:2])


def _clauses(text: str) -> list[str]:
    ends = [0, *(each.end() for each in _CLAUSE.finditer(text)), len(text)]
    parts = (text[start:end].strip() for start, end in pairwise(ends))
    return [part for part in parts if len(part.encode()) >= _SHORTEST]
