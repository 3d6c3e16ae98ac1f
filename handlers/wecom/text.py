"""Text for WeCom: harmless whoever wrote it, and within a message's bytes.

Texts and markdown both expand `<@userid>`, whoever wrote it, and markdown has no escapes: its signs are made full-width.
Limits: https://developer.work.weixin.qq.com/document/path/90236 (apps), /99110 (robots)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

# Control characters, zero-width and direction marks, lone surrogates: what disguises a text or can't be sent.
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_ANGLES = {ord("<"): "＜", ord(">"): "＞"}
_MARKS = {**_ANGLES, **{ord(sign): chr(ord(sign) + 0xFEE0) for sign in "[]*`"}}
_HEADING = re.compile(r"^(\s*)#", re.MULTILINE)


def clean(text: str) -> str:
    """For texts and the fields of cards: no mention, no tag, no disguise."""
    return _stripped(text).translate(_ANGLES)


def unmarked(text: str) -> str:
    """For markdown: the same, and no link, emphasis, code, heading or quote either."""
    return _HEADING.sub(r"\1＃", _stripped(text).translate(_MARKS))


def line(text: str, most: int) -> str:
    """For a card's field: one line, at most so many characters."""
    return shorten(" ".join(clean(text).split()), most)


def shorten(text: str, most: int) -> str:
    """At most so many characters, `…` where some were left out."""
    text = text.strip()
    return text if len(text) <= most else text[: _whole(text, most - 1)].rstrip() + "…"


def cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, cut between whole characters."""
    raw = text.encode("utf-8", "replace")
    if len(raw) <= most:
        return text
    kept = raw[: most - 3].decode("utf-8", "ignore")
    return kept[: _whole(text, len(kept))].rstrip() + "…"


def pieces(lines: Iterable[str], most: int) -> list[str]:
    """The lines in as few texts as may be, each at most so many bytes, with `(1/3)` at its end where there are several."""
    room = most - len(" (99/99)")
    found: list[str] = []
    for each in (cut(one, room) for one in lines):
        if found and len(f"{found[-1]}\n{each}".encode()) <= room:
            found[-1] += f"\n{each}"
        else:
            found.append(each)
    many = len(found)
    return [f"{text} ({place}/{many})" if many > 1 else text for place, text in enumerate(found, 1)]


def digest(title: str, lines: Sequence[str], most: int) -> str:
    """Title and lines in one text; where that is too long each line is cut at its end, so that none is left out."""
    room = (most - len(title.encode()) - 8) // max(len(lines), 1) - 1
    whole = "\n".join([title, *lines])
    return (
        clean(whole)
        if len(clean(whole).encode()) <= most
        else cut("\n".join([clean(title), *(cut(clean(one), room) for one in lines)]), most)
    )


def _stripped(text: str) -> str:
    return _HARMFUL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _whole(text: str, at: int) -> int:
    """Where to cut, not inside a character made of several code points."""
    back = at
    while 0 < back < len(text) and at - back < 16 and (unicodedata.combining(text[back]) or text[back] in "\ufe0e\ufe0f"):
        back -= 1
    return back or at
