"""Socket Mode in operation: which processes connect, how one stands that cannot, who is told of it, what is never told."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import BadSetting
from bot.settings import Settings
from handlers.edge import World
from handlers.slack.edge import connect
from handlers.slack.socket_keeper import Patience
from handlers.slack.socket_line import Ending
from handlers.slack.socket_seats import SEATS
from tests.clock import PushedClock
from tests.fakes.slack import FakeSlack
from tests.slack.conftest import Place, settings, started, until
from tests.slack.recording import EndlessCache, RecordingDesk

over_socket = pytest.mark.parametrize("place", ["socket"], indirect=True)


@over_socket
async def test_after_several_failures_in_a_row_the_process_says_so_and_administrators_are_told_once(place: Place) -> None:
    assert place.edge.ails() is None
    place.slack.app_error = "internal_error"
    place.slack.sockets[0].abort()
    await until(lambda: place.edge.ails() is not None)
    assert "internal_error" in str(place.edge.ails())
    assert "not connected (internal_error)" in (await place.edge.examine(place.desk))[0]
    place.clock.push(timedelta(minutes=6))
    await until(lambda: bool(place.desk.changes))
    await asyncio.sleep(0.05)
    (told,) = place.desk.changes
    assert (told.about, told.params) == ("slack_socket_lost", {"why": "internal_error"})
    place.slack.app_error = ""
    await until(lambda: place.edge.ails() is None)


@over_socket
@pytest.mark.parametrize(("error", "mend"), [("invalid_auth", "connections:write"), ("link_disabled", "Socket Mode is switched off")])
async def test_an_app_that_may_not_connect_is_told_to_those_who_can_mend_it(place: Place, error: str, mend: str) -> None:
    if error == "link_disabled":
        place.slack.switched_off = True
        await place.slack.disconnect(error)
    else:
        place.slack.app_error = error
        place.slack.sockets[0].abort()
    await until(lambda: bool(place.desk.changes))
    assert (place.desk.changes[0].about, place.desk.changes[0].params) == ("slack_socket_refused", {"why": error})
    assert error in str(place.edge.ails())
    await until(lambda: any(hold.note.get("state") == "refused" for hold in place.desk.holds.values()))
    (line,) = await place.edge.examine(place.desk)
    assert mend in line
    assert "xapp-1" not in line


async def test_doctor_tries_the_token_where_no_process_runs_and_makes_no_connection() -> None:
    slack = FakeSlack()
    async with AsyncExitStack() as closing:
        await slack.start()
        closing.push_async_callback(slack.stop)
        given = settings(slack, slack_signing_secret=None, slack_app_token="xapp-wrong")
        edge = await connect(World(given, PushedClock(), EndlessCache(), closing))
        assert "DESKBELL_SLACK_APP_TOKEN" in (await edge.examine(RecordingDesk()))[0]
        slack.app_token = "xapp-wrong"
        assert await edge.examine(RecordingDesk()) == []
        assert slack.most_live == 0


async def test_every_process_connects_as_far_as_slack_allows_and_another_takes_over_a_seat_that_is_left() -> None:
    slack, desk = FakeSlack(), RecordingDesk()
    async with AsyncExitStack() as closing:
        await slack.start()
        closing.push_async_callback(slack.stop)
        first = await closing.enter_async_context(AsyncExitStack())
        await started(slack, first, desk)
        for _ in range(SEATS):
            await started(slack, closing, desk)
        await until(lambda: len(slack.sockets) == SEATS)
        await asyncio.sleep(0.05)
        assert slack.opened == SEATS
        await first.aclose()
        await until(lambda: slack.opened == SEATS + 1 and len(slack.sockets) == SEATS)
        assert slack.most_live <= SEATS


@over_socket
async def test_a_database_that_is_away_ends_no_connection(place: Place) -> None:
    place.desk.holding = RuntimeError("no route to the database")
    place.slack.sockets[0].abort()
    await until(lambda: place.slack.opened == 2 and bool(place.slack.sockets))
    assert await place.slack.command("claim 7") == "did: claim 7"


async def test_a_worker_makes_no_connection() -> None:
    slack = FakeSlack()
    async with AsyncExitStack() as closing:
        await slack.start()
        closing.push_async_callback(slack.stop)
        given = settings(slack, slack_signing_secret=None, slack_app_token="xapp-1", role="worker")
        edge = await connect(World(given, PushedClock(), EndlessCache(), closing))
        async with asyncio.timeout(1):
            await edge.run(RecordingDesk())
        assert slack.opened == 0


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"slack_app_token": "xapp-1"}, "DESKBELL_SLACK_BOT_TOKEN"),
        ({"slack_app_token": "xoxb-1", "slack_bot_token": "xoxb-1"}, "DESKBELL_SLACK_APP_TOKEN"),
    ],
)
async def test_half_of_the_settings_names_the_other_half(given: dict[str, str], named: str) -> None:
    async with AsyncExitStack() as closing:
        with pytest.raises(BadSetting, match=named):
            await connect(World(Settings(**given), PushedClock(), EndlessCache(), closing))  # type: ignore[arg-type]


@over_socket
async def test_neither_the_token_nor_an_address_nor_a_word_stands_in_the_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    place.slack.refusing_links = True
    await place.slack.dm("my-secret-words")
    place.slack.sockets[0].abort()
    await until(lambda: place.edge.ails() is not None)
    said = "".join(record.getMessage() for record in caplog.records)
    assert not any(secret in said for secret in ("my-secret-words", "xapp-1", "ticket="))


def test_pauses_grow_to_a_most_and_slacks_own_word_counts() -> None:
    patience = replace(Patience(), lost=(1.0, 60.0))
    lost = Ending("lost", "x")
    assert all(0.5 <= patience.pause(lost, 1) <= 1 for _ in range(20))
    assert all(30 <= patience.pause(lost, 40) <= 60 for _ in range(20))
    assert patience.pause(Ending("lost", "ratelimited", timedelta(seconds=90)), 1) == 90
    assert patience.pause(Ending("refused", "invalid_auth"), 1) >= 30
