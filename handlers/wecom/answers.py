"""A reply as the messages that an app sends to its asker: sentences as text, tickets as cards, a list as one card to choose from. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.card import Card, Form
from bot.messages import Reply
from handlers.wecom import cards, keys
from handlers.wecom.text import clean, line, pieces, shorten

Doc = dict[str, Any]

TEXT = 2048  # bytes; more would be cut by WeCom without a word
OPTIONS, OPTION = 10, 16
SELECTS, TITLE = 3, 13
MOST = 5  # messages for one answer
CHOSEN = "n"  # the question under which a list's ticket is chosen
_OF_ONE = re.compile(r"(\w+) (\d{1,12})")
_CHOOSE = {"en": "Ticket", "zh": "工单"}


def messages(reply: Reply, link: str, task: str) -> list[Doc]:
    """Bodies without addressee: `msgtype` and what belongs to it. `task` is the task id of the one card among them."""
    said: list[str] = []
    if reply.text and not (reply.cards and reply.cards[0].title.startswith(reply.text)):
        said += reply.text.split("\n")
    asked = _form(reply.form) if reply.form is not None else None
    if asked is not None:
        return [{"msgtype": "template_card", "template_card": {**asked, "task_id": task}}]
    if not reply.cards:
        return _texts(said)[:MOST] or _texts(["✓"])
    if len(reply.cards) == 1:
        only = reply.cards[0]
        longer = cards.longer_than_its_card(only)
        said += cards.told(only) if longer else []
        made = cards.template_card(only, link) if only.buttons or not longer else {}  # a card that only repeats the text is one too many
    else:
        for each in reply.cards:
            said += [*([""] if said else []), *cards.told(each)]
        made = _chooser(reply.cards, reply.locale) or {}
    found = _texts(said)
    if made:
        found = [*found[: MOST - 1], {"msgtype": "template_card", "template_card": {**made, "task_id": task}}]
    return found[:MOST] or _texts(["✓"])


def _form(form: Form) -> Doc | None:
    """What is chosen is asked on a card; what is written can't be, so that the reply says how to type it."""
    chosen = all(each.kind in ("choice", "text") and 1 <= len(each.options) <= OPTIONS for each in form.inputs)
    if not chosen or not 1 <= len(form.inputs) <= SELECTS:
        return None
    key = keys.form(form.verb, form.ticket, [each.name for each in form.inputs])
    return {
        "card_type": "multiple_interaction", "main_title": {"title": line(form.title, cards.TITLE)},
        "select_list": [
            {
                "question_key": each.name, "title": line(each.label, TITLE), "selected_id": each.value or each.options[0].value,
                "option_list": [{"id": one.value, "text": line(one.label, OPTION) or one.value} for one in each.options],
            }
            for each in form.inputs
        ],
        "submit_button": {"text": line(form.submit, cards.LABEL), "key": key},
    }  # fmt: skip


def _texts(lines: Sequence[str]) -> list[Doc]:
    said = [each for each in pieces([clean(one) for one in lines], TEXT) if each.strip()]
    return [{"msgtype": "text", "text": {"content": each}} for each in said]


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
            key = keys.template(f"{one[1]} {{{CHOSEN}}}")
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
