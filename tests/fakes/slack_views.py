"""Modals and homes of the fake Slack: opened by triggers that die, stacked, filled in, refused; what each person has on the screen."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from tests.fakes.slack_blocks import texts, view_problems
from tests.fakes.slack_people import Message, SlackPeople

TRIGGER_LIVES = 3.0  # seconds
DEEPEST = 3


@dataclass(slots=True)
class View:
    """A modal or a home as its person sees it now. `errors` stand beside its inputs after a submission that was refused."""

    id: str
    user: str
    doc: dict[str, Any]
    hash: str
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def seen(self) -> str:
        """All that it says."""
        title = [self.doc["title"]["text"]] if "title" in self.doc else []
        return unescape("\n".join([*title, *texts(self.doc["blocks"])]))

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Its buttons as Block Kit elements."""
        return [each for block in self.doc["blocks"] if block["type"] == "actions" for each in block["elements"]]

    @property
    def labels(self) -> list[str]:
        """What stands on them."""
        return [unescape(each["text"]["text"]) for each in self.buttons]

    @property
    def inputs(self) -> dict[str, dict[str, Any]]:
        """Its input blocks, by their block_id."""
        return {block["block_id"]: block for block in self.doc["blocks"] if block["type"] == "input"}

    def choices(self, name: str) -> dict[str, str]:
        """Value → label of a select's options."""
        return {each["value"]: unescape(each["text"]["text"]) for each in self.inputs[name]["element"]["options"]}


class SlackViews(SlackPeople):
    """People's screens, and the methods that draw on them."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.modals: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.complaints: list[str] = []
        self._triggers: dict[str, tuple[str, float]] = {}
        self._spent: set[str] = set()
        self._drawn: Counter[str] = Counter()

    def trigger(self, user: str = "") -> str:
        """A trigger_id: for one view, for 3 s."""
        made = super().trigger(user)
        self._triggers[made] = (user, self._now())
        return made

    def modal(self, user: str) -> View | None:
        """The topmost modal on this person's screen."""
        stack = self.modals.get(user)
        return stack[-1] if stack else None

    async def press_for_view(self, on: Message | View, button: str, *, user: str, draws: int = 1) -> View | None:
        """Presses a button of a message or view, and waits until that often something was drawn, or said; the modal then on the screen."""
        body = self.press_body(on, button, user=user) if isinstance(on, Message) else self.view_press_body(on, button)
        return await self._drawn_after({"payload": json.dumps(body)}, user, draws)

    def view_press_body(self, view: View, button: str) -> dict[str, Any]:
        """The payload of a press in a modal or a home."""
        names = [(unescape(each["text"]["text"]), each.get("value"), each) for each in view.buttons]
        found = [each for label, value, each in names if button in (label, value)]
        assert found, f"no button {button!r}; there are {view.labels}"
        return {
            "type": "block_actions", "api_app_id": "A1", "team": {"id": self.home_of(view.user)[0]},
            "user": {"id": view.user, "team_id": self.home_of(view.user)[0]},
            "container": {"type": "view", "view_id": view.id}, "trigger_id": self.trigger(view.user), "view": self._shown_view(view),
            "actions": [{**found[0], "block_id": "b", "action_ts": f"{self._now():.6f}"}],
        }  # fmt: skip

    async def shortcut(self, callback: str, *, user: str, on: Message | None = None, channel: str = "C1", **said: Any) -> View | None:
        """Uses a shortcut: on a message (`text`, `ts` … of what somebody said), or the global one where nothing is given."""
        body: dict[str, Any] = {
            "type": "shortcut", "callback_id": callback, "team": {"id": self.home_of(user)[0], "domain": "acme"}, "user": {"id": user},
            "trigger_id": self.trigger(user), "action_ts": f"{self._now():.6f}",
        }  # fmt: skip
        if said:
            message = {"type": "message", "user": "U0SOMEBODY", "ts": self.stamp(), **said}
            url = self._response_url(user, channel)
            body |= {
                "type": "message_action",
                "message": message,
                "message_ts": message["ts"],
                "channel": {"id": channel},
                "response_url": url,
            }
        return await self._drawn_after({"payload": json.dumps(body)}, user)

    async def open_home(self, user: str) -> View:
        """Looks at the app's home."""
        before = self._drawn[user]
        await self.event({"type": "app_home_opened", "user": user, "channel": f"D{user[1:]}", "tab": "home", "event_ts": self.stamp()})
        await self.until(lambda: self._drawn[user] > before)
        return self.homes[user]

    async def submit(self, user: str, values: Mapping[str, str], *, draws: int = 0) -> View | None:
        """Fills in and sends the topmost modal; the one that is left on the screen, with its `errors`. `draws` follow its answer."""
        view, before = self.modals[user][-1], self._drawn[user]
        status, said = await self.post_form({"payload": json.dumps(self.submit_body(view, values))})
        assert status == 200, (status, said)
        self._answered(view, json.loads(said) if said else {})
        await self.until(lambda: self._drawn[user] >= before + draws)
        return self.modal(user)

    def submit_body(self, view: View, values: Mapping[str, str]) -> dict[str, Any]:
        """The payload of a submission; Slack itself does not let one go that lacks what is required."""
        state: dict[str, Any] = {}
        assert set(values) <= set(view.inputs), f"there are {sorted(view.inputs)}"
        for name, block in view.inputs.items():
            element, value = block["element"], values.get(name)
            assert value or block.get("optional"), f"{name} is required"
            given: dict[str, Any] = {"type": element["type"]}
            if element["type"] == "plain_text_input":
                assert len(value or "") <= element.get("max_length", 3000)
                given["value"] = value or None
            else:
                chosen = [each for each in element["options"] if each["value"] == value]
                assert chosen or not value, f"{value!r} is none of {view.choices(name)}"
                given |= {"selected_options": chosen} if element["type"].startswith("multi") else {"selected_option": (chosen or [None])[0]}
            state[name] = {element["action_id"]: given}
        shown = self._shown_view(view) | {"state": {"values": state}}
        team = {"id": self.home_of(view.user)[0], "domain": "acme"}
        return {"type": "view_submission", "team": team, "user": {"id": view.user}, "api_app_id": "A1", "view": shown, "response_urls": []}

    async def _drawn_after(self, form: Mapping[str, str], user: str, draws: int = 1) -> View | None:
        drawn, whispers = self._drawn[user], len(self.ephemerals(user))
        status, said = await self.post_form(form)
        assert status == 200, (status, said)
        await self.until(lambda: self._drawn[user] >= drawn + draws or len(self.ephemerals(user)) > whispers)
        return self.modal(user)

    async def until(self, done: Callable[[], bool]) -> None:
        """Waits for it, 5 s at most."""
        for _ in range(500):
            if done():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("nothing was drawn, and nothing said")

    def _answered(self, view: View, answer: dict[str, Any]) -> None:
        stack, action = self.modals[view.user], answer.get("response_action")
        view.errors = {}
        if action == "errors":
            unknown = set(answer["errors"]) - set(view.inputs)
            assert answer["errors"], "no errors"
            assert not unknown, f"errors for {unknown}, which are no input's block_id"
            view.errors = dict(answer["errors"])
        elif action == "update":
            self._accept(answer["view"])
            view.doc, view.hash = answer["view"], f"h{next(self._count)}"
        elif action == "clear":
            stack.clear()
        else:
            assert action is None, answer
            stack.remove(view)

    def _accept(self, doc: Any) -> None:
        wrong = view_problems(doc)
        self.complaints += wrong
        assert not wrong, wrong

    def _shown_view(self, view: View) -> dict[str, Any]:
        return {
            **view.doc,
            "id": view.id,
            "hash": view.hash,
            "team_id": self.home_of(view.user)[0],
            "root_view_id": self.modals.get(view.user, [view])[0].id,
        }

    def _exchange(self, given: dict[str, Any]) -> tuple[str, str]:
        """(whose screen, error)."""
        trigger = str(given.get("trigger_id"))
        user, at = self._triggers.get(trigger, ("", 0.0))
        if not user:
            return "", "invalid_trigger_id"
        if self._now() - at > TRIGGER_LIVES:
            return "", "expired_trigger_id"
        if trigger in self._spent:
            return "", "exchanged_trigger_id"
        self._spent.add(trigger)
        return user, ""

    def _views_open(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._opened(given, over=False)

    def _views_push(self, given: dict[str, Any]) -> dict[str, Any]:
        return self._opened(given, over=True)

    def _opened(self, given: dict[str, Any], *, over: bool) -> dict[str, Any]:
        doc, wrong = _doc(given), view_problems(_doc(given))
        self.complaints += wrong
        if wrong or doc["type"] != "modal":
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": wrong}}
        user, error = self._exchange(given)
        if error:
            return {"ok": False, "error": error}
        stack = self.modals.setdefault(user, [])
        if over and not 1 <= len(stack) < DEEPEST:
            return {"ok": False, "error": "push_limit_reached" if stack else "not_found"}
        view = View(f"V{next(self._count)}", user, doc, f"h{next(self._count)}")
        stack[:] = [*stack, view] if over else [view]
        self._drawn[user] += 1
        return {"ok": True, "view": {"id": view.id, "hash": view.hash}}

    def _views_update(self, given: dict[str, Any]) -> dict[str, Any]:
        doc, wrong = _doc(given), view_problems(_doc(given))
        self.complaints += wrong
        if wrong:
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": wrong}}
        view = next((each for stack in self.modals.values() for each in stack if each.id == given.get("view_id")), None)
        if view is None or given.get("hash", view.hash) != view.hash:
            return {"ok": False, "error": "hash_conflict" if view else "not_found"}
        view.doc, view.hash = doc, f"h{next(self._count)}"
        self._drawn[view.user] += 1
        return {"ok": True, "view": {"id": view.id, "hash": view.hash}}

    def _views_publish(self, given: dict[str, Any]) -> dict[str, Any]:
        doc, wrong = _doc(given), view_problems(_doc(given))
        self.complaints += wrong
        if wrong or doc["type"] != "home":
            return {"ok": False, "error": "invalid_arguments", "response_metadata": {"messages": wrong}}
        user = str(given.get("user_id"))
        self.homes[user] = View(f"V{next(self._count)}", user, doc, f"h{next(self._count)}")
        self._drawn[user] += 1
        return {"ok": True, "view": {"id": self.homes[user].id, "hash": self.homes[user].hash}}

    def _chat_getPermalink(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        channel, ts = str(given.get("channel")), str(given.get("message_ts"))
        if not channel.startswith(("C", "G", "D")):
            return {"ok": False, "error": "channel_not_found"}
        return {"ok": True, "channel": channel, "permalink": f"https://acme.slack.com/archives/{channel}/p{ts.replace('.', '')}"}


def _doc(given: Mapping[str, Any]) -> Any:
    view = given.get("view")
    return json.loads(view) if isinstance(view, str) else view
