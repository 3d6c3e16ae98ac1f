"""Text for Slack's messages: harmless whoever wrote it, and never longer than Slack takes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

NOTHING = "–"  # Slack rejects empty text objects

# Lone surrogates can't be sent at all; control characters and overrides of the writing direction can disguise what a text says.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}  # https://docs.slack.dev/messaging/formatting-message-text#escaping
_JOINERS = "\u200d\ufe0e\ufe0f"


def clean(text: str) -> str:
    """Without what no reader should get; line ends as Slack writes them."""
    if text.isprintable():  # most are, and nothing harmful is
        return text
    return _HARMFUL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escaped(text: str, most: int) -> str:
    """The text with `&`, `<` and `>` as entities, at most so long after that, cut between whole characters with `…`."""
    text = clean(text).strip()
    if not text:
        return NOTHING
    if len(text) * 5 <= most:
        return _escape(text)
    return next(_pieces(text, most, cut=True))


def shortened(text: str, most: int) -> str:
    """The text itself, so much of it that it takes at most so many characters once it is escaped."""
    if len(text) * 5 <= most:
        return text
    end = _end(text, 0, most)
    return text if end == len(text) else text[: _end(text, 0, most - 1)].rstrip() + "…"


def fitting(text: str, most: int) -> str:
    """The text as it is, for where Slack unescapes nothing (what stands in an input): at most so many UTF-16 units."""
    units = clean(text).encode("utf-16-le")
    if len(units) <= 2 * most:
        return units.decode("utf-16-le")
    return units[: 2 * (most - 1)].decode("utf-16-le", "ignore").rstrip() + "…"


def split(text: str, most: int) -> list[str]:
    """The escaped text in pieces of at most so many characters, parted at line ends where there are some."""
    text = clean(text).strip()
    return [piece for piece in _pieces(text, most, cut=False) if piece.strip()] if text else []


def plain(text: str, most: int) -> dict[str, Any]:
    """A text object in which nothing is markup, a mention or an emoji's name, whatever it holds."""
    return {"type": "plain_text", "text": escaped(text, most), "emoji": False}


def plain_escaped(piece: str) -> dict[str, Any]:
    """The same of a piece that `split` has made."""
    return {"type": "plain_text", "text": piece, "emoji": False}


def _pieces(text: str, most: int, *, cut: bool) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = _end(text, start, most)
        if end == len(text):
            yield _escape(text[start:end])
            return
        if cut:
            yield _escape(text[start : _end(text, start, most - 1)]).rstrip() + "…"
            return
        line = text.rfind("\n", start + 1, end)
        end = line if line > start + (end - start) // 2 else end
        yield _escape(text[start:end])
        start = end + (text[end : end + 1] == "\n")


def _end(text: str, start: int, most: int) -> int:
    """Where a piece of that escaped size ends, not inside a character made of several code points."""
    if len(text) - start <= most and _length(text[start:]) <= most:
        return len(text)
    size, at = 0, start
    while at < len(text):
        size += _size(text[at])
        if size > most:
            break
        at += 1
    if at == len(text):
        return at
    whole = at
    while whole > start and (_joined(text[whole]) or text[whole - 1] == "\u200d"):
        whole -= 1
    return whole if whole > start and at - whole < 32 else max(at, start + 1)


def _joined(char: str) -> bool:
    return char in _JOINERS or unicodedata.combining(char) != 0 or "\U0001f3fb" <= char <= "\U0001f3ff"


def _size(char: str) -> int:
    """Counted as UTF-16 does, the stricter of the two readings of "characters" in Slack's limits."""
    return len(_ENTITIES.get(char, char)) + (char > "\uffff")


def _length(text: str) -> int:
    """What `_size` adds up to, for a whole text at once."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2 + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
