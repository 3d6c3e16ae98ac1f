"""The fake Slack refuses what the real one refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_blocks import problems, view_problems
from tests.slack.conftest import Place

TEXT = {"type": "plain_text", "text": "x"}
BUTTON: dict[str, object] = {"type": "button", "text": TEXT, "action_id": "a"}
WRITTEN: dict[str, object] = {"type": "plain_text_input", "action_id": "a"}


def _option(value: str, label: str = "x") -> dict[str, object]:
    return {"text": {**TEXT, "text": label}, "value": value}


def _select(options: list[dict[str, object]]) -> dict[str, object]:
    return {"type": "static_select", "action_id": "s", "options": options}


@pytest.mark.parametrize(
    ("blocks", "wrong"),
    [
        ([{"type": "divider"}] * 51, "51 blocks"),
        ([{"type": "alert", "text": TEXT}], "unknown type"),
        ([{"type": "input", "label": TEXT, "element": {"type": "plain_text_input", "action_id": "a", "max_length": 3001}}], "max_length"),
        ([{"type": "input", "label": {**TEXT, "text": "x" * 2001}, "element": WRITTEN}], "2001 characters"),
        ([{"type": "input", "label": TEXT, "element": {**WRITTEN, "initial_value": "x" * 3001}}], "initial_value"),
        ([{"type": "input", "label": TEXT, "element": {"type": "button", "action_id": "a", "text": TEXT}}], "element 'button'"),
        ([{"type": "actions", "elements": [_select([])]}], "0 options"),
        ([{"type": "actions", "elements": [_select([_option("a")] * 101)]}], "101 options"),
        ([{"type": "actions", "elements": [_select([_option("a"), _option("a")])]}], "same value"),
        ([{"type": "actions", "elements": [_select([_option("v" * 151)])]}], "longer than 150"),
        ([{"type": "actions", "elements": [_select([_option("a", "l" * 76)])]}], "76 characters"),
        ([{"type": "actions", "elements": [_select([{**_option("a"), "description": {**TEXT, "text": "x" * 76}}])]}], "76 characters"),
        ([{"type": "actions", "elements": [{**_select([_option("a")]), "initial_option": _option("b")}]}], "none of the options"),
        (
            [{"type": "actions", "elements": [{"type": "overflow", "action_id": "a", "options": [_option(each) for each in "abcdef"]}]}],
            "6 op",
        ),
        ([{"type": "actions", "elements": [{**BUTTON, "text": {**TEXT, "text": "x" * 76}}]}], "76 characters"),
        ([{"type": "actions", "elements": [{**BUTTON, "url": "https://" + "x" * 3000}]}], "a url"),
        ([{"type": "actions", "elements": [{**BUTTON, "confirm": {"title": {**TEXT, "text": "x" * 101}}}]}], "confirm/title: 101"),
        ([{"type": "actions", "elements": [{**BUTTON, "action_id": ""}]}], "without action_id"),
        ([{"type": "actions", "elements": [{**BUTTON, "action_id": "x" * 256}]}], "longer than 255"),
        ([{"type": "actions", "block_id": "b", "elements": [BUTTON]}, {"type": "divider", "block_id": "b"}], "block_id 'b' is there 2"),
        ([{"type": "actions", "elements": [{**BUTTON, "action_id": str(each)} for each in range(26)]}], "26 elements"),
        ([{"type": "context", "elements": [TEXT] * 11}], "11 elements"),
        ([{"type": "markdown", "text": "x" * 6001}] * 2, "12002 characters of markdown"),
        ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}], "of 1 to 20 cells"),
        ([{"type": "image", "alt_text": "x"}], "from nowhere"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "no text object"),
        ([{"type": "header", "text": {**TEXT, "text": "x" * 151}}], "151 characters"),
        ([{"type": "section"}], "neither text nor fields"),
        ([{"type": "section", "text": {**TEXT, "text": " "}}], "empty text"),
        ([{"type": "section", "text": {**TEXT, "text": "x" * 3001}}], "3001 characters"),
        ([{"type": "section", "fields": [TEXT] * 11}], "11 fields"),
        ([{"type": "section", "fields": [{**TEXT, "text": "x" * 2001}]}], "2001 characters"),
        ([{"type": "context", "elements": []}], "0 elements"),
        ([{"type": "actions", "elements": []}], "0 elements"),
        ([{"type": "actions", "elements": [{"type": "button", "text": TEXT, "action_id": "a"}] * 2}], "is there 2 times"),
        ([{"type": "actions", "elements": [{"type": "button", "text": TEXT, "action_id": "a", "value": "x" * 2001}]}], "a value"),
        ([{"type": "actions", "elements": [{"type": "button", "text": TEXT, "action_id": "a", "style": "plain"}]}], "style"),
    ],
)
def test_blocks_over_a_limit_are_invalid(blocks: list[dict[str, object]], wrong: str) -> None:
    assert any(wrong in each for each in problems(blocks)), problems(blocks)


SECTION = {"type": "section", "text": TEXT}
MODAL: dict[str, object] = {"type": "modal", "title": TEXT, "blocks": [SECTION]}


@pytest.mark.parametrize(
    ("view", "wrong"),
    [
        ({"type": "page", "blocks": []}, "a view of type"),
        ({**MODAL, "blocks": []}, "without blocks"),
        ({**MODAL, "title": {**TEXT, "text": "x" * 25}}, "title: 25 characters"),
        ({**MODAL, "submit": {**TEXT, "text": "x" * 25}}, "submit: 25 characters"),
        ({**MODAL, "blocks": [{"type": "input", "label": TEXT, "element": WRITTEN}]}, "needs submit"),
        ({**MODAL, "blocks": [{"type": "markdown", "text": "x"}]}, "unknown type"),
        ({**MODAL, "private_metadata": "x" * 3001}, "private_metadata"),
        ({**MODAL, "callback_id": "x" * 256}, "callback_id"),
        ({**MODAL, "external_id": "x" * 256}, "external_id"),
        ({**MODAL, "blocks": [SECTION] * 101}, "101 blocks"),
        ({"type": "home", "blocks": [SECTION] * 101}, "101 blocks"),
        ({"type": "home", "blocks": [{"type": "alert", "text": TEXT}]}, "unknown type"),
        ({"type": "home", "title": TEXT, "blocks": [SECTION]}, "unknown properties"),
    ],
)
def test_views_over_a_limit_are_invalid(view: dict[str, object], wrong: str) -> None:
    assert any(wrong in each for each in view_problems(view)), view_problems(view)
    assert view_problems(MODAL) == []


async def test_a_trigger_opens_one_view_within_three_seconds(place: Place) -> None:
    async with ClientSession(headers={"Authorization": "Bearer x"}) as session:

        async def opened(trigger: str, view: object = MODAL, method: str = "views.open") -> str:
            async with session.post(f"{place.slack.api_url}{method}", json={"trigger_id": trigger, "view": view}) as answer:
                return str((await answer.json()).get("error", "ok"))

        fresh, late = place.slack.trigger("U1"), place.slack.trigger("U1")
        assert await opened(fresh, {**MODAL, "blocks": []}) == "invalid_arguments"
        assert [await opened(fresh), await opened(fresh)] == ["ok", "exchanged_trigger_id"]
        assert [await opened(place.slack.trigger("U1"), method="views.push") for _ in range(3)] == ["ok", "ok", "push_limit_reached"]
        place.clock.push(timedelta(seconds=3.1))
        assert [await opened(late), await opened("made up")] == ["expired_trigger_id", "invalid_trigger_id"]


async def test_a_call_without_a_token_is_refused(place: Place) -> None:
    async with (
        ClientSession() as session,
        session.post(f"{place.slack.api_url}chat.postMessage", json={"channel": "C1", "text": "x"}) as answer,
    ):
        assert await answer.json() == {"ok": False, "error": "not_authed"}


async def test_methods_take_forms_and_json(place: Place) -> None:
    headers = {"Authorization": "Bearer x"}
    blocks = [{"type": "section", "text": TEXT}]
    async with ClientSession(headers=headers) as session:
        for given in ({"json": {"channel": "C1", "blocks": blocks}}, {"data": {"channel": "C1", "blocks": json.dumps(blocks)}}):
            async with session.post(f"{place.slack.api_url}chat.postMessage", **given) as answer:
                assert (await answer.json())["ok"]
    assert [message.seen for message in place.slack.channel("C1")] == ["x", "x"]


async def test_as_a_process_it_writes_down_what_it_accepted(tmp_path: Path) -> None:
    log = tmp_path / "accepted.jsonl"
    process = subprocess.Popen(  # noqa: ASYNC220  # a test may wait for a process to start
        [sys.executable, "-m", "tests.fakes.slack", "--log", str(log), "--delay", "0.01"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        url = process.stdout.readline().rpartition(" ")[2].strip()
        body = {"channel": "C1", "text": "x", "metadata": {"event_type": "desk_outbox", "event_payload": {"id": "dlv_7"}}}
        async with (
            ClientSession(headers={"Authorization": "Bearer x"}) as session,
            session.post(f"{url}chat.postMessage", json=body) as answer,
        ):
            assert (await answer.json())["ok"]
    finally:
        process.terminate()
        process.wait(5)
        process.stdout.close()
    (line,) = log.read_text(encoding="utf-8").splitlines()
    assert (json.loads(line)["id"], json.loads(line)["channel"]) == ("dlv_7", "C1")


def test_it_can_be_made_before_there_is_a_loop() -> None:
    assert FakeSlack().api_url.endswith("/api/")
