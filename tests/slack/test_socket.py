"""Socket Mode against a fake Slack: everything that ends a connection, what is lost with it, who may connect, who is told."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack

import pytest

from bot.messages import codec
from tests.fakes.slack import FakeSlack
from tests.slack.conftest import Place, started, until
from tests.slack.recording import RecordingDesk

over_socket = pytest.mark.parametrize("place", ["socket"], indirect=True)


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
            await started(slack, process, desk)
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
async def test_a_long_command_is_stored_and_acknowledged_as_such(place: Place) -> None:
    place.desk.working = 1.0
    body = place.slack.command_body("claim 7")
    status, said = await place.slack.post_form(body)
    assert (status, "On it" in json.loads(said)["text"]) == (200, True)
    assert codec.command(place.desk.stored["slack", f"command:{body['trigger_id']}"]["command"]).words == "claim 7"


@over_socket
async def test_an_envelope_larger_than_any_of_slacks_is_left_alone(place: Place) -> None:
    place.slack.ack_within = 0.2
    assert await place.slack.dm("x" * 1_100_000) == 500
    assert await place.slack.dm("x" * 5_000_000) == 500  # more than a frame may have: it costs the connection
    await until(lambda: bool(place.slack.sockets))
    assert not place.desk.stored
    place.slack.ack_within = 1.0
    assert await place.slack.command("claim 7") == "did: claim 7"
