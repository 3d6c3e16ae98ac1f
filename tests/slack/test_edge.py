"""How the edge is connected, checked and closed; its manifest."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from bot.commands import registry
from bot.errors import BadSetting
from bot.settings import Settings
from handlers.edge import World
from handlers.slack.edge import SCOPES, SlackEdge, connect
from handlers.slack.presses import SHORTCUT
from handlers.slack.tasks import Tasks
from tests.clock import PushedClock
from tests.fakes.slack import FakeSlack
from tests.slack.conftest import Place, settings
from tests.slack.recording import EndlessCache, RecordingDesk

HERE = Path(__file__).parent
MANIFEST = HERE.parent.parent / "handlers" / "slack" / "manifest.json"


async def _connected(given: Settings, closing: AsyncExitStack) -> SlackEdge:
    return await connect(World(given, PushedClock(), EndlessCache(), closing))


async def test_without_slacks_settings_the_edge_is_there_and_does_nothing() -> None:
    async with AsyncExitStack() as closing:
        edge = await _connected(Settings(), closing)
        assert (edge.channels, edge.routes(RecordingDesk()), await edge.check()) == ((), [], None)


@pytest.mark.parametrize(
    ("given", "named"),
    [({"slack_bot_token": "xoxb-1"}, "DESKBELL_SLACK_SIGNING_SECRET"), ({"slack_signing_secret": "s"}, "DESKBELL_SLACK_BOT_TOKEN")],
)
async def test_half_of_slacks_settings_names_the_other_half(given: dict[str, str], named: str) -> None:
    async with AsyncExitStack() as closing:
        with pytest.raises(BadSetting, match=named):
            await _connected(Settings(**given), closing)  # type: ignore[arg-type]


async def test_a_slack_in_order_has_nothing_to_mend(place: Place) -> None:
    assert await place.edge.check() is None


async def test_doctor_says_which_scopes_are_missing(place: Place) -> None:
    place.slack.scopes -= {"im:history", "commands"}
    said = await place.edge.check()
    assert said is not None
    assert "commands, im:history" in said
    assert "reinstall" in said


async def test_doctor_says_that_the_token_is_wrong_and_never_shows_it(place: Place) -> None:
    place.slack.token = "xoxb-other"
    said = await place.edge.check()
    assert said is not None
    assert "SLACK_BOT_TOKEN" in said
    assert "xoxb-1" not in said


async def test_doctor_says_that_slack_cannot_be_reached(place: Place) -> None:
    await place.slack.down()
    said = await place.edge.check()
    assert said is not None
    assert "SLACK_API_URL" in said


async def test_the_edge_starts_and_ends_without_slack() -> None:
    slack = FakeSlack()
    slack.port = 9  # nobody listens there
    async with AsyncExitStack() as closing:
        edge = await _connected(settings(slack), closing)
        assert len(edge.routes(RecordingDesk())) == 1
        await asyncio.sleep(0.05)
        started = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - started < 1


async def test_work_that_goes_on_is_finished_before_the_end() -> None:
    tasks, done = Tasks(), []

    async def work() -> None:
        await asyncio.sleep(0.05)
        done.append(True)

    tasks.start(work(), "work")
    await tasks.drain()
    assert done


async def test_work_that_never_ends_does_not_keep_the_end_waiting() -> None:
    tasks = Tasks()
    endless = tasks.start(asyncio.sleep(60), "endless")
    await tasks.drain(0.05)
    assert endless.cancelled()


def test_a_worker_loads_neither_bolt_nor_the_door() -> None:
    program = """
import asyncio, sys
from contextlib import AsyncExitStack
from bot.settings import Settings
from handlers.edge import World
from handlers.slack.edge import connect

async def main():
    async with AsyncExitStack() as closing:
        settings = Settings(slack_bot_token="xoxb-1", slack_signing_secret="s", slack_api_url="http://127.0.0.1:9/api/", role="worker")
        edge = await connect(World(settings, None, None, closing))
        assert [each.name for each in edge.channels] == ["slack"]
    print([name for name in sys.modules if name.startswith("slack_bolt") or name == "handlers.slack.inbound"])

asyncio.run(main())
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=HERE.parent.parent)
    assert ran.stdout.strip() == "[]"


def test_the_manifest_is_one_that_slack_takes() -> None:
    schema = json.loads((HERE / "data" / "slack-manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(json.loads(MANIFEST.read_text(encoding="utf-8")))


def test_the_manifest_asks_for_what_the_edge_needs_and_no_more() -> None:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    assert tuple(manifest["oauth_config"]["scopes"]["bot"]) == SCOPES
    urls = {found for found in json.dumps(manifest).split('"') if found.startswith("https://")}
    assert urls == {"https://YOUR-HOST/slack/events", "https://YOUR-HOST/slack/oauth_redirect"}


def test_the_manifest_for_socket_mode_is_the_same_without_addresses() -> None:
    over_http = MANIFEST.read_text(encoding="utf-8")
    over_socket = json.loads(MANIFEST.with_name("manifest.socket.json").read_text(encoding="utf-8"))
    schema = json.loads((HERE / "data" / "slack-manifest.schema.2.0.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(over_socket)
    expected = json.loads(over_http)
    del expected["oauth_config"]["redirect_urls"]
    for command in expected["features"]["slash_commands"]:
        del command["url"]
    for asked in ("event_subscriptions", "interactivity"):
        del expected["settings"][asked]["request_url"]
    expected["settings"]["socket_mode_enabled"] = True
    assert over_socket == expected


def test_the_manifests_shortcuts_open_forms_that_there_are() -> None:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    for shortcut in manifest["features"]["shortcuts"]:
        start, _, verb = shortcut["callback_id"].partition(":")
        found = registry.find(verb)
        assert (start, found is not None and found.form is not None) == (SHORTCUT, True)
    assert manifest["features"]["app_home"]["home_tab_enabled"] is True
    assert "app_home_opened" in manifest["settings"]["event_subscriptions"]["bot_events"]
