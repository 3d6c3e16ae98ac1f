"""Merchants with Slack workspaces of their own: each gets its cards there and works there, and none reaches another's."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from tests.fakes.slack_workspaces import Workspace
from tests.journeys.installing import APP, installable, installs, merchant, orchid_workspace, whoami
from tests.world import CHANNEL, PEOPLE, World


@pytest.fixture
async def world(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Over Socket Mode where a test asks for it."""
    async with installable(database_url, over_socket=getattr(request, "param", "http") == "socket") as found:
        yield found


@pytest.mark.parametrize("world", ["http", "socket"], indirect=True)
async def test_a_merchants_own_workspace_gets_its_cards_and_works_them(world: World) -> None:
    orchid = orchid_workspace()
    page = await installs(world, orchid)
    assert "Orchid &lt;Home&gt;" in page
    assert "T0ORCHID" in page
    assert "slack_team_id" in page
    assert any("Orchid" in each.seen for each in world.slack.dms("U0ADA"))
    await merchant(world)
    number = await world.ticket(shop_id="orchid-shop")
    [card] = world.slack.channel("C0ORCHID")
    assert not world.slack.channel(CHANNEL)
    assert "is yours" in await world.slack.press(card, "Claim", user="U0LAN", team="T0ORCHID")
    await world.settle()
    assert "Lan" in card.seen
    assert (await world.shown(number))["assignee"] == "lan"
    assert f"{number}" in await world.slack.command("list mine", user="U0LAN", team="T0ORCHID", channel="C0ORCHID")
    said = {"type": "message", "channel_type": "channel", "channel": "C0ORCHID", "user": "U0LAN", "text": "asked the bank"}
    said |= {"ts": world.slack.stamp(), "thread_ts": card.ts, "parent_user_id": "UORCHIDBOT"}
    assert await world.slack.event(said, team="T0ORCHID", at=("T0ORCHID", "UORCHIDBOT")) == 200
    await world.settle()
    assert "asked the bank" in await world.slack.command(f"show {number}", user="U0LAN", team="T0ORCHID")


async def test_home_forms_and_direct_messages_are_in_the_workspace_of_whoever_uses_them(world: World) -> None:
    await installs(world, orchid_workspace())
    await merchant(world)
    world.slack.lives["U0LAN"] = ("T0ORCHID", "UORCHIDBOT")
    number = await world.ticket(shop_id="orchid-shop")
    world.slack.asked.clear()
    home = await world.slack.open_home("U0LAN")
    await world.slack.press_for_view(home, f"claim {number}", user="U0LAN")
    await world.settle()
    [card] = world.slack.channel("C0ORCHID")
    assert await world.slack.press_for_view(card, "Resolve", user="U0LAN") is not None
    await world.slack.submit("U0LAN", {"text": "refunded"})
    await world.settle()
    assert (await world.shown(number))["state"] == "resolved"
    assert await world.slack.dm(f"show {number}", user="U0LAN") == 200
    await world.settle()
    assert f"T-{number}" in world.slack.dms("U0LAN")[-1].seen
    assert {method for method, _ in world.slack.asked} >= {"views.publish", "views.open", "chat.update", "chat.postMessage"}
    theirs = [method for method, given in world.slack.calls if "U0LAN" in (given.get("user_id"), given.get("user"))]
    assert len(theirs) == len([each for each in world.slack.asked if each[0] in ("views.publish", "chat.postEphemeral")])


async def test_two_agents_may_have_the_same_user_id_where_each_names_a_workspace(world: World) -> None:
    await installs(world, orchid_workspace())
    await merchant(world)
    twin = {"name": "Twin", "role": "agent", "merchant_id": "orchid", "slack_user_id": "U0MEI", "slack_team_id": "T0ORCHID", "locale": "en"}
    refused = await world.call("PUT", "/v1/agents/twin", twin, status=409)
    assert "slack_team_id" in refused["detail"], "the older link names no workspace, so it might be this account"
    await world.call("PUT", "/v1/agents/mei", {**PEOPLE["mei"], "slack_team_id": "T1"})
    await world.call("PUT", "/v1/agents/twin", twin)
    assert "Mei" in await world.slack.command("whoami", user="U0MEI")
    assert "Twin" in await world.slack.command("whoami", user="U0MEI", team="T0ORCHID")


async def test_the_same_user_id_in_another_workspace_is_another_person(world: World) -> None:
    await installs(world, orchid_workspace())
    await merchant(world)
    number = await world.ticket()
    assert "is yours" in await world.says(f"claim {number}")
    for user, team in (("U0MEI", "T0ORCHID"), ("U0LAN", "T1"), ("U0MEI", "T0NOWHERE")):
        said = await world.slack.command("list mine", user=user, team=team)
        assert str(number) not in said
        assert "link" in said, said


@pytest.mark.parametrize("world", ["http", "socket"], indirect=True)
async def test_a_workspace_that_removes_the_app_is_told_of_once_and_its_alerts_take_other_ways(world: World) -> None:
    orchid = orchid_workspace()
    await installs(world, orchid)
    await merchant(world)
    world.clock.push(timedelta(minutes=1))
    before = len(world.slack.dms("U0ADA"))
    for kind in ({"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"bot": ["UORCHIDBOT"]}}, {"type": "app_uninstalled"}):
        assert await world.slack.event(kind, team="T0ORCHID", at=("T0ORCHID", "UORCHIDBOT")) == 200
    await world.settle()
    [told] = world.slack.dms("U0ADA")[before:]
    assert "removed" in told.seen
    await world.ticket(shop_id="orchid-shop")
    [dead] = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert "not installed" in dead["last_error"]
    assert not world.slack.channel("C0ORCHID")


async def test_an_organisations_installation_serves_its_workspaces_and_no_others(database_url: str) -> None:
    async with World(database_url, populated=False, slack_bot_token="", **APP) as world:
        group = Workspace("E0GROUP", "Group", "UGROUPBOT", teams=("T0WEST", "T0EAST"))
        await installs(world, group)
        await merchant(world, team="T0EAST")
        number = await world.ticket(shop_id="orchid-shop")
        [card] = world.slack.channel("C0ORCHID")
        body = world.slack.press_body(card, "Claim", user="U0LAN", team="T0EAST")
        body |= {"enterprise": {"id": "E0GROUP"}, "is_enterprise_install": True}
        assert (await world.slack.post_form({"payload": json.dumps(body)}))[0] == 200
        await world.settle()
        assert (await world.shown(number))["assignee"] == "lan"
        bo = {"name": "Bo", "role": "agent", "merchant_id": "orchid", "slack_user_id": "U0BO", "locale": "en"}
        await world.call("PUT", "/v1/agents/bo", bo)
        assert "Bo" in await whoami(world, "U0BO", "T0WEST")
        assert "Bo" not in await world.slack.command("whoami", user="U0BO", team="T0ELSE")
        await merchant(world, team="T0LATER")
        await world.ticket(shop_id="orchid-shop")
        dead = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
        assert any("not installed in workspace T0LATER" in each["last_error"] for each in dead)
        group.teams += ("T0LATER",)
        world.clock.push(timedelta(minutes=1))
        await installs(world, Workspace("E0DEAD", "Gone without a word", "UDEADBOT", teams=("T0DEAD",)))
        del world.slack.workspaces["E0DEAD"]
        world.slack.fail_next("auth.teams.list", "token_revoked")
        world.slack.http_500_next("auth.teams.list")
        await world.ticket(shop_id="orchid-shop")
        await world.pass_time(minutes=1)
        assert len(world.slack.channel("C0ORCHID")) == 2, "what Slack did not say at once it was asked again"
        assert "Bo" in await whoami(world, "U0BO", "T0LATER")
