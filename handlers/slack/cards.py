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
ACTION = "say"  # a button's action_id begins with it

_TONES = {"info": "🎫", "warn": "⚠️", "alarm": "🚨", "good": "✅", "quiet": "💤"}
_MORE = {"en": "… shortened: this is more than one message can show.", "zh": "… 内容过长，已截断。"}


def message(card: Card, text: str = "", locale: str = "en") -> dict[str, Any]:
    """`text` and `blocks` of a message that shows one card; `text` is what notifications show."""
    return {"text": escaped(text or _titled(card), FALLBACK), "blocks": _fitted(_full(card, 0), locale)}


def answer(reply: Reply) -> dict[str, Any]:
    """`text` and `blocks` of a reply: its sentence, then its cards; several of them in short form."""
    blocks: list[Block] = []
    if reply.text and not (reply.cards and reply.cards[0].title.startswith(reply.text)):
        blocks += _sections(reply.text)
    shape = _full if len(reply.cards) == 1 else _short
    for place, card in enumerate(reply.cards):
        blocks += shape(card, place)
    words = reply.text or (reply.cards[0].title if reply.cards else "")
    return {"text": escaped(words, FALLBACK), "blocks": _fitted(blocks or _sections("✓"), reply.locale)}


def _full(card: Card, place: int) -> list[Block]:
    return [
        {"type": "header", "text": plain(_titled(card), HEADER)},
        *(_sections(card.title, 1) if len(escaped(_titled(card), SECTION)) > HEADER else ()),  # the header was cut
        *_sections(_running(card.lines)),
        *_fields(card.fields),
        *_quotes(card.quotes),
        *_actions(card.buttons, place),
        *_footer(card.footer),
    ]


def _short(card: Card, place: int) -> list[Block]:
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
    sound = [each for each in buttons if each.words and len(each.words) <= VALUE and clean(each.words) == each.words]
    elements = [_button(button, f"{ACTION}:{place}:{number}") for number, button in enumerate(sound)]
    return [{"type": "actions", "elements": elements[at : at + ACTIONS]} for at in range(0, len(elements), ACTIONS)]


def _button(button: Button, action: str) -> Block:
    made: Block = {"type": "button", "action_id": action, "text": plain(button.label, LABEL), "value": button.words}
    return made if button.style == "plain" else {**made, "style": button.style}


def _footer(footer: str) -> list[Block]:
    return [{"type": "context", "elements": [plain(footer, CONTEXT)]}] if footer.strip() else []


def _fitted(blocks: list[Block], locale: str) -> list[Block]:
    """At most as many as a message takes; what can be pressed goes last of all, for it is what people need."""
    if len(blocks) <= MOST_BLOCKS:
        return blocks
    buttons = [block for block in blocks if block["type"] == "actions"][: MOST_BLOCKS // 2]
    others = [block for block in blocks if block["type"] != "actions"][: MOST_BLOCKS - 1 - len(buttons)]
    kept = {id(block) for block in (*buttons, *others)}
    note = {"type": "context", "elements": [plain(_MORE["zh" if locale == "zh" else "en"], CONTEXT)]}
    return [*(block for block in blocks if id(block) in kept), note]
