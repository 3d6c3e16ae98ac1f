"""A form as Slack's modal, and a modal that was sent as a command. Pure. No verb is named here: each says itself what it asks.

Limits: https://docs.slack.dev/reference/views/modal-views and https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.card import Choice, Form, Input
from bot.messages import Command, Reply
from handlers.slack import cards, sentences
from handlers.slack.shapes import CHANNEL, doc, string, who
from handlers.slack.text import fitting, plain

View = dict[str, Any]

CALLBACK = "form"  # a modal's callback_id begins with it
TITLE, BUTTON = 24, 24
TEXT = 3000
INPUT_LABEL, HINT = 150, 300  # ours: Slack takes 2,000, people do not
OPTION, OPTION_VALUE, OPTIONS = 75, 150, 100
ERROR = 300  # ours
METADATA = 3000


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a modal was opened from, which is where its answer belongs: `home`, or a message that `to` leads back to."""

    to: Mapping[str, str]
    home: bool = False
    modal: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A modal that was filled in."""

    command: Command
    view: Mapping[str, Any]
    origin: Origin


def modal(form: Form, origin: Origin) -> View:
    """The form, to be opened."""
    return {
        "type": "modal", "callback_id": f"{CALLBACK}:{form.verb}", "title": plain(form.title, TITLE), "submit": plain(form.submit, BUTTON),
        "close": plain(form.cancel, BUTTON), "blocks": [_input(each) for each in form.inputs],
        "private_metadata": _kept({"verb": form.verb, "ticket": form.ticket, "args": dict(form.args)}, origin),
    }  # fmt: skip


def told(reply: Reply, origin: Origin) -> View:
    """An answer, to be read and closed; its buttons work."""
    locale = "zh" if reply.locale == "zh" else "en"
    return {
        "type": "modal", "title": plain(sentences.NAME, TITLE), "close": plain(sentences.CLOSE[locale], BUTTON), "clear_on_close": True,
        "blocks": cards.answer(reply)["blocks"], "private_metadata": _kept({}, origin),
    }  # fmt: skip


def waiting() -> View:
    """What stands there until the desk has answered: a trigger works for 3 s, and a modal that is open can be changed later."""
    close = plain(sentences.CLOSE_EITHER, BUTTON)
    section = {"type": "section", "text": plain(sentences.A_MOMENT, cards.SECTION)}
    return {"type": "modal", "title": plain(sentences.NAME, TITLE), "close": close, "blocks": [section]}


def refused(view: Mapping[str, Any], reply: Reply) -> dict[str, Any]:
    """What a submission is answered with that was refused: beside the bad input, where it is known, else instead of the form."""
    names = [block.get("block_id") for block in view.get("blocks") or () if isinstance(block, dict) and block.get("type") == "input"]
    if reply.field in names:
        return {"response_action": "errors", "errors": {reply.field: fitting(reply.text, ERROR)}}
    return {"response_action": "update", "view": told(reply, origin(view))}


def sent(body: Mapping[str, Any]) -> Sent | None:
    """A `view_submission` of one of our forms; None for anything else."""
    view, user = doc(body.get("view")), doc(body.get("user"))
    by = who(doc(body.get("team")).get("id") or user.get("team_id"), user.get("id"))
    kept, id = _metadata(view), string(view.get("id"))
    verb, ticket = kept.get("verb"), kept.get("ticket")
    if by is None or not id or not isinstance(verb, str) or not verb:
        return None
    args = {**doc(kept.get("args")), **_values(doc(doc(view.get("state")).get("values")))}
    came = origin(view)
    command = Command(
        by, verb=verb, ticket=ticket if isinstance(ticket, int) else None, args=args, once=f"view:{id}:{string(view.get('hash'))}",
        answer_to=dict(came.to), via=CHANNEL,
    )  # fmt: skip
    return Sent(command, view, came)


def origin(view: Mapping[str, Any]) -> Origin:
    """Where this modal was opened from."""
    kept = _metadata(view)
    to = {name: value for name, value in doc(kept.get("to")).items() if isinstance(value, str)}
    return Origin(to, kept.get("home") is True, kept.get("modal") is True)


def _input(asked: Input) -> dict[str, Any]:
    element = _select(asked) if asked.kind in ("choice", "choices") else _typed(asked)
    block = {"type": "input", "block_id": asked.name, "label": plain(asked.label, INPUT_LABEL), "element": element}
    block |= {"hint": plain(asked.hint, HINT)} if asked.hint else {}
    return block if asked.needed else {**block, "optional": True}


def _typed(asked: Input) -> dict[str, Any]:
    value = fitting(asked.value.strip(), TEXT)
    element = {"type": "plain_text_input", "action_id": f"in:{asked.name}", "multiline": asked.kind == "text", "max_length": TEXT}
    return {**element, "initial_value": value} if value else element


def _select(asked: Input) -> dict[str, Any]:
    options = [_option(each) for each in asked.options if each.value and len(each.value) <= OPTION_VALUE][:OPTIONS]
    element: dict[str, Any] = {
        "type": "static_select" if asked.kind == "choice" else "multi_static_select",
        "action_id": f"in:{asked.name}",
    }
    chosen = [each for each in options if each["value"] in asked.value.split(",")] if asked.value else []
    if chosen:
        element |= {"initial_option": chosen[0]} if asked.kind == "choice" else {"initial_options": chosen}
    return {**element, "options": options}


def _option(choice: Choice) -> dict[str, Any]:
    return {"text": plain(choice.label, OPTION), "value": choice.value}


def _values(state: Mapping[str, Any]) -> dict[str, Any]:
    """What was filled in, by the inputs' names; nothing of what was left empty."""
    found: dict[str, Any] = {}
    for name, block in state.items():
        for element in doc(block).values():
            given = doc(element)
            many = given.get("selected_options")
            one = string(given.get("value")) or string(doc(given.get("selected_option")).get("value"))
            if isinstance(many, list):
                found[name] = [string(doc(each).get("value")) for each in many]
            elif one:
                found[name] = one
    return found


def _kept(kept: Mapping[str, Any], origin: Origin) -> str:
    """What a modal carries unseen. Without the way back, if it would be too much: a person is always found by their id."""
    made = {**kept, "to": dict(origin.to), "home": origin.home, "modal": origin.modal}
    text = json.dumps(made, ensure_ascii=False, separators=(",", ":"))
    user = {name: origin.to[name] for name in ("user", "team") if name in origin.to}
    return text if len(text) <= METADATA else json.dumps({**made, "to": user}, ensure_ascii=False, separators=(",", ":"))


def _metadata(view: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return doc(json.loads(string(view.get("private_metadata")) or "{}"))
    except (ValueError, RecursionError):
        return {}
