"""What WeCom refuses in a message, field by field: list sizes, bytes of keys, required fields. Lengths of texts it only advises.

https://developer.work.weixin.qq.com/document/path/90236
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

TASK = re.compile(r"[0-9A-Za-z_\-@]{1,128}")
INTERACTIVE = ("button_interaction", "vote_interaction", "multiple_interaction")
TYPES = {"app": (*INTERACTIVE, "text_notice", "news_notice"), "robot": ("text_notice", "news_notice")}
LENGTHS = {"app": {"text": 2048, "markdown": 2048}, "robot": {"text": 2048, "markdown": 4096, "markdown_v2": 4096}}
MESSAGES = ("text", "markdown", "template_card", "image", "file", "voice", "video", "textcard", "news", "mpnews", "markdown_v2")
Problem = tuple[int, str]


def problem(body: Mapping[str, Any], place: str = "app") -> Problem | None:
    """The first thing that WeCom does not take in this message; None: nothing."""
    kind = body.get("msgtype")
    if kind not in MESSAGES or (place == "app" and kind == "markdown_v2"):
        return 40008, "invalid message type"
    inner = body.get(kind)
    if not isinstance(inner, dict):
        return 40035, "invalid parameter"
    if kind in ("text", "markdown", "markdown_v2"):
        content = inner.get("content")
        if not isinstance(content, str) or not content.strip():
            return 44004, "empty content"
        most = LENGTHS[place].get(kind, 2048)
        if place == "robot" and len(content.encode()) > most:
            return 40058, f"{kind}.content exceed max length {most}. invalid Request Parameter"
    if kind in ("image", "file") and not inner.get("media_id") and place == "app":
        return 40007, "invalid media_id"
    return card_problem(inner, place) if kind == "template_card" else None


def card_problem(card: Mapping[str, Any], place: str = "app", *, update: bool = False) -> Problem | None:
    """Of a template card."""
    return next(_problems(card, place, update), None)


def _problems(card: Mapping[str, Any], place: str, update: bool) -> Iterator[Problem]:
    kind = card.get("card_type")
    if kind not in TYPES[place]:
        yield 42015, "invalid card_type"
        return
    title = (card.get("main_title") or {}).get("title")
    if kind == "text_notice":
        if not title and not card.get("sub_title_text"):
            yield 42016, "missing main_title.title or sub_title_text"
        action = card.get("card_action") or {}
        if action.get("type") not in (1, 2) or (action.get("type") == 1 and not str(action.get("url") or "").startswith("http")):
            yield 42017, "missing card_action"
    elif not title:
        yield 42016, "missing main_title.title"
    yield from _lists(card)
    yield from _interactive(card, kind, update)


def _interactive(card: Mapping[str, Any], kind: str, update: bool) -> Iterator[Problem]:
    if (kind in INTERACTIVE or card.get("action_menu")) and not update and not TASK.fullmatch(str(card.get("task_id") or "")):
        yield 42014, "illegal task_id"
    if kind == "button_interaction":
        yield from _buttons(card)
    if kind == "multiple_interaction" and not 1 <= len(card.get("select_list") or ()) <= 3:
        yield 42030, "invalid select_list"
    if kind in ("multiple_interaction", "vote_interaction"):
        yield from _submit(card)
    for each in [card.get("button_selection"), *(card.get("select_list") or ())]:
        if each is not None:
            yield from _selection(each, 10)
    if kind == "vote_interaction":
        yield from _selection(card.get("checkbox") or {}, 20)


def _lists(card: Mapping[str, Any]) -> Iterator[Problem]:
    if len(card.get("horizontal_content_list") or ()) > 6:
        yield 42020, "too many horizontal_content_list"
    if any(not each.get("keyname") for each in card.get("horizontal_content_list") or ()):
        yield 42020, "missing keyname"
    if len(card.get("jump_list") or ()) > 3:
        yield 42027, "too many jump_list"
    if not 1 <= len((card.get("action_menu") or {"action_list": [1]}).get("action_list") or ()) <= 3:
        yield 42028, "invalid action_menu"
    quote = card.get("quote_area")
    if quote is not None and quote.get("type") == 1 and not quote.get("url"):
        yield 42029, "missing quote_area.url"


def _buttons(card: Mapping[str, Any]) -> Iterator[Problem]:
    buttons = card.get("button_list") or []
    if not 1 <= len(buttons) <= 6:
        yield 42018, "invalid button_list"
    keys = [each.get("key") for each in buttons if each.get("type") != 1]
    if any(not key or len(str(key).encode()) > 1024 for key in keys) or len(set(keys)) < len(keys):
        yield 42019, "invalid button key"
    if any(not each.get("text") or each.get("style", 1) not in (1, 2, 3, 4) for each in buttons):
        yield 42018, "invalid button"


def _submit(card: Mapping[str, Any]) -> Iterator[Problem]:
    button = card.get("submit_button") or {}
    if not button.get("text") or not button.get("key") or len(str(button["key"]).encode()) > 1024:
        yield 42031, "invalid submit_button"


def _selection(given: Mapping[str, Any], most: int) -> Iterator[Problem]:
    options = given.get("option_list") or []
    ids = [each.get("id") for each in options]
    if not given.get("question_key") or not 1 <= len(options) <= most:
        yield 42032, "invalid selection"
    if (
        any(not id or len(str(id).encode()) > 128 for id in ids)
        or len(set(ids)) < len(ids)
        or any(not each.get("text") for each in options)
    ):
        yield 42033, "invalid option"


def texts(card: Mapping[str, Any]) -> list[str]:
    """All that a card shows, buttons included."""
    found: list[str] = []

    def walk(value: Any, name: str = "") -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                walk(inner, key)
        elif isinstance(value, list):
            for inner in value:
                walk(inner, name)
        elif isinstance(value, str) and name not in ("key", "id", "task_id", "question_key", "card_type", "url", "userid", "selected_id"):
            found.append(value)

    walk(dict(card))
    return found
