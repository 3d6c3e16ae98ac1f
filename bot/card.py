"""A message before any channel has shaped it. Every string is plain text: the channel escapes it and knows its own limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["info", "warn", "alarm", "good", "quiet"]


@dataclass(frozen=True, slots=True)
class Field:
    """One labelled value, such as `Shop: lights.sg`."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words. Text from outside is text: never markup, never a mention."""

    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Button:
    """Pressing it says `words` to the bot, as if typed (`claim 1024`)."""

    label: str
    words: str
    style: Literal["primary", "danger", "plain"] = "plain"


@dataclass(frozen=True, slots=True)
class Card:
    """Title, our own lines, fields, others' words, buttons, a quiet last line."""

    title: str
    tone: Tone = "info"
    lines: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    quotes: tuple[Quote, ...] = ()
    buttons: tuple[Button, ...] = ()
    footer: str = ""
