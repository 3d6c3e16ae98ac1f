"""A card as the markdown of robots and groups: headings, grey and orange, quotes, mentions; within a message's bytes. Pure.

The subset: https://developer.work.weixin.qq.com/document/path/99110
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.card import Card, Quote
from bot.messages import Notice
from handlers.wecom.text import cut, unmarked

_COLOURS = {"info": "info", "warn": "warning", "alarm": "warning", "good": "info", "quiet": "comment"}
_USERID = re.compile(r"[A-Za-z0-9_.\-@]{1,64}")
QUOTED = 900  # bytes of each of others' words, where all does not fit


def markdown(notice: Notice, most: int) -> str:
    """The notice in at most so many bytes. Others' words give way first, our own lines after them, mentions never."""
    card = notice.card or Card(notice.text)
    named = mentions(notice.mentions)
    room = most - len(named.encode())
    whole = _written(card, None)
    if len(whole.encode()) > room:
        whole = _written(card, QUOTED)
    if len(whole.encode()) > room:
        whole = _written(card, 300, room // (2 * max(len(card.lines), 1)))
    return cut(whole, room) + named


def digested(card: Card, most: int) -> str:
    """Every line of a digest; where all is too long, each cut at its end so that none is left out."""
    title = _title(card)
    lines = [unmarked(each).replace("\n", " ") for each in card.lines]
    room = (most - len(title.encode()) - 8) // max(len(lines), 1) - 1
    whole = "\n".join([title, *lines])
    return whole if len(whole.encode()) <= most else cut("\n".join([title, *(cut(each, room) for each in lines)]), most)


def mentions(userids: Iterable[str]) -> str:
    """`<@userid>` for each that is one."""
    found = [f"<@{each}>" for each in userids if _USERID.fullmatch(each)]
    return "\n" + " ".join(found) if found else ""


def _written(card: Card, quoted: int | None, lined: int | None = None) -> str:
    parts = [cut(_title(card), 1000), *_lines(card.lines, lined), *_fields(card)]
    parts += [_quote(each, quoted) for each in card.quotes]
    if card.footer.strip():
        parts.append(f'<font color="comment">{cut(unmarked(card.footer), 300)}</font>')
    return "\n".join(parts)


def _title(card: Card) -> str:
    return f'<font color="{_COLOURS[card.tone]}">**{" ".join(cut(unmarked(card.title), 800).split())}**</font>'


def _lines(lines: Sequence[str], most: int | None) -> list[str]:
    return [unmarked(each) if most is None else cut(unmarked(each), most) for each in lines if each.strip()]


def _fields(card: Card) -> list[str]:
    return [f"> {cut(unmarked(each.label), 60)}: {cut(' '.join(unmarked(each.value).split()), 300)}" for each in card.fields]


def _quote(quote: Quote, most: int | None) -> str:
    text = unmarked(quote.text) if most is None else cut(unmarked(quote.text), most)
    return "\n".join(f"> {each}" for each in f"💬 {unmarked(quote.author)}: {text}".split("\n"))
