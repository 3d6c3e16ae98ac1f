"""Commands and replies as JSON and back: what the inbox keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from bot.card import Button, Card, Chart, Choice, Field, Form, Input, Quote
from bot.messages.chat import Command, Identity, Paper, Reply


def command_doc(command: Command) -> dict[str, Any]:
    """A command as JSON."""
    return {
        "by": {"channel": command.by.channel, "id": command.by.id}, "words": command.words, "verb": command.verb,
        "ticket": command.ticket, "args": dict(command.args), "once": command.once, "within": command.within,
        "thread": list(command.thread) if command.thread else None,
        "answer_to": dict(command.answer_to) if command.answer_to else None, "via": command.via,
        "pressed": dict(command.pressed) if command.pressed else None,
    }  # fmt: skip


def command(doc: Mapping[str, Any]) -> Command:
    """The command that `command_doc` made this of."""
    thread = doc.get("thread")
    return Command(
        Identity(doc["by"]["channel"], doc["by"]["id"]), doc.get("words") or "", doc.get("verb"), doc.get("ticket"),
        doc.get("args") or {}, doc.get("once"), doc.get("within"), (thread[0], thread[1], thread[2]) if thread else None,
        doc.get("answer_to"), doc.get("via") or "", pressed=doc.get("pressed"),
    )  # fmt: skip


def reply_doc(reply: Reply) -> dict[str, Any]:
    """A reply as JSON."""
    return asdict(reply)


def reply(doc: Mapping[str, Any]) -> Reply:
    """The reply that `reply_doc` made this of."""
    cards = tuple(_card(each) for each in doc.get("cards") or ())
    return Reply(
        doc["text"], cards, doc["ok"], doc["code"], doc.get("ticket"), doc.get("locale") or "en", doc.get("field"),
        _form(doc["form"]) if doc.get("form") else None, Paper(**doc["paper"]) if doc.get("paper") else None,
        tuple(_chart(each) for each in doc.get("charts") or ()),
    )  # fmt: skip


def _form(doc: Mapping[str, Any]) -> Form:
    inputs = tuple(Input(**{**each, "options": tuple(Choice(**one) for one in each["options"])}) for each in doc["inputs"])
    return Form(**{**doc, "inputs": inputs})


def _chart(doc: Mapping[str, Any]) -> Chart:
    return Chart(**{**doc, "labels": tuple(doc["labels"]), "values": tuple(doc["values"])})


def _card(doc: Mapping[str, Any]) -> Card:
    return Card(
        doc["title"], doc["tone"], tuple(doc["lines"]), tuple(Field(**each) for each in doc["fields"]),
        tuple(Quote(**each) for each in doc["quotes"]), tuple(Button(**each) for each in doc["buttons"]), doc["footer"],
    )  # fmt: skip
