"""What no translator may touch: links, ids, order numbers, amounts, masked values. They travel as numbered brackets and come back whole.

A translator mangles such brackets in ways of its own (full-width, spaces, other brackets): all that is read. One that is lost, doubled or
made up means that the translation cannot be trusted, and it is refused.
"""

from __future__ import annotations

import re
import unicodedata

_MONEY = r"(?:US\$|S\$|HK\$|A\$|NT\$|RM|Rp|[$€£¥฿₫₱₩￥])"
_CURRENCY = r"(?:SGD|USD|MYR|IDR|THB|CNY|RMB|HKD|EUR|GBP|JPY|PHP|VND|AUD|TWD)"
_NUMBER = r"\d(?:[\d.,']*\d)?"
KEPT = re.compile(
    rf"https?://[^\s<>，。）)]+|www\.[^\s<>，。）)]+|[\w.+*-]+@[\w*-]+(?:\.[\w*-]+)+"  # links, addresses
    rf"|\[[^\[\]\n]{{1,40}}\]|⟦[^⟦⟧\n]{{0,40}}⟧|[〚【〔〖「『]\s*\d{{1,3}}\s*[〛】〕〗」』]"  # [masked], and what is like our brackets
    rf"|[\w+-]*\*{{2,}}[\w*-]*"  # 138****1234
    rf"|{_MONEY}\s?{_NUMBER}(?:\s?[kKmM]\b)?|{_NUMBER}\s?{_CURRENCY}\b|\b{_CURRENCY}\s?{_NUMBER}"  # amounts
    rf"|[#@]?(?=[A-Za-z0-9_#/-]*\d)[A-Za-z0-9_]+(?:[-_/#][A-Za-z0-9_]+)+"  # SP-1024, 2026-11-23
    rf"|(?<![A-Za-z0-9])#?(?=[A-Za-z]*\d)[A-Za-z]*\d[A-Za-z0-9]{{3,}}|#\d+|\d{{1,2}}:\d\d(?::\d\d)?|\d+(?:[.,]\d+)+"  # T1024, 12:30
)
_BACK = re.compile(r"[⟦〚\[【〔〖「『]\s*[⟦〚\[【]?\s*(\d{1,3})\s*[⟧〛\]】]?\s*[⟧〛\]】〕〗」』]")


_NARROW = {0xFF3B: "[", 0xFF3D: "]"}


class Mangled(ValueError):
    """What was to be kept did not come back as it went."""


def guarded(text: str) -> tuple[str, list[str]]:
    """The text with `⟦1⟧`, `⟦2⟧`, … in it, and what those stand for."""
    kept: list[str] = []

    def numbered(found: re.Match[str]) -> str:
        kept.append(found[0])
        return f"⟦{len(kept)}⟧"

    return KEPT.sub(numbered, text), kept


def restored(text: str, kept: list[str]) -> str:
    """The text with everything back in its place. Raises Mangled."""
    seen: list[int] = []

    def back(found: re.Match[str]) -> str:
        place = int(unicodedata.normalize("NFKC", found[1]))
        seen.append(place)
        if not 1 <= place <= len(kept):
            raise Mangled("a bracket that was not there")
        return kept[place - 1]

    made = _BACK.sub(back, text.translate(_NARROW))
    if sorted(seen) != list(range(1, len(kept) + 1)):
        raise Mangled("something that must stay as it is was lost or doubled")
    return made


def pieces(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` characters; joined they are it. Cut after lines and sentences where there are, at words else."""
    found = []
    while len(text) > most:
        at = _cut(text[:most])
        opened = text.rfind("⟦", 0, at)
        if opened > 0 and "⟧" not in text[opened:at]:
            at = opened  # never within a bracket
        found.append(text[:at])
        text = text[at:]
    return [*found, text] if text else found


def _cut(window: str) -> int:
    for pattern in _ENDS:
        ends = [each.end() for each in pattern.finditer(window)]
        if ends and ends[-1] > len(window) // 4:
            return ends[-1]
    return len(window)


_ENDS = (re.compile(r"\n"), re.compile(r"[.!?](?=\s)|[。！？]"), re.compile(r"\s"))
