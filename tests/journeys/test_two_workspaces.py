"""Merchants with Slack workspaces of their own: each installs the app, gets its cards there and works there, and none reaches another's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from structlog.testing import capture_logs

from bot.errors import DeliveryFailed, NotFound
from handlers import cli
from handlers.edge import Examined
from handlers.slack import api
from handlers.slack.workspaces import Workspaces
from run_bot import assembled, running
from tests.fakes.slack_workspaces import Workspace
from tests.slack.conftest import FAST, until
from tests.world import CHANNEL, MERCHANT, PEOPLE, World

PUBLIC = "https://desk.example"
BACK = f"{PUBLIC}/slack/oauth_redirect"


@pytest.fixture
async def world(database_url: str, request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The operator's own workspace by SLACK_BOT_TOKEN, and an app that others can install; over Socket Mode where a test asks for it."""
    over_socket = getattr(request, "param", "http") == "socket"
    app = {**APP, "slack_signing_secret": "", "slack_app_token": "xapp-1"} if over_socket else APP
    async with World(database_url, extras={"slack_socket": FAST}, **app) as found, running(found.bot):
        await _known(found)
        if over_socket:
            await until(lambda: bool(found.slack.sockets))
        found.slack.socket_mode = over_socket
        yield found


APP: dict[str, Any] = {"slack_client_id": "client-id", "slack_client_secret": "client-secret", "public_url": PUBLIC}


def _orchid() -> Workspace:
    return Workspace("T0ORCHID", "Orchid <Home>", "UORCHIDBOT", channels=("C0ORCHID",))


async def _known(world: World) -> None:
    """Whose token the settings' is, as the start asks in the background."""
    [edge] = [each for each in world.bot.edges if each.name == "slack"]
    assert await edge.check() is None


async def _start(world: World) -> tuple[str, dict[str, str]]:
    """The state that Slack hands on, and the browser's cookie."""
    async with world.api.get("/slack/install", allow_redirects=False) as answer:
        assert answer.status == 302
        address = urlsplit(answer.headers["Location"])
        asked = {name: value[0] for name, value in parse_qs(address.query).items()}
        assert (address.netloc, asked["client_id"], asked["redirect_uri"]) == ("slack.com", "client-id", BACK)
        cookie = answer.cookies["deskbell-slack-install"]
        assert cookie["httponly"]
        assert cookie["secure"]
        return asked["state"], {"Cookie": f"{cookie.key}={cookie.value}"}


async def _end(world: World, query: dict[str, str], cookie: dict[str, str]) -> tuple[int, str]:
    async with world.api.get("/slack/oauth_redirect", params=query, headers=cookie) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return answer.status, await answer.text()


async def _installs(world: World, workspace: Workspace) -> str:
    state, cookie = await _start(world)
    status, page = await _end(world, {"code": world.slack.agree(workspace, BACK), "state": state}, cookie)
    assert status == 200, page
    await world.settle()
    return page


async def _whoami(world: World, user: str, team: str) -> str:
    """In a workspace of the organisation, as Slack tells of that."""
    body = world.slack.command_body("whoami", user=user, team=team)
    return (await world.slack.post_form(body | {"enterprise_id": "E0GROUP", "is_enterprise_install": "true"}))[1]


async def _merchant(world: World, team: str = "T0ORCHID") -> None:
    """Orchid, with a channel and an agent in its own workspace; the agent's user id is also another person's in the operator's."""
    notify = {"slack_channel": "C0ORCHID", "slack_team_id": team}
    await world.call("PUT", "/v1/merchants/orchid", {**MERCHANT, "name": "Orchid", "notify": notify})
    await world.call("POST", "/v1/merchants/orchid/enable")
    await world.call("PUT", "/v1/shops/orchid-shop", {"merchant_id": "orchid", "platform": "lazada", "name": "Orchid"})
    lan = {"name": "Lan", "role": "agent", "merchant_id": "orchid", "slack_user_id": "U0LAN", "slack_team_id": team, "locale": "en"}
    await world.call("PUT", "/v1/agents/lan", lan)


@pytest.mark.parametrize("world", ["http", "socket"], indirect=True)
async def test_a_merchants_own_workspace_gets_its_cards_and_works_them(world: World) -> None:
    orchid = _orchid()
    page = await _installs(world, orchid)
    assert "Orchid &lt;Home&gt;" in page
    assert "T0ORCHID" in page
    assert "slack_team_id" in page
    assert any("Orchid" in each.seen for each in world.slack.dms("U0ADA"))
    await _merchant(world)
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
    await _installs(world, _orchid())
    await _merchant(world)
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
    await _installs(world, _orchid())
    await _merchant(world)
    twin = {"name": "Twin", "role": "agent", "merchant_id": "orchid", "slack_user_id": "U0MEI", "slack_team_id": "T0ORCHID", "locale": "en"}
    refused = await world.call("PUT", "/v1/agents/twin", twin, status=409)
    assert "slack_team_id" in refused["detail"], "the older link names no workspace, so it might be this account"
    await world.call("PUT", "/v1/agents/mei", {**PEOPLE["mei"], "slack_team_id": "T1"})
    await world.call("PUT", "/v1/agents/twin", twin)
    assert "Mei" in await world.slack.command("whoami", user="U0MEI")
    assert "Twin" in await world.slack.command("whoami", user="U0MEI", team="T0ORCHID")


async def test_the_same_user_id_in_another_workspace_is_another_person(world: World) -> None:
    await _installs(world, _orchid())
    await _merchant(world)
    number = await world.ticket()
    assert "is yours" in await world.says(f"claim {number}")
    for user, team in (("U0MEI", "T0ORCHID"), ("U0LAN", "T1"), ("U0MEI", "T0NOWHERE")):
        said = await world.slack.command("list mine", user=user, team=team)
        assert str(number) not in said
        assert "link" in said, said


async def test_what_it_did_not_allow_installs_nothing_and_says_what_to_do(world: World) -> None:
    state, cookie = await _start(world)
    code = world.slack.agree(_orchid(), BACK)
    denied = await _end(world, {"error": "access_denied", "state": state}, cookie)
    assert denied[0] == 403
    assert "Nothing was installed" in denied[1]
    assert "未安装" in denied[1]
    replayed = await _end(world, {"code": code, "state": state}, cookie)
    assert replayed[0] == 400  # its state was used up
    state, cookie = await _start(world)
    assert (await _end(world, {"code": code, "state": state}, {}))[0] == 400  # another browser's
    late, late_cookie = await _start(world)
    world.clock.push(timedelta(minutes=11))
    assert (await _end(world, {"code": code, "state": late}, late_cookie))[0] == 400
    state, cookie = await _start(world)
    status, page = await _end(world, {"code": "stolen", "state": state, "error_description": "<b>"}, cookie)
    assert status == 400
    assert "invalid_code" in page
    assert "stolen" not in page
    world.slack.client = ("client-id", "another")
    state, cookie = await _start(world)
    status, page = await _end(world, {"code": code, "state": state}, cookie)
    assert status == 502
    assert "client-secret" not in page
    await world.slack.down()
    state, cookie = await _start(world)
    assert (await _end(world, {"code": code, "state": state}, cookie))[0] == 503
    await world.slack.up()
    assert not world.slack.workspaces


@pytest.mark.parametrize("world", ["http", "socket"], indirect=True)
async def test_a_workspace_that_removes_the_app_is_told_of_once_and_its_alerts_take_other_ways(world: World) -> None:
    orchid = _orchid()
    await _installs(world, orchid)
    await _merchant(world)
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


async def test_tokens_that_expire_are_renewed_once_ahead_of_time(world: World) -> None:
    world.slack.expires_in = 43_200
    orchid = _orchid()
    await _installs(world, orchid)
    await _merchant(world)
    first = orchid.token
    await world.ticket(shop_id="orchid-shop")
    assert orchid.token == first
    world.clock.push(timedelta(hours=10, minutes=30))
    for _ in range(2):
        await world.ticket(shop_id="orchid-shop")
    assert orchid.token != first
    assert len(world.slack.granted) == 2
    assert not (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert {"T-1001", "T-1002", "T-1003"} <= {each.text.split(" ")[0] for each in world.slack.channel("C0ORCHID")}


async def test_two_processes_renew_a_token_once(world: World) -> None:
    world.slack.expires_in = 43_200
    orchid = _orchid()
    await _installs(world, orchid)
    world.clock.push(timedelta(hours=11))
    async with api.session() as session:
        processes = [Workspaces(world.settings, session, world.clock) for _ in range(2)]
        for each in processes:
            each.bind(world.desk)
        clients = await asyncio.gather(*(each.client("T0ORCHID") for each in processes for _ in range(3)))
    assert {each.token for each in clients} == {orchid.token}
    assert len(world.slack.granted) == 2


async def test_two_people_who_install_it_at_once_and_again_leave_one_installation_with_the_newest_token(world: World) -> None:
    orchid = _orchid()
    pages = await asyncio.gather(_installs(world, orchid), _installs(world, orchid))
    assert all("T0ORCHID" in each for each in pages)
    told = [each for each in world.slack.dms("U0ADA") if "Orchid" in each.seen]
    assert len(told) == 1
    world.clock.push(timedelta(minutes=1))
    await _installs(world, orchid)
    assert [each for each in world.slack.dms("U0ADA") if "Orchid" in each.seen] == told, "nothing new has happened"
    await _merchant(world)
    await world.ticket(shop_id="orchid-shop")
    assert len(world.slack.channel("C0ORCHID")) == 1


async def test_neither_a_log_nor_a_page_shows_a_token_a_code_or_a_state(world: World) -> None:
    world.slack.expires_in = 43_200
    orchid = _orchid()
    with capture_logs() as lines:
        state, cookie = await _start(world)
        code = world.slack.agree(orchid, BACK)
        pages = [await _end(world, {"code": code, "state": state}, cookie), await _end(world, {"code": code, "state": state}, cookie)]
        first = (orchid.token, orchid.refresh)
        world.clock.push(timedelta(hours=11))
        [edge] = [each for each in world.bot.edges if isinstance(each, Examined) and each.name == "slack"]
        assert not [each for each in await edge.examine(world.desk) if "Orchid" in each]
        world.slack.workspaces.clear()
        told = "\n".join(await edge.examine(world.desk))
        assert "Orchid <Home> (T0ORCHID): Slack: token_revoked" in told
    shown = f"{lines}{pages}{told}"
    assert "slack installed" in shown
    for secret in (*first, orchid.token, orchid.refresh, code, state, "client-secret"):
        assert secret not in shown


async def test_an_organisations_installation_serves_its_workspaces_and_no_others(database_url: str) -> None:
    async with World(database_url, populated=False, slack_bot_token="", **APP) as world:
        group = Workspace("E0GROUP", "Group", "UGROUPBOT", teams=("T0WEST", "T0EAST"))
        await _installs(world, group)
        await _merchant(world, team="T0EAST")
        number = await world.ticket(shop_id="orchid-shop")
        [card] = world.slack.channel("C0ORCHID")
        body = world.slack.press_body(card, "Claim", user="U0LAN", team="T0EAST")
        body |= {"enterprise": {"id": "E0GROUP"}, "is_enterprise_install": True}
        assert (await world.slack.post_form({"payload": json.dumps(body)}))[0] == 200
        await world.settle()
        assert (await world.shown(number))["assignee"] == "lan"
        bo = {"name": "Bo", "role": "agent", "merchant_id": "orchid", "slack_user_id": "U0BO", "locale": "en"}
        await world.call("PUT", "/v1/agents/bo", bo)
        assert "Bo" in await _whoami(world, "U0BO", "T0WEST")
        assert "Bo" not in await world.slack.command("whoami", user="U0BO", team="T0ELSE")
        await _merchant(world, team="T0LATER")
        await world.ticket(shop_id="orchid-shop")
        dead = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
        assert any("not installed in workspace T0LATER" in each["last_error"] for each in dead)
        group.teams += ("T0LATER",)
        world.clock.push(timedelta(minutes=1))
        await world.ticket(shop_id="orchid-shop")
        assert len(world.slack.channel("C0ORCHID")) == 2
        assert "Bo" in await _whoami(world, "U0BO", "T0LATER")


async def test_a_worker_knows_what_is_installed_before_it_sends_anything(world: World) -> None:
    await _installs(world, _orchid())
    await _merchant(world)
    await world.call("POST", "/v1/tickets", {"shop_id": "orchid-shop", "subject": "Late", "message": "Where is it?"})
    await world.stop_bot()
    async with assembled(replace(world.settings, role="worker"), world.clock, edges=("slack", "email")) as worker:
        await worker.desk.deliver_waiting()
        await worker.desk.delivery.drain(10)
    assert len(world.slack.channel("C0ORCHID")) == 1
    await world.start_bot()


async def test_the_operator_sees_who_installed_it_and_can_refuse_one(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await _installs(world, _orchid())
    await _merchant(world)
    await cli.run(cli.parser().parse_args(["workspace", "list"]), world.desk, ())
    assert "T0ORCHID\tOrchid <Home>\t2" in capsys.readouterr().out
    await cli.run(cli.parser().parse_args(["workspace", "remove", "T0ORCHID"]), world.desk, ())
    world.clock.push(timedelta(seconds=15))
    await world.ticket(shop_id="orchid-shop")
    assert not world.slack.channel("C0ORCHID")
    with pytest.raises(NotFound):
        await cli.run(cli.parser().parse_args(["workspace", "remove", "T0ORCHID"]), world.desk, ())


async def test_until_slack_has_said_whose_token_ours_is_nothing_goes_to_another_workspace_by_it(database_url: str) -> None:
    async with World(database_url, populated=False, **APP) as world, api.session() as session:
        workspaces = Workspaces(world.settings, session, world.clock)
        for bound in (False, True):  # before there is a desk, and before Slack has answered
            if bound:
                workspaces.bind(world.desk)
            with pytest.raises(DeliveryFailed, match="starting") as raised:
                await workspaces.client("T0ORCHID")
            assert raised.value.outcome == "later"
        workspaces.own = "T1"
        with pytest.raises(DeliveryFailed, match="not installed in workspace T0ORCHID"):
            await workspaces.client("T0ORCHID")


async def test_a_stranger_who_installs_the_app_takes_nobodys_link(database_url: str) -> None:
    """Without SLACK_BOT_TOKEN a link without a workspace is of the one that installed the app first."""
    async with World(database_url, populated=False, slack_bot_token="", **APP) as world:
        await _installs(world, Workspace("T0FIRST", "First", "UB1"))
        await world.call("PUT", "/v1/merchants/lumiere", MERCHANT)
        mei = {"name": "Mei", "role": "agent", "merchant_id": "lumiere", "slack_user_id": "U0MEI", "locale": "en"}
        await world.call("PUT", "/v1/agents/mei", mei)
        world.clock.push(timedelta(minutes=1))
        await _installs(world, Workspace("T0AAA", "Stranger", "UB2"))
        assert "Mei" in await world.slack.command("whoami", user="U0MEI", team="T0FIRST")
        assert "Mei" not in await world.slack.command("whoami", user="U0MEI", team="T0AAA")
