"""Text from outside, made safe to stand in a mail: no control characters, no tricks with direction, never without end."""

from __future__ import annotations

import re

# NUL and other controls, bidirectional overrides and isolates, zero-width space, soft line separators.
# U+200C and U+200D stay: Persian and composed emoji need them.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]")
_NEWLINES = re.compile("\r\n?|\x85|\u2028|\u2029|\x0b|\x0c")
_BLANKS = re.compile(r"\n{3,}")


def clean(text: str, most: int, more: str = "…") -> str:
    """The text with newlines as `\\n`, at most about `most` characters; what is cut off is replaced by `more`."""
    cut = len(text) > most
    text = _HARMFUL.sub("", _NEWLINES.sub("\n", text[:most]))
    text = _BLANKS.sub("\n\n", text.encode("utf-8", "replace").decode()).strip()
    return f"{text}{more}" if cut else text


def one_line(text: str, most: int) -> str:
    """The same on one line: a header's value cannot end its header."""
    return " ".join(clean(" ".join(text[: most * 4].split()), most).split())
