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
    """A text, or an empty one; without what no database keeps: NUL, and halves of characters, which JSON can carry."""
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode().replace("\0", "")


def who(team: object, user: object) -> Identity | None:
    """The account, `TEAM/USER`."""
    return Identity(CHANNEL, f"{string(team)}/{string(user)}") if string(user) else None


def installation(body: Doc) -> str:
    """By which installation we were told: the workspace's id, or the organisation's where all of it has installed the app.

    In a channel that companies share this is not the workspace of who speaks. Events:
    https://docs.slack.dev/apis/events-api/#authorizations
    """
    given = body.get("authorizations")
    told = doc(given[0]) if isinstance(given, list) and given else body
    if told.get("is_enterprise_install") in (True, "true"):
        whole = string(told.get("enterprise_id")) or string(doc(told.get("enterprise")).get("id"))
        if whole:
            return whole
    team = string(told.get("team_id")) or string(doc(told.get("team")).get("id")) or string(body.get("team_id"))
    return team or string(doc(body.get("user")).get("team_id"))


def workspace(body: Doc) -> str:
    """Of an event: in which workspace we hear it, also where the whole organisation has installed the app."""
    given = body.get("authorizations")
    told = doc(given[0]) if isinstance(given, list) and given else {}
    return string(told.get("team_id")) or string(body.get("context_team_id")) or string(body.get("team_id"))


def answer_to(
    channel: object, user: object, *, team: str = "", thread: object = None, response_url: object = None, direct: bool = False
) -> dict[str, str]:  # fmt: skip
    """A Command's `answer_to`: what `Answers.give` finds the asker by, and by which installation (`team`)."""
    found = {
        "response_url": string(response_url), "channel": string(channel), "user": string(user), "thread_ts": string(thread),
        "direct": "1" if direct else "", "team": team,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}
