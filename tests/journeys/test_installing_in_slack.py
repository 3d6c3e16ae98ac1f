"""A workspace installs the Slack app: pages that say what to do, tokens that nobody sees, and nobody who gains by it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession
from structlog.testing import capture_logs

from bot.errors import DeliveryFailed, NotFound
from bot.messages import AccountsOf, RemoveAccount
from bot.settings import Settings
from handlers import cli
from handlers.edge import Examined
from handlers.slack import api
from handlers.slack.workspaces import Workspaces
from run_bot import assembled
from tests.fakes.slack_workspaces import Workspace
from tests.journeys.installing import APP, BACK, end, installable, installs, merchant, orchid_workspace, start
from tests.world import MERCHANT, World


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[World]:
    """The operator's own workspace by SLACK_BOT_TOKEN, and an app that others can install."""
    async with installable(database_url) as found:
        yield found


async def test_what_it_did_not_allow_installs_nothing_and_says_what_to_do(world: World) -> None:
    state, cookie = await start(world)
    code = world.slack.agree(orchid_workspace(), BACK)
    denied = await end(world, {"error": "access_denied", "state": state}, cookie)
    assert denied[0] == 403
    assert "Nothing was installed" in denied[1]
    assert "未安装" in denied[1]
    replayed = await end(world, {"code": code, "state": state}, cookie)
    assert replayed[0] == 400  # its state was used up
    state, cookie = await start(world)
    assert (await end(world, {"code": code, "state": state}, {}))[0] == 400  # another browser's
    late, late_cookie = await start(world)
    world.clock.push(timedelta(minutes=11))
    assert (await end(world, {"code": code, "state": late}, late_cookie))[0] == 400
    state, cookie = await start(world)
    status, page = await end(world, {"code": "stolen", "state": state, "error_description": "<b>"}, cookie)
    assert status == 400
    assert "invalid_code" in page
    assert "stolen" not in page
    world.slack.client = ("client-id", "another")
    state, cookie = await start(world)
    status, page = await end(world, {"code": code, "state": state}, cookie)
    assert status == 502
    assert "client-secret" not in page
    await world.slack.down()
    state, cookie = await start(world)
    assert (await end(world, {"code": code, "state": state}, cookie))[0] == 503
    await world.slack.up()
    assert not world.slack.workspaces


async def test_tokens_that_expire_are_renewed_once_ahead_of_time(world: World) -> None:
    world.slack.expires_in = 43_200
    orchid = orchid_workspace()
    await installs(world, orchid)
    await merchant(world)
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


async def test_a_renewal_that_races_an_uninstall_does_not_bring_the_token_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.slack.expires_in = 43_200
    orchid = orchid_workspace()
    await installs(world, orchid)
    await merchant(world)
    asked = api.granted

    async def meanwhile_uninstalled(session: ClientSession, settings: Settings, form: Mapping[str, str]) -> Mapping[str, Any]:
        answer = await asked(session, settings, form)
        await world.desk.configure(RemoveAccount("slack", "T0ORCHID"))
        return answer

    monkeypatch.setattr("handlers.slack.tokens.api.granted", meanwhile_uninstalled)
    world.clock.push(timedelta(hours=11))
    await world.ticket(shop_id="orchid-shop")
    assert len(world.slack.granted) == 2
    assert not await world.desk.ask(AccountsOf("slack"))


async def test_two_processes_renew_a_token_once(world: World) -> None:
    world.slack.expires_in = 43_200
    orchid = orchid_workspace()
    await installs(world, orchid)
    world.clock.push(timedelta(hours=11))
    async with api.session() as session:
        processes = [Workspaces(world.settings, session, world.clock) for _ in range(2)]
        for each in processes:
            each.bind(world.desk)
        clients = await asyncio.gather(*(each.client("T0ORCHID") for each in processes for _ in range(3)))
    assert {each.token for each in clients} == {orchid.token}
    assert len(world.slack.granted) == 2


async def test_two_people_who_install_it_at_once_and_again_leave_one_installation_with_the_newest_token(world: World) -> None:
    orchid = orchid_workspace()
    pages = await asyncio.gather(installs(world, orchid), installs(world, orchid))
    assert all("T0ORCHID" in each for each in pages)
    told = [each for each in world.slack.dms("U0ADA") if "Orchid" in each.seen]
    assert len(told) == 1
    world.clock.push(timedelta(minutes=1))
    await installs(world, orchid)
    assert [each for each in world.slack.dms("U0ADA") if "Orchid" in each.seen] == told, "nothing new has happened"
    await merchant(world)
    await world.ticket(shop_id="orchid-shop")
    assert len(world.slack.channel("C0ORCHID")) == 1


async def test_neither_a_log_nor_a_page_shows_a_token_a_code_or_a_state(world: World) -> None:
    world.slack.expires_in = 43_200
    orchid = orchid_workspace()
    with capture_logs() as lines:
        state, cookie = await start(world)
        code = world.slack.agree(orchid, BACK)
        pages = [await end(world, {"code": code, "state": state}, cookie), await end(world, {"code": code, "state": state}, cookie)]
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


async def test_a_worker_knows_what_is_installed_before_it_sends_anything(world: World) -> None:
    await installs(world, orchid_workspace())
    await merchant(world)
    await world.call("POST", "/v1/tickets", {"shop_id": "orchid-shop", "subject": "Late", "message": "Where is it?"})
    await world.stop_bot()
    async with assembled(replace(world.settings, role="worker"), world.clock, edges=("slack", "email")) as worker:
        await worker.desk.deliver_waiting()
        await worker.desk.delivery.drain(10)
    assert len(world.slack.channel("C0ORCHID")) == 1
    await world.start_bot()


async def test_the_operator_sees_who_installed_it_and_can_refuse_one(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await installs(world, orchid_workspace())
    await merchant(world)
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
        await installs(world, Workspace("T0FIRST", "First", "UB1"))
        await world.call("PUT", "/v1/merchants/lumiere", MERCHANT)
        mei = {"name": "Mei", "role": "agent", "merchant_id": "lumiere", "slack_user_id": "U0MEI", "locale": "en"}
        await world.call("PUT", "/v1/agents/mei", mei)
        world.clock.push(timedelta(minutes=1))
        await installs(world, Workspace("T0AAA", "Stranger", "UB2"))
        assert "Mei" in await world.slack.command("whoami", user="U0MEI", team="T0FIRST")
        assert "Mei" not in await world.slack.command("whoami", user="U0MEI", team="T0AAA")
