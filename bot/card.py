"""A message, or a form, before any channel has shaped it. Every string is plain text: the channel escapes it and knows its own limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from bot.frozen import record

Tone = Literal["info", "warn", "alarm", "good", "quiet"]
Style = Literal["primary", "danger", "plain"]
Asks = Literal["", "may", "pick", "must"]


@record(frozen=True, slots=True)
class Field:
    """One labelled value, such as `Shop: lights.sg`."""

    label: str
    value: str


@record(frozen=True, slots=True)
class Quote:
    """Somebody's own words. Text from outside is text: never markup, never a mention. `beside`: it says what the one before it says."""

    author: str
    text: str
    beside: bool = False


@record(frozen=True, slots=True)
class Button:
    """Pressing it says `words` to the bot, as if typed (`claim 1024`); or opens `url`, where there is one.

    `form`: its command has more to ask. A channel with forms opens that of `desk.form` first. One without says the words of a `may` as
    they are, and shows the form of a `pick` as a card to choose from; a `must` (`note 1024`) says nothing
    without it: there it takes what is typed behind the words, or leaves the button out.
    """

    label: str
    words: str
    style: Style = "plain"
    form: Asks = ""
    url: str = ""


@record(frozen=True, slots=True)
class Card:
    """Title, our own lines, fields, others' words, buttons, a quiet last line."""

    title: str
    tone: Tone = "info"
    lines: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    quotes: tuple[Quote, ...] = ()
    buttons: tuple[Button, ...] = ()
    footer: str = ""


@record(frozen=True, slots=True)
class Chart:
    """Values by label, 20 at most, drawn as bars or as a line; None: there is none. `target` is drawn across them, under its label."""

    title: str
    kind: Literal["bar", "line"]
    series: str
    labels: tuple[str, ...]
    values: tuple[float | None, ...]
    target: float | None = None
    target_label: str = ""


@record(frozen=True, slots=True)
class Choice:
    """One of an input's options: what is read, and what is sent."""

    label: str
    value: str


@record(frozen=True, slots=True)
class Input:
    """One thing a form asks for, sent under `name`. `text` may have several lines; a `choice` sends one of `options`, `choices` several.

    `options` of a `text` are usual answers, for a chat in which nothing can be typed into a form.
    """

    name: str
    label: str
    kind: Literal["text", "line", "choice", "choices"] = "text"
    value: str = ""
    options: tuple[Choice, ...] = ()
    needed: bool = True
    hint: str = ""


@record(frozen=True, slots=True)
class Form:
    """What a command asks for before it is done: sent, it is the Command of this `verb` and `ticket`.

    Its `args` are what was filled in, by the inputs' names, and `args`, which nobody sees. `submit` and `cancel` are its buttons.
    """

    verb: str
    title: str
    inputs: tuple[Input, ...]
    submit: str
    cancel: str
    ticket: int | None = None
    args: Mapping[str, str] = field(default_factory=dict)
    locale: str = "en"
