"""How good the answers are: shares of right ones, by language and by label, of the half that is surest, and which are taken for which."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from bot.classifying.guess import OTHER, Guess


class Answer(NamedTuple):
    """What was right, what was said, how sure."""

    right: str
    said: str
    score: float
    lang: str = ""


@dataclass(frozen=True, slots=True)
class OfLabel:
    """A label's figures, 0 to 1; `many` messages are about it."""

    precision: float
    recall: float
    f1: float
    many: int


@dataclass(frozen=True, slots=True)
class Measured:
    """All shares from 0 to 1. `false_tags`: messages about something else that got a label; None where there are none."""

    many: int
    accuracy: float
    macro_f1: float
    surest_half: float
    false_tags: float | None
    languages: dict[str, tuple[float, float, int]] = field(default_factory=dict)  # accuracy, macro-F1, messages
    labels: dict[str, OfLabel] = field(default_factory=dict)
    taken_for: tuple[tuple[str, str, int], ...] = ()  # right, said, how often


def answers(rows: Iterable[dict[str, Any]], judge: Callable[[str], Guess]) -> list[Answer]:
    """Of rows with a `label` (or `tag`) each."""
    found = []
    for row in rows:
        said = judge(row["text"])
        found.append(Answer(str(row.get("label") or row.get("tag")), said.label, said.score, str(row.get("lang") or "")))
    return found


def measured(found: Sequence[Answer]) -> Measured:
    """Macro-F1 is over the labels that occur in what is right, each counting the same."""
    languages: dict[str, list[Answer]] = defaultdict(list)
    for each in found:
        if each.lang:
            languages[each.lang].append(each)
    surest = sorted(found, key=lambda each: -each.score)[: max(1, len(found) // 2)]
    off = [each for each in found if each.right == OTHER]
    confused = Counter((each.right, each.said) for each in found if each.right != each.said)
    return Measured(
        len(found), _accuracy(found), _macro(found), _accuracy(surest), 1 - _accuracy(off) if off else None,
        {lang: (_accuracy(those), _macro(those), len(those)) for lang, those in sorted(languages.items())},
        _labels(found), tuple((*pair, many) for pair, many in confused.most_common(12)),
    )  # fmt: skip


def _accuracy(found: Sequence[Answer]) -> float:
    return sum(each.right == each.said for each in found) / max(1, len(found))


def _macro(found: Sequence[Answer]) -> float:
    labels = _labels(found)
    return sum(each.f1 for each in labels.values()) / max(1, len(labels))


def _labels(found: Sequence[Answer]) -> dict[str, OfLabel]:
    right, said = Counter(each.right for each in found), Counter(each.said for each in found)
    both = Counter(each.right for each in found if each.right == each.said)
    return {
        label: OfLabel(both[label] / max(1, said[label]), both[label] / many, 2 * both[label] / (many + said[label]), many)
        for label, many in sorted(right.items())
    }
