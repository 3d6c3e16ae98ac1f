"""Socket Mode against a fake Slack: everything that ends a connection, what is lost with it, who may connect, who is told."""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import BadSetting
from bot.messages import codec
from bot.settings import Settings
from handlers.edge import World
from handlers.slack.edge import connect
from handlers.slack.socket_keeper import Patience
from handlers.slack.socket_line import Ending
from handlers.slack.socket_seats import SEATS
from tests.clock import PushedClock
from tests.fakes.slack import FakeSlack
from tests.slack.conftest import FAST, Place, running, settings, until
from tests.slack.recording import EndlessCache, RecordingDesk

over_socket = pytest.mark.parametrize("place", ["socket"], indirect=True)


async def _process(slack: FakeSlack, closing: AsyncExitStack, desk: RecordingDesk) -> None:
    """One more of them, running."""
    given = settings(slack, slack_signing_secret=None, slack_app_token="xapp-1")
    edge = await connect(World(given, PushedClock(), EndlessCache(), closing, {"slack_socket": FAST}))
    await closing.enter_async_context(running(edge, desk))


@over_socket
async def test_a_command_comes_over_the_connection_and_its_answer_goes_with_the_acknowledgement(place: Place) -> None:
    assert await place.slack.command("/ticket claim 7", user="U7", team="T9") == "did: claim 7"
    (envelope,) = place.slack.envelopes
    assert (envelope["type"], place.desk.commands[0].by.id) == ("slash_commands", "T9/U7")
    assert not place.slack.strange


@over_socket
async def test_without_a_signing_secret_nothing_listens_for_posts(place: Place) -> None:
    assert place.edge.routes(place.desk) == []
    place.slack.socket_mode = False
    assert (await place.slack.post_form(place.slack.command_body("claim 7")))[0] == 404
    assert not place.desk.commands


@over_socket
@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_before_slack_ends_a_connection_the_next_one_is_there(place: Place, reason: str) -> None:
    first = place.slack.sockets[0]
    await place.slack.disconnect(reason)
    await until(lambda: len(place.slack.sockets) == 2)
    place.slack.sockets.sort(key=lambda each: each is not first)  # the old one's turn
    assert await place.slack.command("claim 7") == "did: claim 7"
    await until(lambda: first not in place.slack.sockets)
    assert await place.slack.command("claim 8") == "did: claim 8"
    assert len(place.slack.sockets) == 1


@over_socket
async def test_what_is_being_worked_when_its_connection_is_refreshed_is_acknowledged_there(place: Place) -> None:
    place.desk.working = 0.15
    asked = asyncio.create_task(place.slack.command("claim 7"))
    await until(lambda: bool(place.desk.commands))
    await place.slack.disconnect("refresh_requested")
    assert await asked == "did: claim 7"


@over_socket
@pytest.mark.parametrize("way", ["abort", "close", "too_many_websockets"])
async def test_a_connection_that_is_lost_is_made_anew(place: Place, way: str) -> None:
    (first,) = place.slack.sockets
    if way == "abort":
        first.abort()
    elif way == "close":
        await first.ws.close()
    else:
        await place.slack.disconnect(way)
    await until(lambda: bool(place.slack.sockets) and first not in place.slack.sockets)
    assert await place.slack.command("claim 7") == "did: claim 7"


@over_socket
@pytest.mark.parametrize("deaf", ["all", "words"])
async def test_an_end_that_says_nothing_more_is_noticed_and_replaced(place: Place, deaf: str) -> None:
    (first,) = place.slack.sockets
    place.slack.deaf = deaf  # the connection stands, and nothing comes over it, or nothing that says Slack is there
    await until(lambda: place.slack.opened >= 2)
    place.slack.deaf = ""
    await until(lambda: first not in place.slack.sockets and bool(place.slack.sockets))
    assert await place.slack.command("claim 7") == "did: claim 7"


@over_socket
async def test_a_client_that_goes_round_in_its_own_circle_is_thrown_away(place: Place) -> None:
    place.slack.refusing_links = True  # the SDK's own connect() would try this address for ever
    place.slack.sockets[0].abort()
    before = place.slack.opened
    await until(lambda: place.slack.opened >= before + 2)
    place.slack.refusing_links = False
    await until(lambda: bool(place.slack.sockets))
    assert await place.slack.command("claim 7") == "did: claim 7"


@over_socket
async def test_a_connection_without_hello_is_none(place: Place) -> None:
    place.slack.rude = True
    place.slack.sockets[0].abort()
    await until(lambda: place.edge.ails() is not None)
    place.slack.rude = False
    await until(lambda: bool(place.slack.sockets) and place.edge.ails() is None)


@over_socket
async def test_an_event_whose_acknowledgement_is_lost_comes_again_and_is_stored_once(place: Place) -> None:
    place.slack.loses_acks = 2
    place.slack.ack_within = 0.1
    assert await place.slack.dm("show 7", event_id="Ev7") == 500
    assert await place.slack.send_again() == [500]
    assert await place.slack.send_again() == [200]
    assert list(place.desk.stored) == [("slack", "event:Ev7")]
    assert [each["retry_attempt"] for each in place.slack.envelopes] == [0, 1, 2]


@over_socket
async def test_an_event_that_cannot_be_stored_is_not_acknowledged(place: Place) -> None:
    place.desk.storing, place.slack.ack_within = RuntimeError("disk full"), 0.4
    assert await place.slack.dm("show 7") == 500
    place.desk.storing = None
    assert await place.slack.send_again() == [200]
    assert len(place.desk.stored) == 1
    assert not place.slack.strange, "nor late"


@over_socket
async def test_a_command_whose_connection_is_lost_is_answered_by_its_own_address(place: Place) -> None:
    place.desk.working = 0.1
    asked = asyncio.create_task(place.slack.post_form(place.slack.command_body("claim 7", user="U7")))
    await until(lambda: bool(place.desk.commands))
    place.slack.sockets[0].abort()
    assert (await asked)[0] == 500
    await until(lambda: bool(place.slack.ephemerals("U7")))
    assert [each.seen for each in place.slack.ephemerals("U7")] == ["did: claim 7"]


@over_socket
async def test_an_event_whose_connection_is_lost_while_it_is_stored_is_stored_once_and_comes_again(place: Place) -> None:
    place.desk.storing = 0.05
    asked = asyncio.create_task(place.slack.dm("show 7", event_id="Ev7"))
    await until(lambda: bool(place.slack.envelopes))
    place.slack.sockets[0].abort()
    assert await asked == 500
    await until(lambda: bool(place.slack.sockets))
    assert await place.slack.send_again() == [200]
    assert len(place.desk.stored) == 1


async def test_at_the_end_what_has_arrived_is_worked_and_acknowledged_and_what_comes_then_is_left_to_others() -> None:
    slack, desk = FakeSlack(), RecordingDesk()
    async with AsyncExitStack() as closing:
        await slack.start()
        closing.push_async_callback(slack.stop)
        slack.socket_mode, slack.ack_within = True, 0.4
        desk.storing = 0.1
        async with AsyncExitStack() as process:
            await _process(slack, process, desk)
            await until(lambda: bool(slack.sockets))
            told = asyncio.create_task(slack.dm("show 7"))
            await until(lambda: bool(slack.envelopes))
            ending = asyncio.create_task(process.aclose())
            await asyncio.sleep(0.02)
            late = asyncio.create_task(slack.dm("show 8"))
            await ending
        assert (await told, await late) == (200, 500)
        assert len(slack.unacknowledged) == 1
        assert not slack.sockets
        assert not desk.holds


@over_socket
@pytest.mark.parametrize(
    "message",
    [
        "not json", "[1]", "{}", json.dumps({"type": "events_api"}), json.dumps({"type": "surprise", "envelope_id": "e1", "payload": {}}),
        json.dumps({"type": "events_api", "envelope_id": "e2", "payload": "words"}),
        json.dumps({"type": "interactive", "envelope_id": "e3", "payload": {"team": 7, "user": [], "actions": "x", "response_urls": [7]}}),
        json.dumps({"type": "slash_commands", "envelope_id": "e4", "payload": {"command": {"a": 1}, "text": ["x"]}}),
        json.dumps({"type": ["x"], "envelope_id": {"x": 1}, "payload": None}),
    ],
)  # fmt: skip
async def test_no_message_of_another_shape_ends_the_connection(place: Place, message: str) -> None:
    (socket,) = place.slack.sockets
    await socket.ws.send_str(message)
    assert await place.slack.command("claim 7") == "did: claim 7"
    assert place.slack.sockets == [socket]


@over_socket
async def test_an_envelope_that_takes_no_payload_gets_none_and_the_answer_finds_its_asker(place: Place) -> None:
    (socket,) = place.slack.sockets
    payload = place.slack.command_body("claim 7", user="U7")
    await socket.ws.send_json({"type": "slash_commands", "envelope_id": "e1", "payload": payload, "accepts_response_payload": False})
    await until(lambda: bool(place.slack.ephemerals("U7")))
    assert place.slack.strange == [{"envelope_id": "e1"}]


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
    place.slack.app_error = error if error != "link_disabled" else ""
    await place.slack.disconnect("link_disabled") if error == "link_disabled" else place.slack.sockets[0].abort()
    await until(lambda: bool(place.desk.changes))
    assert (place.desk.changes[0].about, place.desk.changes[0].params) == ("slack_socket_refused", {"why": error})
    if error == "link_disabled":
        return  # the fake lets it in again
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
        await _process(slack, first, desk)
        for _ in range(SEATS):
            await _process(slack, closing, desk)
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


@over_socket
async def test_a_long_command_is_stored_and_acknowledged_as_such(place: Place) -> None:
    place.desk.working = 1.0
    body = place.slack.command_body("claim 7")
    status, said = await place.slack.post_form(body)
    assert (status, "On it" in json.loads(said)["text"]) == (200, True)
    assert codec.command(place.desk.stored["slack", f"command:{body['trigger_id']}"]["command"]).words == "claim 7"
