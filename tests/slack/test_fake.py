"""The fake Slack refuses what the real one refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.fakes.slack import FakeSlack
from tests.fakes.slack_blocks import problems
from tests.slack.conftest import Place

TEXT = {"type": "plain_text", "text": "x"}


@pytest.mark.parametrize(
    ("blocks", "wrong"),
    [
        ([{"type": "divider"}] * 51, "51 blocks"),
        ([{"type": "alert"}], "unknown type"),
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
