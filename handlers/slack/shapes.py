"""What may stand in a document of Slack's, read without trust: the wrong kind is as if it were not there. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messages import Identity

CHANNEL = "slack"

Doc = Mapping[str, Any]


def doc(value: object) -> Doc:
    """An object, or an empty one."""
    return value if isinstance(value, dict) else {}


def string(value: object) -> str:
    """A text, or an empty one."""
    return value if isinstance(value, str) else ""


def who(team: object, user: object) -> Identity | None:
    """The account, `TEAM/USER`."""
    return Identity(CHANNEL, f"{string(team)}/{string(user)}") if string(user) else None


def answer_to(channel: object, user: object, *, thread: object = None, response_url: object = None, direct: bool = False) -> dict[str, str]:
    """A Command's `answer_to`: what `Answers.give` finds the asker by."""
    found = {
        "response_url": string(response_url), "channel": string(channel), "user": string(user), "thread_ts": string(thread),
        "direct": "1" if direct else "",
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
