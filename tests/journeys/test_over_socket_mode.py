"""A desk that no address leads to: everything from Slack comes by the connection that it opens itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from run_bot import running
from tests.slack.conftest import FAST, until
from tests.world import CHANNEL, World


@pytest.fixture
async def connected(database_url: str) -> AsyncIterator[World]:
    """A process that serves, without a signing secret; with tokens alone."""
    extras = {"slack_socket": FAST}
    world = World(database_url, extras=extras, slack_signing_secret="", slack_app_token="xapp-1", role="web")
    async with world, running(world.bot):
        await until(lambda: bool(world.slack.sockets))
        world.slack.socket_mode = True
        yield world


async def test_a_ticket_is_claimed_noted_answered_and_resolved_over_socket_mode(connected: World) -> None:
    world = connected
    number = await world.ticket()
    [card] = world.slack.channel(CHANNEL)
    assert "is yours" in await world.slack.press(card, "Claim", user="U0MEI")
    assert await world.slack.thread_reply(card, "She called twice.", user="U0MEI") == 200
    await world.settle()
    assert "She called twice." in await world.says(f"show {number}")
    home = await world.slack.open_home("U0MEI")
    assert f"T-{number}" in home.seen
    form = await world.slack.press_for_view(card, "Resolve", user="U0MEI")
    assert form is not None
    await world.slack.submit("U0MEI", {"text": "refunded"})
    await world.settle()
    assert (await world.shown(number))["state"] == "resolved"
    assert {each["type"] for each in world.slack.envelopes} == {"slash_commands", "events_api", "interactive"}
    assert not world.slack.strange


async def test_when_slack_cannot_be_connected_to_readyz_says_so_and_everything_else_goes_on(connected: World) -> None:
    world = connected
    assert not any("Socket Mode" in why for why in (await world.call("GET", "/readyz"))["why"])
    world.slack.app_error = "internal_error"
    world.slack.sockets[0].abort()
    [edge] = [each for each in world.bot.edges if each.name == "slack"]
    await until(lambda: edge.ails() is not None)  # type: ignore[attr-defined]
    said = await world.call("GET", "/readyz", status=200)
    assert said["status"] == "degraded"
    assert any("Socket Mode" in why for why in said["why"])
    await world.ticket()
    assert world.slack.channel(CHANNEL)


async def test_administrators_hear_once_that_slack_refuses_the_app_and_slack_itself_carries_it(connected: World) -> None:
    world = connected
    world.slack.app_error = "invalid_auth"
    world.slack.sockets[0].abort()

    async def heard() -> list[str]:
        await world.settle()
        return [each.seen for each in world.slack.dms("U0ADA") if "does not let the app connect" in each.seen]

    async with asyncio.timeout(5):
        while not await heard():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    [said] = await heard()
    assert "invalid_auth" in said
    assert "SLACK_APP_TOKEN" in said
    [line] = [line for edge in world.bot.edges if edge.name == "slack" for line in await edge.examine(world.desk)]  # type: ignore[attr-defined]
    assert "connections:write" in line
