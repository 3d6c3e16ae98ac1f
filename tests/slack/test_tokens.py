"""Tokens that expire: what happens to them when the database goes away at the wrong moment."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import DeliveryFailed, Unavailable
from bot.messages import AccountOf, Credentials
from handlers.slack import api
from handlers.slack.tokens import Tokens, expiring
from tests.clock import PushedClock
from tests.fakes.slack import FakeSlack
from tests.fakes.slack_workspaces import Workspace
from tests.slack.conftest import settings
from tests.slack.recording import RecordingDesk


class Keeping(RecordingDesk):
    """A desk with one installation."""

    def __init__(self, account: Credentials) -> None:
        super().__init__()
        self.account = account

    async def ask(self, query: Any) -> Any:
        """The account as it was first stored."""
        assert isinstance(query, AccountOf)
        return self.account


There = tuple[FakeSlack, PushedClock, Tokens, Keeping]


@pytest.fixture
async def there() -> AsyncIterator[There]:
    """A token with an hour left."""
    slack, clock = FakeSlack(), PushedClock()
    await slack.start()
    workspace = Workspace("T0ORCHID", "Orchid", "UB", token="xoxb-T0ORCHID-0", refresh="xoxe-0")
    slack.workspaces["T0ORCHID"], slack.expires_in = workspace, 43_200
    doc = {"name": "Orchid", **expiring({"expires_in": 3600}, clock.now())}
    desk = Keeping(Credentials("slack", "T0ORCHID", "-", doc, {"token": workspace.token, "refresh_token": workspace.refresh}))
    async with api.session() as session:
        given = settings(slack, slack_client_id="client-id", slack_client_secret="client-secret")
        yield slack, clock, Tokens(given, session, clock), desk
    await slack.stop()


async def test_a_renewed_token_that_cannot_be_stored_is_used_and_stored_later(
    there: There,
) -> None:
    slack, _, tokens, desk = there
    desk.configuring = Unavailable("no route to the database")
    token = slack.workspaces["T0ORCHID"].token
    newer = await tokens.fresh(desk, desk.account)
    assert newer.secrets["token"] == slack.workspaces["T0ORCHID"].token != token
    assert await tokens.fresh(desk, desk.account) == newer
    desk.configuring = None
    assert await tokens.fresh(desk, desk.account) == newer
    (put,) = desk.changes
    assert put.secrets == newer.secrets
    await tokens.fresh(desk, desk.account)
    assert (len(slack.granted), len(desk.changes)) == (1, 1)


async def test_while_the_database_is_away_a_token_is_used_as_long_as_it_works(
    there: There,
) -> None:
    slack, clock, tokens, desk = there
    desk.holding = Unavailable("no route to the database")
    assert await tokens.fresh(desk, desk.account) == desk.account
    clock.push(timedelta(hours=2))
    with pytest.raises(DeliveryFailed) as failed:
        await tokens.fresh(desk, desk.account)
    assert failed.value.outcome == "later"
    assert not slack.granted


async def test_a_renewal_that_slack_refuses_is_tried_once_a_minute_while_the_token_works(there: There) -> None:
    slack, clock, tokens, desk = there
    slack.workspaces["T0ORCHID"].refresh = "another"
    for _ in range(3):
        assert await tokens.fresh(desk, desk.account) == desk.account
    assert len(slack.calls) == 1
    clock.push(timedelta(minutes=1))
    slack.workspaces["T0ORCHID"].refresh = "xoxe-0"
    assert await tokens.fresh(desk, desk.account) != desk.account
