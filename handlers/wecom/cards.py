"""Cards as WeCom's template cards: button_interaction where there is something to press, text_notice where not. Pure.

Lengths are advice that WeCom shortens by itself; list sizes, keys and required fields are enforced:
https://developer.work.weixin.qq.com/document/path/90236
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.card import Button, Card, Field, Quote
from handlers.wecom.keys import literal
from handlers.wecom.text import clean, line, shorten

Doc = dict[str, Any]

TITLE, DESC, SUB_TITLE, SOURCE = 36, 44, 160, 20
FIELDS, KEY_NAME, VALUE = 6, 10, 30  # a name has room for 5 full-width characters, and Latin ones are half as wide
QUOTE = 160
BUTTONS, LABEL = 6, 10
MENU = 3  # more of them, behind the card's corner
GREY = 20

_COLOURS = {"info": 1, "warn": 2, "alarm": 2, "good": 3, "quiet": 0}  # of the source's line: 0 grey, 1 black, 2 red, 3 green
_STYLES = {"primary": 1, "danger": 2, "plain": 3}
_NONE = [{"text": "–", "style": 3, "key": "=help"}]
_MARKS = {"info": "🎫", "warn": "⚠️", "alarm": "🚨", "good": "✅", "quiet": "💤"}


def template_card(card: Card, link: str, *, over: str | None = None) -> Doc:
    """The card without its task id. `over`: nothing is left to be done with it, says this; its buttons become one grey line.

    `link` is where a card without buttons leads: WeCom wants that of each.
    """
    title, rest = _titles(card)
    made: Doc = {
        "source": {"desc": line(card.footer, SOURCE) or "Deskbell", "desc_color": _COLOURS[card.tone]},
        "main_title": {"title": title, **({"desc": rest} if rest else {})},
    }
    lines = shorten(clean("\n".join(card.lines)), SUB_TITLE)
    if lines:
        made["sub_title_text"] = lines
    if card.fields:
        made["horizontal_content_list"] = [_field(each) for each in card.fields[:FIELDS]]
    if card.quotes:
        made["quote_area"] = _quote(card.quotes[-1], card.quotes[-2] if len(card.quotes) > 1 and card.quotes[-1].beside else None)
    pressed = buttons(card.buttons)
    if not pressed and over is None:
        return {"card_type": "text_notice", **made, "card_action": {"type": 1, "url": link}}
    if over is not None:
        return {**made, "card_type": "button_interaction", "button_list": pressed[:1] or _NONE, "replace_text": shorten(clean(over), GREY)}
    more = [{"text": each["text"], "key": each["key"]} for each in pressed[BUTTONS : BUTTONS + MENU] if "key" in each]
    menu = {"action_menu": {"desc": "⋯", "action_list": more}} if more else {}
    return {"card_type": "button_interaction", **made, "button_list": pressed[:BUTTONS], **menu}


def buttons(wanted: Sequence[Button]) -> list[Doc]:
    """Each key once; one whose words a key can't carry is left out, for it would say something else."""
    found: dict[str, Doc] = {}
    for each in wanted:
        key = literal(each.words, asking=each.form == "must", picking=each.form == "pick")
        text = line(each.label, LABEL) or "–"
        if each.url:
            found.setdefault(each.url, {"type": 1, "text": text, "url": each.url})
        elif key is not None:
            found.setdefault(key, {"text": text, "style": _STYLES[each.style], "key": key})
    return list(found.values())


def task_id(notice_id: str, ticket: str, version: int) -> str:
    """`T-1024@2@dlv_3f9c…`: new with every send, as WeCom asks. `[0-9A-Za-z_\\-@]`, at most 128 bytes."""
    kept = "".join(char for char in notice_id if char.isascii() and (char.isalnum() or char in "_-"))[:80]
    return f"{ticket}@{version}@{kept}"


def face(made: Mapping[str, Any]) -> str:
    """What a reader sees of a card, in short: the same face needs no change."""
    return _digest({name: value for name, value in made.items() if name != "task_id"})


def use(made: Mapping[str, Any]) -> str:
    """What matters of a card, in short: its title, the next thing to do with it, whether that is over."""
    next_step = [each.get("key") for each in made.get("button_list") or () if each.get("style") == _STYLES["primary"]]
    return _digest([made.get("main_title"), next_step, made.get("replace_text")])


def longer_than_its_card(card: Card) -> bool:
    """Whether the card's words would be cut: then they are said in full before it."""
    fields = any(len(each.value) > VALUE for each in card.fields) or len(card.fields) > FIELDS
    return len("\n".join(card.lines)) > SUB_TITLE or len(card.quotes) > 1 or any(len(each.text) > QUOTE for each in card.quotes) or fields


def told(card: Card) -> list[str]:
    """The card as lines of text, for messages that show no cards."""
    fields = [f"{each.label}: {each.value}" for each in card.fields if each.value.strip()]
    quotes = [f"💬 {each.author}: {each.text}" for each in card.quotes]
    return [each for each in (f"{_MARKS[card.tone]} {card.title}", *card.lines, *fields, *quotes, card.footer) if each.strip()]


def _titles(card: Card) -> tuple[str, str]:
    """A long title goes on in the line under it, parted between words where that can be."""
    text = line(card.title, 10_000) or "–"
    if len(text) <= TITLE:
        return text, ""
    at = max(text.rfind(sign, TITLE // 2, TITLE) for sign in " ，。：")
    at = at + 1 if at > 0 else TITLE
    return text[:at].rstrip(" ·"), shorten(text[at:], DESC)


def _field(field: Field) -> Doc:
    return {"keyname": line(field.label, KEY_NAME) or "–", "value": line(field.value, VALUE) or "–"}


def _quote(quote: Quote, before: Quote | None) -> Doc:
    """There is room for one: what belongs beside the one before it shares it, the longer half for what its reader understands."""
    text = shorten(clean(quote.text), QUOTE)
    if before is not None:
        text = f"{shorten(clean(before.text), QUOTE * 2 // 5)}\n▸ {shorten(clean(quote.text), QUOTE * 3 // 5 - 3)}"
    return {"type": 0, "title": line(quote.author, 30) or "–", "quote_text": text or "–"}


def _digest(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=True, sort_keys=True).encode()).hexdigest()[:12]
