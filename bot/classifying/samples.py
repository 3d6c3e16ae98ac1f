"""What there is to learn from: the messages that were written for it, a share of open data, and what people corrected."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import BotError

TEXTS = Path(__file__).parent / "texts"
OPEN = "open"  # of the file whose rows are other people's collections
CORRECTED = 3.0  # what a person corrected counts more than what was thought up


class BadLine(BotError):
    """A line of a file is of no use; the message names it."""


class Sample(NamedTuple):
    """`scenario`: what samples share that were written about one situation; such are held out together."""

    text: str
    label: str
    lang: str
    scenario: str
    weight: float = 1.0
    also: tuple[str, ...] = ()


def shipped() -> list[Sample]:
    """The messages that come with the desk, in the order of their files."""
    return [sample for path in sorted(TEXTS.glob("*.jsonl")) for sample in _written(path)]


def corrected(taught: Iterable[tuple[str, str, str]]) -> list[Sample]:
    """Of subject, message and label. Each is a scenario of its own, unless the same words were corrected twice."""
    texts = [(message if message.startswith(subject) else f"{subject}\n{message}", label) for subject, message, label in taught]
    return [Sample(text, label, "", f"corrected:{text}", CORRECTED) for text, label in texts if text.strip()]


def _written(path: Path) -> Iterator[Sample]:
    foreign = path.stem == OPEN
    for _, row in rows(path.read_text("utf-8").splitlines()):
        scenario = f"{row['tag']}:{row['scenario']}"
        yield Sample(row["text"], row["tag"], row["lang"], scenario, 0.5 if foreign else 1.0, tuple(row.get("also") or ()))


def rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a JSON Lines file with their line numbers. Raises BadLine for one that is none, or has no text."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise BadLine(f'line {number}: not JSON; each line is an object such as {{"text": …, "label": …}}') from None
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise BadLine(f'line {number}: an object with a "text" that is a string is needed')
        yield number, row
