"""What a person did to a button or a shortcut: what it says or asks, and where. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from bot.messages import Command
from handlers.slack import cards, forms, words
from handlers.slack.forms import Origin
from handlers.slack.shapes import CHANNEL, answer_to, doc, installation, string, who

ACTIONS = (cards.SAY, cards.ONLY, cards.ASK, cards.OPEN, "home")  # how the action_ids of our buttons begin
SHORTCUT = "ask"  # a shortcut's callback_id is `ask:VERB`

Place = Literal["message", "home", "modal"]


@dataclass(frozen=True, slots=True)
class Press:
    """`asks`: a form is to be opened first. `trigger` opens one view, for 3 s; `view` is the id of the modal in which it was pressed."""

    command: Command
    trigger: str
    place: Place = "message"
    asks: bool = False
    view: str = ""
    home: bool = False

    @property
    def origin(self) -> Origin:
        """For what is opened because of it."""
        return Origin(self.command.answer_to or {}, self.home, self.place == "modal")

    @property
    def team(self) -> str:
        """By which installation it came."""
        return (self.command.answer_to or {}).get("team") or self.command.by.id.partition("/")[0]

    @property
    def user(self) -> str:
        """Who pressed."""
        return self.command.by.id.partition("/")[2]


def press(body: Mapping[str, Any]) -> Press | None:
    """A `block_actions`; None for what says nothing (a link)."""
    actions = body.get("actions")
    action = doc(actions[0]) if isinstance(actions, list) and actions else {}
    kind = string(action.get("action_id"))
    command = words.press(body)
    if command is None:
        return None
    view = doc(body.get("view"))
    asks = kind.startswith(f"{cards.ASK}:")
    trigger = string(body.get("trigger_id"))
    if view:
        place: Place = "home" if view.get("type") == "home" else "modal"
        came = forms.origin(view)
        return Press(command, trigger, place, asks, string(view.get("id")), place == "home" or came.home)
    ephemeral = doc(body.get("container")).get("is_ephemeral") is True
    if kind.startswith(f"{cards.ONLY}:") and ephemeral:
        command = replace(command, answer_to={**(command.answer_to or {}), "instead": "1"})
    return Press(command, trigger, "message", asks)


def shortcut(body: Mapping[str, Any]) -> Press | None:
    """A shortcut, in a message's menu or the global one. A message's text and place go along as `text` and `channel`, `ts`."""
    user, said = doc(body.get("user")), doc(body.get("message"))
    by = who(doc(body.get("team")).get("id") or user.get("team_id"), user.get("id"))
    verb = string(body.get("callback_id")).partition(":")[2]
    trigger = string(body.get("trigger_id"))
    if by is None or not verb or not trigger:
        return None
    text = words.typed(string(said.get("text")))
    team, url = installation(body), body.get("response_url")
    to = answer_to(doc(body.get("channel")).get("id"), user.get("id"), team=team, thread=said.get("thread_ts"), response_url=url)
    command = Command(by, verb=verb, args={"text": text} if text else {}, once=f"shortcut:{trigger}", answer_to=to, via=CHANNEL)
    return Press(command, trigger, "message", asks=True)


def place_of(body: Mapping[str, Any]) -> tuple[str, str]:
    """The channel and `ts` of the message that a shortcut was used on; empty where it was used on none."""
    said = doc(body.get("message"))
    return string(doc(body.get("channel")).get("id")), string(said.get("ts")) or string(body.get("message_ts"))
