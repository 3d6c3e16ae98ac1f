"""`run_bot.py mask …`: what is masked in a text, by hand, on a text or on a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bot.errors import BotError
from bot.privacy import find, mask_text


class Failed(BotError):
    """The command could not be done; the message says why."""


def words(parser: argparse.ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("text", nargs="?", metavar="TEXT", help="show it as it would be stored and sent")
    parser.add_argument("--predict", type=Path, metavar="FILE", help='{"text"} lines → {"text","spans":[{"start","end","type"}]} lines')
    parser.set_defaults(wrong=parser.error)


def run(given: argparse.Namespace) -> None:
    """Does the one thing that was asked. Raises Failed, which names the line."""
    if (given.text is None) == (given.predict is None):
        given.wrong("one of TEXT, --predict FILE")
    if given.text is not None:
        print(mask_text(given.text))
        return
    for number, line in enumerate(_lines(given.predict), 1):
        if line.strip():
            text = _text(line, f"{given.predict}, line {number}")
            spans = [{"start": each.start, "end": each.end, "type": each.type} for each in find(text)]
            print(json.dumps({"text": text, "spans": spans}, ensure_ascii=False))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")
    except UnicodeDecodeError:
        raise Failed(f"{path}: not UTF-8") from None


def _text(line: str, place: str) -> str:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        raise Failed(f'{place}: not JSON; each line is {{"text": "…"}}') from None
    text = row.get("text") if isinstance(row, dict) else None
    if not isinstance(text, str):
        raise Failed(f'{place}: text is missing, or is no text; each line is {{"text": "…"}}')
    return text
