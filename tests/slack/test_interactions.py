"""Presses that open forms, submissions, shortcuts, homes: within Slack's 3 s, or the person is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from bot.card import Button, Card, Form, Input
from bot.messages import Address, Command, Notice, Reply, codec
from tests.fakes.slack_people import Message
from tests.fakes.slack_views import View
from tests.slack.conftest import Place

pytestmark = pytest.mark.parametrize("place", ["http", "socket"], indirect=True)
FORM = Form("wave", "Wave T-1", (Input("text", "Why"),), "Wave", "Cancel", 1, {}, "en")


async def _card(place: Place) -> Message:
    buttons = (Button("Wave", "wave 1", form="must"), Button("Show", "show 1"), Button("Site", "", url="https://lights.example"))
    await place.channel.send(Notice("dlv_1", Address("slack", "C1"), "alert", "T-1", Card("T-1", buttons=buttons)))
    return place.slack.channel("C1")[0]


async def _form(place: Place) -> View:
    place.desk.forms = lambda command: FORM
    view = await place.slack.press_for_view(await _card(place), "Wave", user="U1")
    assert view is not None
    return view


async def test_a_verb_with_a_form_needs_no_word_of_slacks(place: Place) -> None:
    form = await _form(place)
    assert (place.desk.asked[0].words, place.desk.asked[0].by.id) == ("wave 1", "T1/U1")
    assert not place.desk.commands, "nothing is done by opening it"
    assert list(form.inputs) == ["text"]
    await place.slack.submit("U1", {"text": "hello"})
    (command,) = place.desk.commands
    assert (command.verb, command.ticket, dict(command.args)) == ("wave", 1, {"text": "hello"})


async def test_where_there_is_nothing_to_ask_the_words_are_said(place: Place) -> None:
    await place.slack.press_for_view(await _card(place), "Wave", user="U1")
    assert [each.words for each in place.desk.commands] == ["wave 1"]
    assert place.slack.ephemerals("U1")[-1].seen == "did: wave 1"


async def test_a_link_opens_what_it_leads_to_and_says_nothing(place: Place) -> None:
    card = await _card(place)
    assert card.buttons[2]["url"] == "https://lights.example"
    status, _ = await place.slack.post_form({"payload": json.dumps(place.slack.press_body(card, "Site"))})
    assert (status, place.desk.commands, place.desk.asked) == (200, [], [])


async def test_a_desk_that_is_slow_is_waited_for_in_a_modal_that_is_open_already(place: Place) -> None:
    card = await _card(place)
    place.desk.forms, place.desk.asking = lambda command: FORM, 0.5
    view = await place.slack.press_for_view(card, "Wave", user="U1")
    assert view is not None
    assert "One moment" in view.seen
    await place.slack.until(lambda: "text" in view.inputs if view else False)
    place.desk.forms = lambda command: Reply("Only a lead.", ok=False)
    view = await place.slack.press_for_view(card, "Wave", user="U1", draws=2)
    assert view is not None
    assert "Only a lead." in view.seen


@pytest.mark.parametrize("error", ["expired_trigger_id", "internal_error"])
async def test_a_form_that_could_not_be_opened_is_not_kept_from_the_person(place: Place, error: str) -> None:
    card = await _card(place)
    place.desk.forms = lambda command: FORM
    place.slack.fail_next("views.open", error)
    assert await place.slack.press_for_view(card, "Wave", user="U1") is None
    assert "press again" in place.slack.ephemerals("U1")[-1].seen


async def test_a_fault_while_asking_is_told_with_a_reference(place: Place) -> None:
    place.desk.asking = RuntimeError("secret detail")
    assert await place.slack.press_for_view(await _card(place), "Wave", user="U1") is None
    said = place.slack.ephemerals("U1")[-1].seen
    assert ("quote" in said, "secret" in said) == (True, False)


async def test_a_submission_that_takes_too_long_is_stored_and_its_answer_follows(place: Place) -> None:
    form = await _form(place)
    place.desk.working = 1.0
    body = place.slack.submit_body(form, {"text": "x"})
    assert await place.slack.submit("U1", {"text": "x"}) is None
    await place.slack.until(lambda: bool(place.slack.ephemerals("U1")))
    assert "On it" in place.slack.ephemerals("U1")[-1].seen
    view = body["view"]
    stored = codec.command(place.desk.stored["slack", f"view:{view['id']}:{view['hash']}"]["command"])
    assert (stored.verb, stored.ticket, stored.args) == ("wave", 1, {"text": "x"})
    assert (stored.answer_to or {})["channel"] == "C1"


async def test_a_submission_that_is_neither_done_nor_stored_stays_with_the_person(place: Place) -> None:
    await _form(place)
    place.desk.working, place.desk.storing = 1.0, RuntimeError("disk full")
    view = await place.slack.submit("U1", {"text": "x"})
    assert view is not None
    assert "could not be confirmed" in view.seen


async def test_a_shortcut_brings_the_words_and_the_address_of_its_message(place: Place) -> None:
    place.desk.forms = lambda command: FORM
    await place.slack.shortcut("ask:wave", user="U7", channel="C9", text="look &amp; see <@U1>", ts="17.000100", thread_ts="16.0")
    (asked,) = place.desk.asked
    assert (asked.verb, asked.by.id) == ("wave", "T1/U7")
    assert asked.args == {"text": "look & see @U1", "source": "https://acme.slack.com/archives/C9/p17000100"}
    assert (asked.answer_to or {})["thread_ts"] == "16.0"


async def test_a_message_whose_address_slack_does_not_tell_makes_a_ticket_all_the_same(place: Place) -> None:
    place.desk.forms = lambda command: FORM
    place.slack.fail_next("chat.getPermalink", "message_not_found")
    assert await place.slack.shortcut("ask:wave", user="U7", channel="C9", text="look") is not None
    assert "source" not in place.desk.asked[0].args


async def test_the_global_shortcut_opens_the_form_and_answers_in_person(place: Place) -> None:
    place.desk.forms = lambda command: FORM
    await place.slack.shortcut("ask:wave", user="U7")
    await place.slack.submit("U7", {"text": "x"})
    await place.slack.until(lambda: bool(place.slack.dms("U7")))
    assert place.slack.dms("U7")[-1].seen == "did:"


async def test_an_undo_is_pressed_once_and_its_answer_takes_its_place(place: Place) -> None:
    place.desk.answers = lambda command: Reply("Sent.", (Card("Sent.", buttons=(Button("Undo", "undo 1"),)),))
    await place.slack.command("reply 1 hello")
    (message,) = place.slack.ephemerals("U1")
    place.desk.answers = lambda command: Reply("Taken back.")
    assert await place.slack.press(message, "Undo") == "Taken back."
    assert (len(place.slack.ephemerals("U1")), message.labels) == (1, [])


async def test_a_home_that_cannot_be_shown_is_logged_and_shown_the_next_time(place: Place) -> None:
    place.slack.fail_next("views.publish", "not_enabled")
    await place.slack.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"})
    await place.slack.until(lambda: any(method == "views.publish" for method, _ in place.slack.calls))
    assert "T-1" in (await place.slack.open_home("U1")).seen


async def test_the_messages_tab_of_the_home_asks_nothing(place: Place) -> None:
    await place.slack.event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "messages"})
    assert not place.desk.stored
    assert not [method for method, _ in place.slack.calls if method == "views.publish"]


async def test_a_press_whose_trigger_died_answers_in_person(place: Place) -> None:
    place.desk.answers = lambda command: Reply("T-1", (Card("T-1 · Lamp"),))
    home = await place.slack.open_home("U1")
    body = place.slack.view_press_body(home, "Claim")
    place.clock.push(timedelta(seconds=4))
    await place.slack.post_form({"payload": json.dumps(body)})
    await place.slack.until(lambda: bool(place.slack.dms("U1")))
    assert "T-1 · Lamp" in place.slack.dms("U1")[-1].seen


async def test_every_payload_was_one_that_slack_takes(place: Place) -> None:
    place.desk.forms = lambda command: Form("wave", "长" * 90, (Input("text", "x" * 400, value="y" * 9000),), "z" * 40, "", None)
    assert await place.slack.press_for_view(await _card(place), "Wave", user="U1") is not None
    place.desk.answers = _endless
    assert await place.slack.submit("U1", {"text": "x"}) is None
    assert place.slack.complaints == []


def _endless(command: Command) -> Reply:
    return Reply("x" * 9000, (Card("y" * 9000, lines=("z" * 9000,)),))


async def test_an_answer_over_a_methods_limit_is_given_a_moment_later(place: Place) -> None:
    card = await _card(place)
    place.slack.refusing["C1"] = "channel_not_found"
    for method in ("chat.postMessage", "views.publish"):
        place.slack.rate_limit_next(1, method)
    body = place.slack.press_body(card, "Show") | {"response_url": "http://127.0.0.1:9/gone"}
    await place.slack.post_form({"payload": json.dumps(body)})
    assert "Desk" in (await place.slack.open_home("U1")).seen
    await place.slack.until(lambda: bool(place.slack.dms("U1")))
    assert place.slack.dms("U1")[0].seen == "did: show 1"
