"""`run_bot.py classify …`: the classification engine by hand, on a text, on files, and how it is trained."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from bot.errors import BotError


class Engine(Protocol):
    """What the command line asks of the engine; run_bot introduces them."""

    def choose(self, *, lexical: bool) -> str:
        """Which stages answer from here on: `lexical` alone, or both where there are two. Told in a word."""
        ...

    def judge(self, text: str) -> Any:
        """A Guess: `label`, `score`, `second`, `also`, `unsure`."""
        ...

    def rows(self, lines: Sequence[str]) -> list[dict[str, Any]]:
        """JSON Lines. Raises BotError that names the line."""
        ...

    def measured(self, rows: Sequence[dict[str, Any]]) -> Any:
        """A Measured."""
        ...

    def learn(self, lines: Sequence[str], out: Path | None) -> str:
        """Trains, writes the model, says its hash."""
        ...

    def folded(self, lines: Sequence[str]) -> str:
        """Figures of five folds over these lines."""
        ...


class Failed(BotError):
    """The command could not be done; the message says why."""


def words(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("text", nargs="?", metavar="TEXT", help="say what this message is about")
    parser.add_argument("--evaluate", type=Path, metavar="FILE", help='how many of {"text","label"} lines it gets right')
    parser.add_argument("--predict", type=Path, metavar="FILE", help='{"text"} lines → {"text","label","score","also"} lines')
    parser.add_argument("--train", type=Path, nargs="*", metavar="FILE", help="learn anew: its own messages, corrections, these files")
    parser.add_argument(
        "--folds", type=Path, nargs="+", metavar="FILE", help="five folds over labelled messages, by words alone; keeps nothing"
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where --train puts the model (its own place)")
    parser.add_argument("--lexical", action="store_true", help="by words alone, even where the stage that reads meaning is installed")
    parser.set_defaults(wrong=parser.error)


def _checked(given: argparse.Namespace) -> None:
    asked = [
        given.text is not None,
        given.evaluate is not None,
        given.predict is not None,
        given.train is not None,
        given.folds is not None,
    ]
    if sum(asked) != 1:
        given.wrong("one of TEXT, --evaluate FILE, --predict FILE, --train [FILE…], --folds FILE…")


def run(given: argparse.Namespace, engine: Engine) -> None:
    """Does the one thing that was asked. Raises Failed, or BotError that names the line."""
    _checked(given)
    if given.train is not None:
        print(engine.learn([line for path in given.train for line in _lines(path)], given.out))
        return
    if given.folds is not None:
        print(engine.folded([line for path in given.folds for line in _lines(path)]))
        return
    stages = engine.choose(lexical=given.lexical)
    if given.text is not None:
        _told(engine.judge(given.text), stages)
    elif given.predict is not None:
        for row in engine.rows(_lines(given.predict)):
            found = engine.judge(row["text"])
            doc = {"text": row["text"], "label": found.label, "score": found.score, "also": list(found.also)}
            print(json.dumps(doc, ensure_ascii=False))
    else:
        rows = engine.rows(_lines(given.evaluate))
        if not rows or any(not (row.get("label") or row.get("tag")) for row in rows):
            raise Failed(f"{given.evaluate}: each line needs a label; --predict takes lines without")
        _figures(engine.measured(rows), stages)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise Failed(f"{path}: not UTF-8") from None


def _told(found: Any, stages: str) -> None:
    print(f"{found.label}  {found.score:.2f}" + ("  (unsure: a person should look)" if found.unsure else ""))
    print(f"second guess: {found.second}" + (f"; also: {', '.join(found.also)}" if found.also else "") + f"  [{stages}]")


def _figures(found: Any, stages: str) -> None:
    print(f"messages     {found.many}  [{stages}]")
    print(f"accuracy     {found.accuracy:.4f}")
    print(f"macro-F1     {found.macro_f1:.4f}")
    print(f"surest half  {found.surest_half:.4f}")
    if found.false_tags is not None:
        print(f"false tags   {found.false_tags:.4f}  (of messages about something else)")
    print("\nlanguage  accuracy  macro-F1  messages")
    for lang, (accuracy, macro, many) in found.languages.items():
        print(f"{lang:<8}  {accuracy:8.4f}  {macro:8.4f}  {many:8}")
    print("\nlabel                    precision  recall  F1      messages")
    for label, each in found.labels.items():
        print(f"{label:<24} {each.precision:9.4f}  {each.recall:.4f}  {each.f1:.4f}  {each.many:8}")
    print("\ntaken for")
    for right, said, many in found.taken_for:
        print(f"{many:4}  {right} → {said}")
