"""One delimited block within an order's note; every other character of it is a person's and stays. Pure.

    [Deskbell]
    T-1024 · 处理中 · 退款延迟 · 2026-11-23 08:00Z
    [/Deskbell]

Within the block only lines of that shape are ours: what a person wrote between them is put below it. A line says nothing of a buyer's
own words, for a note is printed on packing slips.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

OPEN, CLOSE = "[Deskbell]", "[/Deskbell]"
# Shopify's own limit is written nowhere in this version's schema; carts refuse more than 5,000 characters since 2024-07.
MOST, OWN = 5_000, 1_000
_LINE = re.compile(r"(T-\d+ · [^·\r\n]+ · [^·\r\n]+ · \d{4}-\d\d-\d\d \d\d:\d\dZ|… \+\d+)")


def line(name: str, state: str, category: str, at: str) -> str:
    """One ticket's; `at` as in its document."""
    return f"{name} · {_plain(state)} · {_plain(category)} · {at[:10]} {at[11:16]}Z"


def with_block(note: str, lines: Sequence[str]) -> str:
    """The note with these lines in our block, newest first; where a person's own words leave no room for it, without one."""
    before, after = apart(note)
    for count in range(len(lines), 0, -1):
        left = len(lines) - count
        block = "\n".join([OPEN, *lines[:count], *([f"… +{left}"] if left else []), CLOSE])
        whole = _joined(before, block, after)
        if _length(block) <= OWN and _length(whole) <= MOST:
            return whole
    return before + after


def apart(note: str) -> tuple[str, str]:
    """What people wrote above and below our block; without one, all of it is above."""
    before: list[str] = []
    after: list[str] = []
    found = inside = False
    for each in note.splitlines(keepends=True):
        said = each.strip()
        if said == OPEN:
            found = inside = True
        elif inside and said == CLOSE:
            inside = False
        elif not (inside and _LINE.fullmatch(said)):
            (after if found else before).append(each)
    return "".join(before), "".join(after)


def rejoined(newest: str, overwritten: str) -> str:
    """What stands there now, with those of a person's lines that we wrote over before they were seen."""
    there = {each.strip() for each in newest.splitlines()}
    lost = [each.rstrip("\r\n") for each in "".join(apart(overwritten)).splitlines(keepends=True) if each.strip() not in there]
    lost = [each for each in lost if each.strip()]
    return "\n".join([newest.rstrip("\r\n"), *lost]) if lost else newest


def _joined(before: str, block: str, after: str) -> str:
    gap = "" if not before or before.endswith(("\n\n", "\r\n\r\n")) else "\n" if before.endswith("\n") else "\n\n"
    return before + gap + block + ("\n" if after and not after.startswith(("\n", "\r")) else "") + after


def _plain(text: str) -> str:
    return " ".join(text.replace("·", " ").split()) or "-"


def _length(text: str) -> int:
    """As JavaScript counts, which is never less than what others count."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
