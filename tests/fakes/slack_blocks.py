"""What Slack would say of a message's blocks. Limits: https://docs.slack.dev/reference/block-kit/blocks"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

KNOWN = {"header", "section", "context", "actions", "divider", "image"}  # those that our messages may have


def problems(blocks: Any) -> list[str]:
    """Why Slack would answer `invalid_blocks`; [] when it would not."""
    if not isinstance(blocks, list):
        return ["blocks is no list"]
    found = [f"{len(blocks)} blocks, at most 50"] if len(blocks) > 50 else []
    for place, block in enumerate(blocks):
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in KNOWN:
            found.append(f"blocks/{place}: unknown type {kind!r}")
            continue
        found += [f"blocks/{place}/{each}" for each in _CHECKS[kind](block)]
    for name in ("action_id", "block_id"):
        ids = Counter(_all(blocks, name))
        found += [f"{name} {id!r} is there {count} times" for id, count in ids.items() if count > 1]
        found += [f"{name} {id[:20]!r}… is longer than 255" for id in ids if len(id) > 255]
    return found


def texts(blocks: Any) -> list[str]:
    """Everything in them that people read, buttons aside."""
    found = []
    for block in blocks or ():
        if block["type"] == "actions":
            continue
        parts = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
        found += [part["text"] for part in parts if isinstance(part, dict) and "text" in part]
    return found


def marked_up(blocks: Any) -> list[str]:
    """The texts in which Slack would look for markup and mentions."""
    return [each["text"] for each in _objects(blocks) if each.get("type") == "mrkdwn"]


def _header(block: dict[str, Any]) -> Iterator[str]:
    yield from _text(block.get("text"), 150, ("plain_text",))


def _section(block: dict[str, Any]) -> Iterator[str]:
    fields = block.get("fields")
    if "text" in block:
        yield from _text(block["text"], 3000)
    elif not fields:
        yield "neither text nor fields"
    if fields is not None:
        if not 1 <= len(fields) <= 10:
            yield f"{len(fields)} fields, 1 to 10"
        for field in fields:
            yield from _text(field, 2000)


def _context(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        yield f"{len(elements)} elements, 1 to 10"
    for element in elements:
        if element.get("type") != "image":
            yield from _text(element, 3000)


def _actions(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements, 1 to 25"
    for element in elements:
        if element.get("type") != "button":
            yield f"element {element.get('type')!r}"
            continue
        yield from _text(element.get("text"), 75, ("plain_text",))
        if not element.get("action_id"):
            yield "a button without action_id"
        if len(element.get("value", "")) > 2000:
            yield "a value longer than 2000"
        if element.get("style") not in (None, "primary", "danger"):
            yield f"style {element['style']!r}"
        if set(element) - {"type", "text", "action_id", "value", "style", "url", "confirm", "accessibility_label"}:
            yield f"unknown properties of a button: {sorted(element)}"


def _nothing(block: dict[str, Any]) -> Iterator[str]:
    yield from ()


_CHECKS = {"header": _header, "section": _section, "context": _context, "actions": _actions, "divider": _nothing, "image": _nothing}


def _text(found: Any, most: int, kinds: tuple[str, ...] = ("plain_text", "mrkdwn")) -> Iterator[str]:
    if not isinstance(found, dict) or found.get("type") not in kinds:
        yield f"is no text object of {kinds}"
        return
    text = found.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "empty text"
    elif len(text.encode("utf-16-le")) // 2 > most:
        yield f"{len(text)} characters, at most {most}"
    if set(found) - {"type", "text", "emoji", "verbatim"} or ("emoji" in found and found["type"] != "plain_text"):
        yield f"unknown properties of a text: {sorted(found)}"


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _objects(each)
    elif isinstance(value, list):
        for each in value:
            yield from _objects(each)


def _all(value: Any, name: str) -> Iterator[str]:
    for each in _objects(value):
        if isinstance(each.get(name), str):
            yield each[name]
