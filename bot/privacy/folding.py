"""A text as rules read it: digits are plain ones, what has no width is gone; and the way back to the original's places."""

from __future__ import annotations

from bot.privacy.spans import Span

_FULL = {0xFF01 + shift: 0x21 + shift for shift in range(94)} | {0x3000: 0x20, 0xA0: 0x20, 0x2007: 0x20, 0x202F: 0x20}
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63), 0x2D)
_DIGITS = {base + digit: 0x30 + digit for base in (0x0E50, 0x0660, 0x06F0) for digit in range(10)}
_TABLE = _FULL | _DASHES | _DIGITS
_NOTHING = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066\u2067\u2068\u2069\ufeff")


class Folded:
    """`text` is what rules read."""

    __slots__ = ("_places", "text")

    def __init__(self, original: str) -> None:
        self._places: list[int] | None = None
        if not original.isascii() and not _NOTHING.isdisjoint(original):
            self._places = [place for place, sign in enumerate(original) if sign not in _NOTHING]
            original = "".join(original[place] for place in self._places)
        self.text = original if original.isascii() else original.translate(_TABLE)

    def back(self, span: Span) -> Span:
        """The same stretch, in the original's characters."""
        if self._places is None:
            return span
        return Span(self._places[span.start], self._places[span.end - 1] + 1, span.type)
