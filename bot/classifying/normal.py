"""A message made comparable: one script, one case, and what only it has (numbers, addresses, names of orders) folded."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

MOST = 2_000  # characters that are looked at: what a ticket is about stands in its first lines, or in its last
_URL = re.compile(r"(?:https?://|www\.)\S+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*")
_ID = re.compile(r"(?<![a-z0-9])#?(?=[a-z0-9-]*[0-9])(?=[a-z0-9-]*[a-z])[a-z]{2,}[a-z0-9]*-?[0-9][a-z0-9-]{2,}")
_AMOUNT = re.compile(r"[0-9]+(?:[.,:/' -][0-9]+)+|[0-9]{2,}")
_DRAWN_OUT = re.compile(r"([^\W\d])\1{2,}")
_KINDS = re.compile(r"[a-z'§]+|[0-9]|[\u0e00-\u0e7f]+|[\u3040-\u30ff\u3400-\u9fff]+|[^\W\d_]+|[?!%$]")
_MARKS = re.compile("[\u0300-\u036f\u200b-\u200f\ufe00-\ufe0f]")


def plain(text: str) -> list[str]:
    """Its pieces in order: Latin words, single digits (longer numbers are `§`), runs of Thai or of Chinese, the signs that tell a tone."""
    if len(text) > MOST:
        text = f"{text[: MOST - 500]} {text[-500:]}"
    text = unicodedata.normalize("NFKC", text).lower().translate(_simplified())
    text = _MARKS.sub("", text)
    text = _MAIL.sub(" §mail ", _URL.sub(" §url ", text))
    text = _AMOUNT.sub(" § ", _ID.sub(" §id ", text)).replace("’", "'")
    pieces: list[str] = _KINDS.findall(_DRAWN_OUT.sub(r"\1", text))
    return pieces


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters to simplified ones; from OpenCC (Apache-2.0), those of Big5 and GB 2312."""
    traditional, simplified = (Path(__file__).parent / "traditional.txt").read_text("utf-8").split()
    return dict(zip(map(ord, traditional), simplified, strict=True))
