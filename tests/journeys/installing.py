"""How a workspace installs the Slack app: the browser of whoever does, and a merchant that has its people there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs, urlsplit

from run_bot import running
from tests.fakes.slack_workspaces import Workspace
from tests.slack.conftest import FAST, until
from tests.world import MERCHANT, World

PUBLIC = "https://desk.example"
BACK = f"{PUBLIC}/slack/oauth_redirect"
APP: dict[str, Any] = {"slack_client_id": "client-id", "slack_client_secret": "client-secret", "public_url": PUBLIC}


@asynccontextmanager
async def installable(database_url: str, *, over_socket: bool = False) -> AsyncIterator[World]:
    """The operator's own workspace by SLACK_BOT_TOKEN, and an app that others can install."""
    app = {**APP, "slack_signing_secret": "", "slack_app_token": "xapp-1"} if over_socket else APP
    async with World(database_url, extras={"slack_socket": FAST}, **app) as found, running(found.bot):
        await known(found)
        if over_socket:
            await until(lambda: bool(found.slack.sockets))
        found.slack.socket_mode = over_socket
        yield found


def orchid_workspace() -> Workspace:
    """A merchant's own."""
    return Workspace("T0ORCHID", "Orchid <Home>", "UORCHIDBOT", channels=("C0ORCHID",))


async def known(world: World) -> None:
    """Whose token the settings' is, as the start asks in the background."""
    [edge] = [each for each in world.bot.edges if each.name == "slack"]
    assert await edge.check() is None


async def start(world: World) -> tuple[str, dict[str, str]]:
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


async def end(world: World, query: dict[str, str], cookie: dict[str, str]) -> tuple[int, str]:
    """The page that it comes back to: status and HTML."""
    async with world.api.get("/slack/oauth_redirect", params=query, headers=cookie) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return answer.status, await answer.text()


async def installs(world: World, workspace: Workspace) -> str:
    """From the first page to the last, which it gives."""
    state, cookie = await start(world)
    status, page = await end(world, {"code": world.slack.agree(workspace, BACK), "state": state}, cookie)
    assert status == 200, page
    await world.settle()
    return page


async def whoami(world: World, user: str, team: str) -> str:
    """In a workspace of the organisation, as Slack tells of that."""
    body = world.slack.command_body("whoami", user=user, team=team)
    return (await world.slack.post_form(body | {"enterprise_id": "E0GROUP", "is_enterprise_install": "true"}))[1]


async def merchant(world: World, team: str = "T0ORCHID") -> None:
    """Orchid, with a channel and an agent in its own workspace; the agent's user id is also another person's in the operator's."""
    notify = {"slack_channel": "C0ORCHID", "slack_team_id": team}
    await world.call("PUT", "/v1/merchants/orchid", {**MERCHANT, "name": "Orchid", "notify": notify})
    await world.call("POST", "/v1/merchants/orchid/enable")
    await world.call("PUT", "/v1/shops/orchid-shop", {"merchant_id": "orchid", "platform": "lazada", "name": "Orchid"})
    lan = {"name": "Lan", "role": "agent", "merchant_id": "orchid", "slack_user_id": "U0LAN", "slack_team_id": team, "locale": "en"}
    await world.call("PUT", "/v1/agents/lan", lan)
