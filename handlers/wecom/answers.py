"""A reply as the messages that an app sends to its asker: sentences as text, tickets as cards, a list as one card to choose from. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.card import Card
from bot.messages import Reply
from handlers.wecom import cards
from handlers.wecom.keys import template
from handlers.wecom.text import clean, line, pieces, shorten

Doc = dict[str, Any]

TEXT = 2048  # bytes; more would be cut by WeCom without a word
OPTIONS, OPTION = 10, 16
MOST = 5  # messages for one answer
CHOSEN = "n"  # the question under which a list's ticket is chosen
_OF_ONE = re.compile(r"(\w+) (\d{1,12})")
_CHOOSE = {"en": "Ticket", "zh": "工单"}


def messages(reply: Reply, link: str, task: str) -> list[Doc]:
    """Bodies without addressee: `msgtype` and what belongs to it. `task` is the task id of the one card among them."""
    said: list[str] = []
    if reply.text and not (reply.cards and reply.cards[0].title.startswith(reply.text)):
        said += reply.text.split("\n")
    if not reply.cards:
        return _texts(said or ["✓"])
    if len(reply.cards) == 1:
        only = reply.cards[0]
        if cards.longer_than_its_card(only):
            said += cards.told(only)
        made = cards.template_card(only, link)
    else:
        for each in reply.cards:
            said += [*([""] if said else []), *cards.told(each)]
        made = _chooser(reply.cards, reply.locale) or {}
    found = _texts(said)
    if made:
        found = [*found[: MOST - 1], {"msgtype": "template_card", "template_card": {**made, "task_id": task}}]
    return found[:MOST]


def _texts(lines: Sequence[str]) -> list[Doc]:
    return [{"msgtype": "text", "text": {"content": each}} for each in pieces([clean(one) for one in lines], TEXT)] if lines else []


def _chooser(shown: Sequence[Card], locale: str) -> Doc | None:
    """One card for many tickets: choose one, then say what to do with it. Buttons that speak of no single ticket stay as they are."""
    options: dict[str, Doc] = {}
    verbs: dict[str, Doc] = {}
    others = []
    for card in shown:
        for button in card.buttons:
            one = _OF_ONE.fullmatch(button.words)
            if one is None:
                others.append(button)
                continue
            options.setdefault(one[2], {"id": one[2], "text": line(card.title, OPTION) or one[2]})
            key = template(f"{one[1]} {{{CHOSEN}}}")
            label = button.label.replace(f"T-{one[2]}", "").strip()
            verbs.setdefault(key, {"text": line(label, cards.LABEL) or one[1], "style": 1 if not verbs else 3, "key": key})
    pressed = [*verbs.values(), *cards.buttons(others)][: cards.BUTTONS]
    if not pressed:
        return None
    made: Doc = {"card_type": "button_interaction", "main_title": {"title": shorten(line(shown[0].title, 200), cards.TITLE) or "–"}}
    if options:
        chosen = list(options.values())[:OPTIONS]
        name = _CHOOSE["zh" if locale == "zh" else "en"]
        made["button_selection"] = {"question_key": CHOSEN, "title": name, "option_list": chosen, "selected_id": chosen[0]["id"]}
    return {**made, "button_list": pressed}
