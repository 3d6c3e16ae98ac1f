"""What Slack would say of the blocks of a message, a modal or a home. Limits: https://docs.slack.dev/reference/block-kit/blocks"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Literal

from tests.fakes.slack_elements import ANY, PLAIN, element, size, text

Surface = Literal["message", "modal", "home"]
MOST = {"message": 50, "modal": 100, "home": 100}
EVERYWHERE = {"header", "section", "context", "actions", "divider", "image", "input"}
SURFACES: dict[Surface, set[str]] = {
    "message": EVERYWHERE | {"table", "markdown", "data_visualization"},
    "modal": EVERYWHERE | {"alert"},
    "home": EVERYWHERE,
}
PRESSED = {"button", "static_select", "overflow", "radio_buttons", "checkboxes"}
ASKED = {"plain_text_input", "static_select", "multi_static_select", "radio_buttons", "checkboxes"}


def problems(blocks: Any, surface: Surface = "message") -> list[str]:
    """Why Slack would answer `invalid_blocks`; [] when it would not."""
    if not isinstance(blocks, list):
        return ["blocks is no list"]
    found = [f"{len(blocks)} blocks, at most {MOST[surface]}"] if len(blocks) > MOST[surface] else []
    for place, block in enumerate(blocks):
        kind = block.get("type") if isinstance(block, dict) else None
        if kind not in SURFACES[surface]:
            found.append(f"blocks/{place}: unknown type {kind!r}")
            continue
        found += [f"blocks/{place}/{each}" for each in _CHECKS[kind](block)]
    markdown = sum(size(str(block.get("text", ""))) for block in blocks if isinstance(block, dict) and block.get("type") == "markdown")
    if markdown > 12_000:
        found.append(f"{markdown} characters of markdown, at most 12000 altogether")
    for name in ("action_id", "block_id"):
        ids = Counter(_all(blocks, name))
        found += [f"{name} {id!r} is there {count} times" for id, count in ids.items() if count > 1]
        found += [f"{name} {id[:20]!r}… is longer than 255" for id in ids if len(id) > 255]
    return found


def view_problems(view: Any) -> list[str]:
    """Why Slack would answer `invalid_arguments` to a view; [] when it would not. https://docs.slack.dev/reference/views"""
    kind = view.get("type") if isinstance(view, dict) else None
    if kind not in ("modal", "home"):
        return [f"a view of type {kind!r}"]
    found = problems(view.get("blocks"), kind)
    if not view.get("blocks"):
        found.append("a view without blocks")
    parts = ("title", "submit", "close") if kind == "modal" else ()
    for name in parts:
        if name in view or name == "title":
            found += [f"{name}: {each}" for each in text(view.get(name), 24, PLAIN)]
    asks = any(isinstance(block, dict) and block.get("type") == "input" for block in view.get("blocks") or ())
    if kind == "modal" and asks and "submit" not in view:
        found.append("a modal with an input needs submit")
    for name, most in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        if size(view.get(name, "")) > most:
            found.append(f"{name} is longer than {most}")
    known = {"type", "blocks", "private_metadata", "callback_id", "external_id", *parts}
    known |= {"clear_on_close", "notify_on_close"} if kind == "modal" else set()
    if set(view) - known:
        found.append(f"unknown properties of a {kind}: {sorted(set(view) - known)}")
    return found


def texts(blocks: Any) -> list[str]:
    """Everything in them that people read, buttons aside."""
    found = []
    for block in blocks or ():
        if block["type"] == "actions":
            continue
        parts = [block.get("text"), block.get("label"), block.get("hint"), *block.get("fields", ()), *block.get("elements", ())]
        found += [part["text"] for part in parts if isinstance(part, dict) and "text" in part]
    return found


def marked_up(blocks: Any) -> list[str]:
    """The texts in which Slack would look for markup and mentions."""
    return [each["text"] for each in _objects(blocks) if each.get("type") == "mrkdwn"]


def _header(block: dict[str, Any]) -> Iterator[str]:
    yield from text(block.get("text"), 150, PLAIN)


def _section(block: dict[str, Any]) -> Iterator[str]:
    fields = block.get("fields")
    if "text" in block:
        yield from text(block["text"], 3000)
    elif not fields:
        yield "neither text nor fields"
    if fields is not None:
        if not 1 <= len(fields) <= 10:
            yield f"{len(fields)} fields, 1 to 10"
        for field in fields:
            yield from text(field, 2000)
    if "accessory" in block:
        yield from element(block["accessory"], PRESSED | {"multi_static_select", "image"})


def _context(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 10:
        yield f"{len(elements)} elements, 1 to 10"
    for each in elements:
        if each.get("type") != "image":
            yield from text(each, 3000)


def _actions(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements") or []
    if not 1 <= len(elements) <= 25:
        yield f"{len(elements)} elements, 1 to 25"
    for each in elements:
        yield from element(each, PRESSED)


def _input(block: dict[str, Any]) -> Iterator[str]:
    yield from text(block.get("label"), 2000, PLAIN)
    if "hint" in block:
        yield from text(block["hint"], 2000, PLAIN)
    yield from element(block.get("element"), ASKED)
    if set(block) - {"type", "block_id", "label", "hint", "element", "optional", "dispatch_action"}:
        yield f"unknown properties of an input: {sorted(block)}"


def _image(block: dict[str, Any]) -> Iterator[str]:
    if not block.get("image_url") and not block.get("slack_file"):
        yield "an image from nowhere"
    if not block.get("alt_text") or size(block["alt_text"]) > 2000:
        yield "alt_text is missing or longer than 2000"


def _table(block: dict[str, Any]) -> Iterator[str]:
    rows = block.get("rows") or []
    if not 1 <= len(rows) <= 100 or any(not 1 <= len(row) <= 20 for row in rows):
        yield f"{len(rows)} rows, 1 to 100, of 1 to 20 cells"
    if any(cell.get("type") not in ("raw_text", "raw_number", "rich_text") for row in rows for cell in row):
        yield "a cell of another type"


def _markdown(block: dict[str, Any]) -> Iterator[str]:
    if not str(block.get("text", "")).strip():
        yield "empty text"


def _alert(block: dict[str, Any]) -> Iterator[str]:
    yield from text(block.get("text"), 3000, ANY)


def _nothing(block: dict[str, Any]) -> Iterator[str]:
    yield from ()


def _chart(block: dict[str, Any]) -> Iterator[str]:
    """A bar or line chart: title 50, labels 20, 1–12 series, 1–20 categories, each with a value of every series."""
    chart = block.get("chart") or {}
    axis, series = chart.get("axis_config") or {}, chart.get("series") or []
    categories = axis.get("categories") or []
    if not 1 <= size(str(block.get("title", ""))) <= 50 or chart.get("type") not in ("bar", "line", "area"):
        yield "a chart needs a title of 50 characters at most, and a type"
    if not 1 <= len(series) <= 12 or not 1 <= len(categories) <= 20 or len(set(categories)) != len(categories):
        yield f"{len(series)} series, {len(categories)} categories"
    labels = [axis.get("x_label", ""), axis.get("y_label", ""), *categories, *(each.get("name", "") for each in series)]
    yield from (f"label {each!r} is longer than 20" for each in labels if size(each) > 20)
    for each in series:
        data = each.get("data") or []
        if [one.get("label") for one in data] != categories or not all(isinstance(one.get("value"), int | float) for one in data):
            yield f"series {each.get('name')!r} has not one value for every category"


_CHECKS: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "header": _header, "section": _section, "context": _context, "actions": _actions, "divider": _nothing, "image": _image,
    "input": _input, "table": _table, "markdown": _markdown, "alert": _alert, "data_visualization": _chart,
}  # fmt: skip


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
