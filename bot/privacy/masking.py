"""A text with what tells of a person masked: what is stored in the clear, searched, shown and sent."""

from __future__ import annotations

from collections.abc import Sequence

from bot.privacy.detecting import find
from bot.privacy.mask import mask_value

TIMES = 4  # what is masked may uncover what stood beside it; each time less is left


def mask_text(text: str, known: Sequence[tuple[str, str]] = ()) -> str:
    """Masked again, it stays as it is."""
    for _ in range(TIMES):
        spans = find(text, known)
        masked, end = [], 0
        for span in spans:
            masked += [text[end : span.start], mask_value(span.type, text[span.start : span.end])]
            end = span.end
        after = "".join([*masked, text[end:]])
        if after == text:
            break
        text = after
    return text
