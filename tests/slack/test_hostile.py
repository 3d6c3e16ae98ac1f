"""Bodies that are almost Slack's: whatever stands in them, the door answers, nothing comes out of it, and what it keeps can be kept."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from bot.card import Form, Input
from bot.messages import Reply
from tests.slack.conftest import Place

CASES = 600
ODD: tuple[Any, ...] = (
    None, True, -1, 1e308, 10**30, "", "x" * 5000, "\0", "\ud800", "\u202e", "[", "<@U1",
    [], [[]], {}, [None], ["x"], {"id": 7}, [{"a": []}],
)  # fmt: skip
KEPT = json.dumps({"verb": "note", "ticket": 1, "args": {}, "to": {"user": "U1"}, "home": False, "modal": False})
VIEW = {
    "id": "V1", "type": "modal", "callback_id": "form:note", "hash": "h", "private_metadata": KEPT,
    "blocks": [{"type": "input", "block_id": "text"}],
    "state": {"values": {"text": {"in:text": {"value": "hi"}}, "who": {"in:who": {"selected_options": [{"value": "a"}]}}}},
}  # fmt: skip
WHO = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "1.t"}
FILES = [{"id": "F1", "name": "a", "permalink": "https://f/1", "mimetype": "text/plain"}]


def _event(**event: Any) -> tuple[str, dict[str, Any]]:
    body = {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "authorizations": [{"user_id": "UBOT", "is_bot": True}]}
    return "events_api", {**body, "event": {"user": "U1", "channel": "C1", "ts": "1.1", **event}}


def _press(action: str, **more: Any) -> tuple[str, dict[str, Any]]:
    box = {"type": "message", "message_ts": "1.0", "channel_id": "C1", "thread_ts": "1.0", "is_ephemeral": True}
    pressed = [{"action_id": action, "value": "note 1", "block_id": "b", "action_ts": "1.0"}]
    return "interactive", {"type": "block_actions", **WHO, "channel": {"id": "C1"}, "container": box, "actions": pressed, **more}


BODIES = (
    _event(type="message", channel_type="im", text="hi <@U2|x> &lt;", files=FILES),
    _event(type="app_mention", text="<@UBOT> list", thread_ts="0.9"),
    _event(type="message", channel_type="channel", text="hi", thread_ts="1.0", parent_user_id="UBOT"),
    _event(type="app_home_opened", tab="home"),
    _press("say:0:1"), _press("ask:0:1"), _press("only:0:1"), _press("home:refresh"), _press("ask:0", view={**VIEW, "type": "home"}),
    _press("say:0", view=VIEW),
    ("interactive", {"type": "view_submission", **WHO, "view": VIEW}),
    ("interactive", {"type": "shortcut", "callback_id": "ask:new", **WHO}),
    ("interactive", {"type": "message_action", "callback_id": "ask:new", **WHO, "message": {"text": "hi"}, "channel": {"id": "C1"}}),
    ("slash_commands", {"command": "/ticket", "text": "note 1 hi", "team_id": "T1", "user_id": "U1", "trigger_id": "1.c"}),
)  # fmt: skip


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from _paths(value[key], (*path, key))


def _spoilt(body: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """With one to three things in it replaced or gone."""
    body = copy.deepcopy(body)
    for _ in range(chance.randint(1, 3)):
        *way, last = chance.choice([*_paths(body)])
        place: Any = body
        for key in way:
            place = place[key]
        if isinstance(place, dict) and chance.random() < 0.2:
            del place[last]
        else:
            place[last] = copy.deepcopy(chance.choice(ODD))
    return body


@pytest.mark.parametrize("refuses", [False, True])
async def test_no_body_of_another_shape_breaks_the_door(place: Place, refuses: bool) -> None:
    chance = random.Random(7)
    place.desk.forms = lambda command: Form("note", "Note", (Input("text", "Text"),), "Send", "Cancel") if chance.random() < 0.5 else None
    place.desk.answers = lambda command: Reply("no", ok=False, field="text") if refuses else Reply("did")
    door, tasks = place.edge.door(place.desk), place.edge._tasks
    for _ in range(CASES // 2):
        kind, body = chance.choice(BODIES)
        said = await door.arrived(kind, _spoilt(body, chance))
        assert said is None or isinstance(said, dict)
        for task in [*tasks._running]:
            await task
    for command in (*place.desk.commands, *place.desk.asked):
        f"{command!r}".encode()  # what no database keeps is gone
    assert len(place.desk.commands) > 50, "hardly any came through: this has shown nothing"
    assert "\\x00" not in repr([*place.desk.commands, *place.desk.stored.values()])
