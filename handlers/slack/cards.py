"""Cards and replies as Slack's Block Kit, within all its limits. Pure.

Every string, also our own, stands in a `plain_text` object: there no buyer's word can become a mention, a link or markup.
Limits: https://docs.slack.dev/reference/block-kit/blocks and https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.card import Button, Card, Field, Quote
from bot.messages import Reply
from handlers.slack.text import clean, escaped, plain, plain_escaped, shortened, split

Block = dict[str, Any]

MOST_BLOCKS = 50
HEADER, SECTION, CONTEXT = 150, 3000, 300  # the last one is ours: an author, a footer
LONGEST = 10  # sections of running text: a message of more than 40,000 characters is refused
FIELDS, FIELD = 10, 2000
ACTIONS, LABEL, VALUE = 25, 75, 2000
FALLBACK = 3000  # a message's `text` may have 40,000; notifications show a line or two of it
# How a button's action_id begins: it says its words; it does so as the only one of an answer, once; it opens its command's form; a link
SAY, ONLY, ASK, OPEN = "say", "only", "ask", "open"
URL = 3000

_TONES = {"info": "🎫", "warn": "⚠️", "alarm": "🚨", "good": "✅", "quiet": "💤"}
_MORE = {"en": "… shortened: this is more than one message can show.", "zh": "… 内容过长，已截断。"}


def message(card: Card, text: str = "", locale: str = "en") -> dict[str, Any]:
    """`text` and `blocks` of a message that shows one card; `text` is what notifications show."""
    return {"text": escaped(text or _titled(card), FALLBACK), "blocks": fitted(full(card, 0), locale)}


def answer(reply: Reply) -> dict[str, Any]:
    """`text` and `blocks` of a reply: its sentence, then its cards; several of them in short form."""
    blocks: list[Block] = []
    if reply.text and not (reply.cards and reply.cards[0].title.startswith(reply.text)):
        blocks += _sections(reply.text)
    shape = full if len(reply.cards) == 1 else short
    for place, card in enumerate(reply.cards):
        blocks += shape(card, place)
    _alone(blocks)
    words = reply.text or (reply.cards[0].title if reply.cards else "")
    return {"text": escaped(words, FALLBACK), "blocks": fitted(blocks or _sections("✓"), reply.locale)}


def full(card: Card, place: int) -> list[Block]:
    """All that it has. `place` tells its buttons from those of other cards in the same message or view."""
    return [
        {"type": "header", "text": plain(_titled(card), HEADER)},
        *(_sections(card.title, 1) if len(escaped(_titled(card), SECTION)) > HEADER else ()),  # the header was cut
        *_sections(_running(card.lines)),
        *_fields(card.fields),
        *_quotes(card.quotes),
        *_actions(card.buttons, place),
        *_footer(card.footer),
    ]


def short(card: Card, place: int) -> list[Block]:
    """For lists: one section says it all."""
    fields = " · ".join(f"{each.label}: {each.value}" for each in card.fields)
    lines = [_titled(card), *card.lines, fields, card.footer]
    text = "\n".join(line for line in lines if line.strip())
    return [*_sections(text), *_quotes(card.quotes), *_actions(card.buttons, place)]


def _titled(card: Card) -> str:
    return f"{_TONES[card.tone]} {card.title}"


def _running(lines: Sequence[str]) -> str:
    """The lines as one text. Where that is more than a message shows, each is cut at its end: none is left out (a digest's tickets)."""
    text = "\n".join(lines)
    if len(escaped(text, LONGEST * SECTION)) < (LONGEST - 1) * SECTION:
        return text
    room = (LONGEST - 2) * SECTION // len(lines)
    return "\n".join(shortened(line, room) for line in lines)


def _sections(text: str, most: int = LONGEST) -> list[Block]:
    pieces = split(text, SECTION - 1)
    if len(pieces) > most:
        pieces = [*pieces[: most - 1], pieces[most - 1].rstrip() + "…"]
    return [{"type": "section", "text": plain_escaped(piece)} for piece in pieces]


def _fields(fields: Sequence[Field]) -> list[Block]:
    shown = [plain(f"{each.label}\n{each.value.strip() or '–'}", FIELD) for each in fields]
    return [{"type": "section", "fields": shown[at : at + FIELDS]} for at in range(0, len(shown), FIELDS)]


def _quotes(quotes: Sequence[Quote]) -> list[Block]:
    blocks: list[Block] = []
    for quote in quotes:
        blocks.append({"type": "context", "elements": [plain(f"💬 {quote.author}", CONTEXT)]})
        blocks.append({"type": "section", "text": plain(quote.text, SECTION)})
    return blocks


def _actions(buttons: Sequence[Button], place: int) -> list[Block]:
    # Words that Slack would cut or change would say something else: such a button is left out.
    sound = [each for each in buttons if _linked(each) or (each.words and len(each.words) <= VALUE and clean(each.words) == each.words)]
    elements = [_button(button, f"{place}:{number}") for number, button in enumerate(sound)]
    return [{"type": "actions", "elements": elements[at : at + ACTIONS]} for at in range(0, len(elements), ACTIONS)]


def _button(button: Button, action: str) -> Block:
    made: Block = {"type": "button", "text": plain(button.label, LABEL)}
    if button.style != "plain":
        made["style"] = button.style
    if _linked(button):
        return {**made, "action_id": f"{OPEN}:{action}", "url": button.url}
    return {**made, "action_id": f"{ASK if button.form else SAY}:{action}", "value": button.words}


def _linked(button: Button) -> bool:
    return button.url.startswith(("https://", "http://")) and len(button.url) <= URL and clean(button.url) == button.url


def _alone(blocks: list[Block]) -> None:
    """A button with no other beside it, such as `undo`, does its work once: what it says takes the answer's place."""
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    if len(elements) == 1:
        elements[0]["action_id"] = elements[0]["action_id"].replace(f"{SAY}:", f"{ONLY}:", 1)


def _footer(footer: str) -> list[Block]:
    return [{"type": "context", "elements": [plain(footer, CONTEXT)]}] if footer.strip() else []


def fitted(blocks: list[Block], locale: str, most: int = MOST_BLOCKS) -> list[Block]:
    """At most as many as a message (or view) takes; what can be pressed goes last of all, for it is what people need."""
    if len(blocks) <= most:
        return blocks
    buttons = [block for block in blocks if block["type"] == "actions"][: most // 2]
    others = [block for block in blocks if block["type"] != "actions"][: most - 1 - len(buttons)]
    kept = {id(block) for block in (*buttons, *others)}
    note = {"type": "context", "elements": [plain(_MORE["zh" if locale == "zh" else "en"], CONTEXT)]}
    return [*(block for block in blocks if id(block) in kept), note]
