"""The engine by hand: which stages answer, files of messages, and learning anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.classifying import classify, judge, lexical, meaning, measuring, samples
from bot.classifying.guess import OTHER, Guess
from bot.classifying.samples import BadLine, Sample
from bot.errors import BotError
from bot.ticket import CATEGORIES


class CannotLearn(BotError):
    """Training needs what is not installed."""


class Engine:
    """For the command line."""

    def __init__(self, taught: Sequence[tuple[str, str, str]] = ()) -> None:
        """`taught`: subject, message and label of what people have corrected, to learn from as well."""
        self._judge, self._taught = classify, taught

    def choose(self, *, lexical: bool) -> str:
        """Which stages answer from here on."""
        both = not lexical and meaning.ready() is not None
        self._judge = judge if both else classify
        return "lexical and meaning" if both else "lexical"

    def judge(self, text: str) -> Guess:
        """What it is about."""
        return self._judge(text)

    def rows(self, lines: Sequence[str]) -> list[dict[str, Any]]:
        """JSON Lines. Raises BadLine that names the line."""
        return [row for _, row in samples.rows(lines)]

    def measured(self, rows: Sequence[dict[str, Any]]) -> measuring.Measured:
        """How many of them it gets right."""
        return measuring.measured(measuring.answers(list(rows), self.judge))

    def learn(self, lines: Sequence[str], out: Path | None = None) -> str:
        """Trains on what is shipped and on these lines; writes the model and says its hash."""
        from bot.classifying.training import trained  # noqa: PLC0415  # numpy: only who trains needs it

        given = [*samples.shipped(), *samples.corrected(self._taught), *map(_given, samples.rows(lines))]
        with _numpy("--train"):
            words = trained(given, CATEGORIES)
        told = [f"corrections learned from: {len(self._taught)}"] if self._taught else []
        told += [_kept(words.body, out or lexical.SHIPPED), words.told]
        if meaning.ready() is not None and out is None:
            from bot.classifying import sensing  # noqa: PLC0415  # likewise

            body, figures = sensing.trained(given, CATEGORIES, sensing.vectors(given), words.held_out)
            told += [_kept(body, meaning.HEAD), figures]
        return "\n".join(told)

    def folded(self, lines: Sequence[str]) -> str:
        """How the words alone do on these lines, each fifth by a model that has learned from the other four and nothing else."""
        from bot.classifying.training import trained  # noqa: PLC0415  # likewise

        rows = [_given(each) for each in samples.rows(lines)]
        there = {each.label for each in rows}
        if len(there) < 2:
            raise CannotLearn("--folds needs messages of two labels at least")
        labels = [each for each in CATEGORIES if each in there or each == OTHER]
        with _numpy("--folds"):
            return trained(rows, labels).told


@contextmanager
def _numpy(word: str) -> Iterator[None]:
    try:
        yield
    except ImportError:
        raise CannotLearn(f"{word} needs numpy: pip install -r requirements/semantic.txt") from None


def _kept(body: bytes, place: Path) -> str:
    place.write_bytes(body)
    return f"{hashlib.sha256(body).hexdigest()}  {place.name}"


def _given(line: tuple[int, dict[str, Any]]) -> Sample:
    number, row = line
    label = str(row.get("label") or row.get("tag"))
    if label not in CATEGORIES:
        raise BadLine(f"line {number}: {label[:60]!r} is no label; known: {', '.join(CATEGORIES)}")
    return Sample(row["text"], label, str(row.get("lang") or ""), str(row.get("scenario") or f"line {number}"))
