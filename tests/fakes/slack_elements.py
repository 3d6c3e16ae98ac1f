"""What Slack would say of the parts of a block: texts, options, confirmations, buttons, selects, inputs.

Limits: https://docs.slack.dev/reference/block-kit/block-elements and https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

PLAIN, ANY = ("plain_text",), ("plain_text", "mrkdwn")
USUAL = {"type", "action_id", "confirm", "focus_on_load"}


def text(found: Any, most: int, kinds: tuple[str, ...] = ANY) -> Iterator[str]:
    """A text object of at most so many characters."""
    if not isinstance(found, dict) or found.get("type") not in kinds:
        yield f"is no text object of {kinds}"
        return
    said = found.get("text")
    if not isinstance(said, str) or not said.strip():
        yield "empty text"
    elif size(said) > most:
        yield f"{size(said)} characters, at most {most}"
    if set(found) - {"type", "text", "emoji", "verbatim"} or ("emoji" in found and found["type"] != "plain_text"):
        yield f"unknown properties of a text: {sorted(found)}"


def size(said: str) -> int:
    """Counted as UTF-16 does, the stricter reading."""
    return len(said.encode("utf-16-le", "surrogatepass")) // 2


def element(found: Any, allowed: set[str]) -> Iterator[str]:
    """One interactive element, of a type that may stand there."""
    kind = found.get("type") if isinstance(found, dict) else None
    if kind not in allowed:
        yield f"element {kind!r}"
        return
    if kind == "image":
        return
    if not found.get("action_id"):
        yield f"a {kind} without action_id"
    yield from _confirm(found.get("confirm"))
    yield from ELEMENTS[kind](found)


def options(found: Any, least: int, most: int) -> Iterator[str]:
    """A select's, a menu's or a group of boxes' options."""
    if not isinstance(found, list) or not least <= len(found) <= most:
        yield f"{len(found) if isinstance(found, list) else 'no'} options, {least} to {most}"
        return
    for each in found:
        yield from text(each.get("text"), 75)
        if not each.get("value") or size(each["value"]) > 150:
            yield "an option's value is empty or longer than 150"
        if "description" in each:
            yield from text(each["description"], 75)
        if set(each) - {"text", "value", "description", "url"}:
            yield f"unknown properties of an option: {sorted(each)}"
    values = [each.get("value") for each in found]
    if len(set(values)) < len(values):
        yield "two options with the same value"


def _confirm(found: Any) -> Iterator[str]:
    if found is None:
        return
    for name, most in (("title", 100), ("text", 300), ("confirm", 30), ("deny", 30)):
        yield from (f"confirm/{name}: {each}" for each in text(found.get(name), most, ANY if name == "text" else PLAIN))


def _button(found: dict[str, Any]) -> Iterator[str]:
    yield from text(found.get("text"), 75, PLAIN)
    if size(found.get("value", "")) > 2000:
        yield "a value longer than 2000"
    if len(found.get("url", "")) > 3000:
        yield "a url longer than 3000"
    if found.get("style") not in (None, "primary", "danger"):
        yield f"style {found['style']!r}"
    if set(found) - USUAL - {"text", "value", "style", "url", "accessibility_label"}:
        yield f"unknown properties of a button: {sorted(found)}"


def _select(found: dict[str, Any]) -> Iterator[str]:
    yield from options(found.get("options"), 1, 100)
    if "placeholder" in found:
        yield from text(found["placeholder"], 150, PLAIN)
    known = [each for each in found.get("options") or () if isinstance(each, dict)]
    chosen = found.get("initial_options", [found["initial_option"]] if "initial_option" in found else [])
    if "initial_options" in found and not chosen:
        yield "empty initial_options"
    if any(each not in known for each in chosen):
        yield "an initial option that is none of the options"
    if set(found) - USUAL - {"options", "placeholder", "initial_option", "initial_options", "max_selected_items"}:
        yield f"unknown properties of a select: {sorted(found)}"


def _overflow(found: dict[str, Any]) -> Iterator[str]:
    yield from options(found.get("options"), 1, 5)


def _boxes(found: dict[str, Any]) -> Iterator[str]:
    yield from options(found.get("options"), 1, 10)


def _written(found: dict[str, Any]) -> Iterator[str]:
    most = found.get("max_length", 3000)
    if not 1 <= most <= 3000 or not 0 <= found.get("min_length", 0) <= most:
        yield f"max_length {most}, 1 to 3000"
    if "initial_value" in found and not 1 <= size(found["initial_value"]) <= most:
        yield f"initial_value of {size(found['initial_value'])}, 1 to {most}"
    if "placeholder" in found:
        yield from text(found["placeholder"], 150, PLAIN)
    if set(found) - USUAL - {"multiline", "max_length", "min_length", "initial_value", "placeholder", "dispatch_action_config"}:
        yield f"unknown properties of an input: {sorted(found)}"


ELEMENTS: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "button": _button, "static_select": _select, "multi_static_select": _select, "overflow": _overflow, "plain_text_input": _written,
    "radio_buttons": _boxes, "checkboxes": _boxes,
}  # fmt: skip
