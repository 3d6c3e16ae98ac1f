"""What of a message the model looks at: its words, pairs of words, parts of words, and the notions that phrases stand for."""

from __future__ import annotations

from bot.classifying import notions
from bot.classifying.normal import plain

_LATIN, _THAI, _HAN = range(3)


def grams(text: str) -> set[str]:
    """All of them, each once."""
    pieces = plain(text)
    found: set[str] = set(pieces)
    add = found.add
    before = "^"
    for piece in pieces:
        add(f"{before} {piece}")
        before = piece
        if piece[0] < "\u0e00":
            if len(piece) > 2:
                whole = f"_{piece}_"
                for size in (3, 4, 5):
                    for at in range(len(whole) - size + 1):
                        add(whole[at : at + size])
            continue
        for size in (2, 3, 4, 5, 6) if piece[0] < "\u0e80" else (1, 2, 3, 4):
            for at in range(len(piece) - size + 1):
                add(piece[at : at + size])
    found.update(notions.found(pieces))
    return found
