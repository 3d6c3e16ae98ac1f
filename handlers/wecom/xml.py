"""WeCom's XML as a document: strings, and mappings of them. Strict: no DTD, no entity, no doubled tag, no depth, no size.

A library that turns one `SelectedItem` into a mapping and two into a list leaves that to whoever reads: here they are lists always.
"""

from __future__ import annotations

import re
from typing import Any, Union

from defusedxml.ElementTree import ParseError, XMLParser

from bot.errors import Unauthentic

MOST_BYTES = 64 * 1024
MOST_DEPTH = 16
_LISTS = frozenset({"SelectedItem", "OptionId", "item", "Item"})  # the tags that may come several times beside each other
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # https://www.w3.org/TR/xml/#charsets

Value = Union[str, "dict[str, Any]"]


def document(text: str) -> dict[str, Any]:
    """What stands within the outermost tag. Raises Unauthentic for whatever WeCom would not have sent."""
    if len(text) > MOST_BYTES:
        raise Unauthentic("too large")
    reader = XMLParser(target=_Builder(), forbid_dtd=True)
    try:
        reader.feed(text)
        found = reader.close()
    except (ParseError, ValueError, LookupError):  # defusedxml's own are ValueErrors; LookupError: an encoding that nobody knows
        raise Unauthentic("no XML of WeCom's") from None
    if not isinstance(found, dict):
        raise Unauthentic("no XML of WeCom's")
    return found


def legal(text: str) -> str:
    """Without the control characters that people can paste and XML cannot hold: a message is not lost for them."""
    return _ILLEGAL.sub("", text)


class _Builder:
    """Builds nested dicts as tags come."""

    def __init__(self) -> None:
        self._open: list[tuple[str, dict[str, Any], list[str]]] = []
        self._root: Value | None = None

    def start(self, tag: str, attributes: object) -> None:
        if len(self._open) >= MOST_DEPTH:
            raise Unauthentic("too deep")
        self._open.append((tag, {}, []))

    def data(self, text: str) -> None:
        if self._open:
            self._open[-1][2].append(text)

    def end(self, tag: str) -> None:
        _, children, pieces = self._open.pop()
        text = "".join(pieces)
        if children and text.strip():
            raise Unauthentic("text between tags")
        value: Value = children or text
        if not self._open:
            self._root = value
            return
        beside = self._open[-1][1]
        if tag in _LISTS:
            beside.setdefault(tag, []).append(value)
        elif tag in beside:
            raise Unauthentic("a tag comes twice")
        else:
            beside[tag] = value

    def close(self) -> Value | None:
        return self._root
