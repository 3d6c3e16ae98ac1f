"""Commands, presses and events: worked and answered in time, or stored first, or honestly neither."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
import structlog

from bot.card import Button, Card
from bot.messages import Command, Reply, codec
from tests.fakes.slack import FakeSlack
from tests.slack.conftest import Place, until

pytestmark = pytest.mark.parametrize("place", ["http", "socket"], indirect=True)


async def _card(place: Place) -> None:
    """Puts a card with two buttons into C1."""
    from bot.messages import Address, Notice

    card = Card("T-1", buttons=(Button("Claim", "claim 1", "primary"), Button("Show", "show 1")))
    await place.channel.send(Notice("dlv_1", Address("slack", "C1"), "alert", "T-1", card))


async def test_a_command_is_worked_and_answered_in_the_same_response(place: Place) -> None:
    assert await place.slack.command("/ticket claim 1024", user="U7", team="T9") == "did: claim 1024"
    (command,) = place.desk.commands
    assert (command.by.id, command.words) == ("T9/U7", "claim 1024")
    assert not place.desk.stored
    assert not place.slack.channel("C1")


async def test_a_list_is_one_message_that_only_the_asker_sees(place: Place) -> None:
    rows = tuple(Card(f"T-{number}", buttons=(Button("Show", f"show {number}"),)) for number in range(6))
    place.desk.answers = lambda command: Reply("6 open", (Card("6 open"), *rows))
    seen = await place.slack.command("list")
    assert all(f"T-{number}" in seen for number in range(6))
    (message,) = place.slack.ephemerals("U1")
    assert [each["value"] for each in message.buttons] == [f"show {number}" for number in range(6)]


async def test_a_press_says_the_buttons_words_and_its_answer_is_for_the_presser_alone(place: Place) -> None:
    await _card(place)
    (card,) = place.slack.channel("C1")
    place.desk.answers = lambda command: Reply("Mei has T-1 already.", ok=False, code="already_claimed")
    assert await place.slack.press(card, "Claim", user="U2") == "Mei has T-1 already."
    assert place.desk.commands[0].words == "claim 1"
    assert place.desk.commands[0].by.id == "T1/U2"
    assert len(place.slack.channel("C1")) == 1
    assert not place.slack.ephemerals("U1")


async def test_buttons_in_an_answer_can_be_pressed_too(place: Place) -> None:
    place.desk.answers = lambda command: Reply("T-1", (Card("T-1", buttons=(Button("Show", "show 1"),)),))
    await place.slack.command("list")
    assert "T-1" in await place.slack.press(place.slack.ephemerals("U1")[0], "show 1")


async def test_when_work_takes_too_long_it_is_stored_and_only_then_acknowledged(place: Place) -> None:
    place.desk.working = 1.0
    body = place.slack.command_body("claim 7")
    status, said = await place.slack.post_form(body)
    assert status == 200
    assert "On it" in json.loads(said)["text"]
    assert "正在处理" in json.loads(said)["text"]
    stored = place.desk.stored["slack", f"command:{body['trigger_id']}"]
    command = codec.command(stored["command"])
    assert (command.words, command.answer_to) == (
        "claim 7",
        {"response_url": body["response_url"], "channel": "C1", "user": "U1", "team": "T1"},
    )


@pytest.mark.parametrize("fault", [RuntimeError("disk full"), 5.0])
async def test_when_it_cannot_be_stored_either_the_asker_is_told_so(place: Place, fault: Exception | float) -> None:
    place.desk.working, place.desk.storing = 1.0, fault
    assert "could not be confirmed" in await place.slack.command("claim 7")


async def test_what_is_done_while_it_is_being_stored_is_answered_as_done(place: Place) -> None:
    place.desk.working, place.desk.storing = 0.35, 0.15
    body = place.slack.command_body("claim 7")
    place.desk.stored["slack", f"command:{body['trigger_id']}"] = {}  # as the work itself leaves it behind
    _, said = await place.slack.post_form(body)
    assert json.loads(said)["text"] == "did: claim 7"


async def test_a_slow_press_is_stored_and_its_presser_told(place: Place) -> None:
    await _card(place)
    place.desk.working = 1.0
    assert "On it" in await place.slack.press(place.slack.channel("C1")[0], "Claim")
    assert len(place.desk.stored) == 1


async def test_a_fault_is_one_sentence_for_the_person_and_a_traceback_for_the_operator(place: Place) -> None:
    place.desk.working = RuntimeError("secret detail")
    with structlog.testing.capture_logs() as logs:
        said = await place.slack.command("claim 7")
    assert "secret" not in said
    (line,) = [each for each in logs if each["event"] == "command failed"]
    assert line["exc_info"]
    assert line["reference"] in said


async def test_the_second_post_of_one_command_has_the_same_id(place: Place) -> None:
    body = place.slack.command_body("claim 7")
    await place.slack.post_form(body)
    await place.slack.post_form(body)
    first, second = place.desk.commands
    assert first.once == second.once is not None


async def test_an_unreadable_command_is_told_how_to_get_help(place: Place) -> None:
    _, said = await place.slack.post_form({"command": "/ticket", "text": "list"})
    assert "/ticket help" in json.loads(said)["text"]


async def test_a_mention_is_stored_once_before_it_is_acknowledged(place: Place) -> None:
    assert await place.slack.mention("list mine", user="U7") == 200
    (body,) = place.desk.stored.values()
    command = codec.command(body["command"])
    assert (command.words, command.by.id, command.answer_to) == ("list mine", "T1/U7", {"channel": "C1", "user": "U7", "team": "T1"})
    assert not place.desk.commands


async def test_a_direct_message_is_stored(place: Place) -> None:
    assert await place.slack.dm("show 7", user="U7") == 200
    (body,) = place.desk.stored.values()
    assert codec.command(body["command"]).words == "show 7"


async def test_what_is_typed_in_a_cards_thread_is_stored_for_its_ticket(place: Place) -> None:
    await _card(place)
    (card,) = place.slack.channel("C1")
    files = [{"id": "F1", "name": "proof.pdf", "permalink": "https://f/1", "mimetype": "application/pdf"}]
    assert await place.slack.thread_reply(card, "see this", files=files) == 200
    (body,) = place.desk.stored.values()
    command = codec.command(body["command"])
    assert command.thread == ("slack", "T1/C1", card.ts)
    assert command.args["in_thread"] is True
    assert command.args["attachments"][0]["name"] == "proof.pdf"


async def test_an_event_that_comes_three_times_is_stored_once(place: Place) -> None:
    for _ in range(3):
        assert await place.slack.dm("show 7", event_id="Ev7") == 200
    assert list(place.desk.stored) == [("slack", "event:Ev7")]


@pytest.mark.parametrize("fault", [RuntimeError("database is gone"), 5.0])
async def test_an_event_that_cannot_be_stored_is_left_for_slack_to_send_again(place: Place, fault: Exception | float) -> None:
    place.desk.storing = fault
    assert await place.slack.dm("show 7", event_id="Ev7") == 500
    place.desk.storing = None
    await until(lambda: not place.slack.socket_mode or bool(place.slack.sockets))  # a long traceback may have cost the connection
    assert await place.slack.dm("show 7", event_id="Ev7") == 200
    assert len(place.desk.stored) == 1


@pytest.mark.parametrize(
    "event", [{"type": "reaction_added", "user": "U1"}, {"type": "message", "channel_type": "channel", "user": "U1", "text": "hi"}]
)
async def test_events_that_ask_nothing_are_acknowledged_and_forgotten(place: Place, event: dict[str, str]) -> None:
    assert await place.slack.event(event) == 200
    assert not place.desk.stored


@pytest.mark.parametrize("kind", ["view_submission", "shortcut", "message_action", "block_suggestion", "interactive_message"])
async def test_interactions_of_other_kinds_do_nothing(place: Place, kind: str) -> None:
    status, _ = await place.slack.post_form(
        {"payload": json.dumps({"type": kind, "team": {"id": "T1"}, "user": {"id": "U1"}, "callback_id": "x", "actions": [{"name": "a"}]})}
    )
    assert status == 200
    assert not place.desk.commands


async def test_people_do_not_wait_for_each_other(place: Place) -> None:
    async def slow(command: Command) -> Reply:
        await asyncio.sleep(0.2)
        return Reply(command.words)

    place.desk.reply = slow  # type: ignore[method-assign]
    started = asyncio.get_running_loop().time()
    said = await asyncio.gather(*(place.slack.command(f"show {number}", user=f"U{number}") for number in range(20)))
    assert said == [f"show {number}" for number in range(20)]
    assert asyncio.get_running_loop().time() - started < 2


async def test_no_word_of_a_request_stands_in_the_log(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    place.desk.storing = RuntimeError("no")
    with structlog.testing.capture_logs() as logs:
        await place.slack.command("reply 7 my-secret-words")
        await place.slack.dm("my-secret-words")
        await place.slack.event({"type": "unheard_of", "text": "my-secret-words"})
    assert "my-secret-words" not in str(logs)
    assert "my-secret-words" not in "".join(
        record.getMessage() for record in caplog.records if record.name.startswith(("slack_bolt", "handlers"))
    )


async def test_nothing_the_edge_showed_was_more_than_slack_takes(place: Place) -> None:
    place.desk.answers = lambda command: Reply("x" * 9000, (Card("y" * 9000, lines=("z" * 9000,)),))
    await place.slack.command("list")
    assert isinstance(place.slack, FakeSlack)
    assert place.slack.complaints == []
