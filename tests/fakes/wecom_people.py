"""People in the fake WeCom: what they see in their chats, what they click and type, and the events that this makes."""

from __future__ import annotations

import itertools
import json
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.ports import Clock
from tests.fakes.wecom_cards import INTERACTIVE, texts

CODE_LIFE = timedelta(hours=72)


@dataclass(slots=True)
class FakeApp:
    """A self-built app. `receive` takes the events of its people, in the clear: whoever encrypts and delivers them stands there."""

    corp_id: str
    agent_id: int
    secret: str
    receive: Callable[[FakeApp, dict[str, Any]], Awaitable[Any]] | None = None


@dataclass(slots=True)
class WecomMessage:
    """A message as its reader sees it now; `versions` are what it showed before. `place` is a userid, a chat id or a robot's key."""

    place: str
    app: FakeApp | None
    kind: str
    body: dict[str, Any]
    at: datetime
    versions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def card(self) -> dict[str, Any]:
        """{} where it is none."""
        return self.body if self.kind == "template_card" else {}

    @property
    def task_id(self) -> str:
        """The card's."""
        return str(self.card.get("task_id") or (self.versions[0].get("task_id") if self.versions else ""))

    @property
    def seen(self) -> str:
        """All that it says."""
        return "\n".join(texts(self.body)) if self.card else str(self.body.get("content") or json.dumps(self.body, ensure_ascii=False))

    @property
    def labels(self) -> list[str]:
        """What stands on buttons that can be pressed; a grey one can't."""
        if self.card.get("replace_text"):
            return []
        return [each["text"] for each in self.pressable]

    @property
    def pressable(self) -> list[dict[str, Any]]:
        """Buttons, the one that sends a form, and what is behind the corner."""
        submit, menu = self.card.get("submit_button"), self.card.get("action_menu") or {}
        return [*(self.card.get("button_list") or ()), *([submit] if submit else ()), *(menu.get("action_list") or ())]

    @property
    def grey(self) -> str:
        """What a card says that can't be pressed any more."""
        return str(self.card.get("replace_text") or "")


@dataclass(slots=True)
class Code:
    """Changes one message once."""

    messages: list[WecomMessage]
    app: FakeApp
    until: datetime
    used: bool = False


class WecomPeople:
    """Chats by userid, groups by chat id, robots by key."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.messages: dict[str, list[WecomMessage]] = defaultdict(list)
        self.codes: dict[str, Code] = {}
        self.events: list[dict[str, Any]] = []
        self._ids = itertools.count(4561255354251345929)

    def chat(self, userid: str) -> list[WecomMessage]:
        """What the apps wrote to this person, oldest first."""
        return self.messages[userid.lower()]

    def code(self, messages: list[WecomMessage], app: FakeApp) -> str:
        """A fresh response code."""
        made = secrets.token_urlsafe(16)
        self.codes[made] = Code(messages, app, self.clock.now() + CODE_LIFE)
        return made

    async def click(self, userid: str, button: str, message: WecomMessage | None = None, **selected: str | Sequence[str]) -> dict[str, Any]:
        """Presses a button of a card (the last one that has it) by its text; `selected` are options' ids by question. The event."""
        mine = [each for each in self.chat(userid) if button in each.labels]
        found = message or mine[-1]
        assert button in found.labels, (button, found.labels)
        card = found.card
        keys = {each["text"]: each["key"] for each in found.pressable if "key" in each}
        event: dict[str, Any] = {
            "Event": "template_card_event", "EventKey": keys[button], "TaskId": found.task_id, "CardType": card["card_type"],
            "ResponseCode": self.code([found], found.app or FakeApp("", 0, "")),
        }  # fmt: skip
        if selected:
            chosen = {name: [value] if isinstance(value, str) else list(value) for name, value in selected.items()}
            event["SelectedItems"] = {
                "SelectedItem": [{"QuestionKey": name, "OptionIds": {"OptionId": ids}} for name, ids in chosen.items()]
            }
        return await self._happens(found.app, userid, {"MsgType": "event", **event})

    async def types(self, userid: str, words: str, app: FakeApp) -> dict[str, Any]:
        """Says something to the app, in the chat with it."""
        return await self._happens(app, userid, {"MsgType": "text", "Content": words, "MsgId": str(next(self._ids))})

    async def happens(self, userid: str, event: str, app: FakeApp, **more: Any) -> dict[str, Any]:
        """Any other event: `enter_agent`, `click` (EventKey=…), `inactive_alert` …"""
        return await self._happens(app, userid, {"MsgType": "event", "Event": event, **more})

    async def _happens(self, app: FakeApp | None, userid: str, more: Mapping[str, Any]) -> dict[str, Any]:
        assert app is not None, "only an app hears of what people do"
        made = {
            "ToUserName": app.corp_id, "FromUserName": userid, "CreateTime": str(int(self.clock.now().timestamp())), **more,
            "AgentID": str(app.agent_id),
        }  # fmt: skip
        self.events.append(made)
        if app.receive is not None:
            await app.receive(app, made)
        return made


def interactive(card: Mapping[str, Any]) -> bool:
    """Whether it can be pressed, and changed by a response code."""
    return card.get("card_type") in INTERACTIVE or bool(card.get("action_menu"))
