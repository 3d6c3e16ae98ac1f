"""Buttons that ask before they act, a ticket made of a message, a reply that can be taken back: all in Slack, in each person's language."""

from __future__ import annotations

import json
import re

import pytest

from tests.fakes.slack_people import Message
from tests.fakes.slack_views import View
from tests.world import CHANNEL, World


async def _opened(world: World, card: Message, button: str, user: str) -> View:
    view = await world.slack.press_for_view(card, button, user=user)
    assert view is not None, world.slack.ephemerals(user)[-1].seen
    return view


async def _claimed(world: World) -> tuple[int, Message]:
    number = await world.ticket()
    await world.says(f"claim {number}")
    return number, world.slack.channel(CHANNEL)[0]


async def test_resolving_asks_what_was_done_and_then_resolves(world: World) -> None:
    number, card = await _claimed(world)
    form = await _opened(world, card, "Resolve", "U0MEI")
    assert (form.doc["title"]["text"], list(form.inputs)) == (f"Resolve T-{number}", ["text"])
    assert (await world.shown(number))["state"] == "open", "the form alone does nothing"
    assert await world.slack.submit("U0MEI", {"text": "Refunded in full."}) is None
    await world.settle()
    assert (await world.shown(number))["state"] == "resolved"
    assert "is resolved" in world.slack.ephemerals("U0MEI")[-1].seen
    assert "Refunded in full." in str(await world.call("GET", f"/v1/tickets/{number}/timeline"))
    assert "resolved" in card.seen, "the card in the channel has changed too"


async def test_a_close_from_its_form_can_be_undone_by_the_button_of_its_answer(world: World) -> None:
    number, card = await _claimed(world)
    await world.says(f"resolve {number}")
    await _opened(world, card, "Close", "U0MEI")
    await world.slack.submit("U0MEI", {})
    await world.settle()
    assert (await world.shown(number))["state"] == "closed"
    answer = world.slack.ephemerals("U0MEI")[-1]
    assert "as if it had not been closed" in await world.slack.press(answer, "Undo", user="U0MEI")
    assert answer.labels == [], "the answer's place was taken: nobody presses Undo twice"
    assert (await world.shown(number))["state"] == "resolved"


async def test_a_ticket_is_handed_over_to_one_of_the_merchants_own_people(world: World) -> None:
    number, card = await _claimed(world)
    form = await _opened(world, card, "Assign", "U0CHEN")
    assert form.choices("to") == {"bo": "Bo Zhang", "chen": "Chen Wei"}, "not who has it, not another merchant's, no auditor"
    await world.slack.submit("U0CHEN", {"to": "bo"})
    await world.settle()
    assert (await world.shown(number))["assignee"] == "bo"
    assert "转派给您" in world.slack.dms("U0BO")[-1].seen


async def test_who_may_not_is_told_so_before_filling_anything_in(world: World) -> None:
    _, card = await _claimed(world)
    for button, user, said in (
        ("Assign", "U0MEI", "Only a lead"),
        ("Resolve", "U0BO", "Mei Lin"),
        ("Note", "U0NOBODY", "know this account"),
    ):
        assert await world.slack.press_for_view(card, button, user=user) is None
        assert said in world.slack.ephemerals(user)[-1].seen


async def test_a_refusal_stands_beside_the_input_it_is_about_or_instead_of_the_form_in_the_persons_language(world: World) -> None:
    number, card = await _claimed(world)
    await world.says(f"assign {number} @bo", by="chen")
    await _opened(world, card, "Assign", "U0CHEN")
    await world.call("DELETE", "/v1/agents/mei")
    refused = await world.slack.submit("U0CHEN", {"to": "mei"})
    assert refused is not None
    assert "no agent" in refused.errors["to"]
    await _opened(world, card, "Resolve", "U0BO")
    await world.says(f"close {number}", by="chen")
    told = await world.slack.submit("U0BO", {"text": "完成"})
    assert told is not None
    assert (told.inputs, told.doc["close"]["text"]) == ({}, "关闭")
    assert "已关闭" in told.seen
    assert world.slack.complaints == []


async def test_a_form_that_is_sent_twice_is_done_once(world: World) -> None:
    number, card = await _claimed(world)
    form = await _opened(world, card, "Note", "U0MEI")
    body = world.slack.submit_body(form, {"text": "called the carrier"})
    for _ in range(2):
        await world.slack.post_form({"payload": json.dumps(body)})
    await world.settle()
    events = (await world.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]
    assert sum(each["type"] == "note" for each in events) == 1


async def test_a_ticket_is_made_of_a_message_and_leads_back_to_it(world: World) -> None:
    form = await world.slack.shortcut("ask:new", user="U0MEI", channel="C0LOUNGE", text="Buyer <@U9|ann> says: lamp &amp; shade broken")
    assert form is not None
    assert form.choices("shop_id").keys() == {"lights-sg", "lights-my"}
    assert form.inputs["text"]["element"]["initial_value"] == "Buyer @U9 says: lamp & shade broken"
    assert await world.slack.submit("U0MEI", {"shop_id": "lights-my", "text": "Lamp and shade broken"}) is None
    await world.settle()
    answer = world.slack.ephemerals("U0MEI")[-1]
    number = int(re.findall(r"T-(\d+)", answer.seen)[0])
    (link,) = [each["url"] for each in answer.buttons if "url" in each]
    assert link.startswith("https://acme.slack.com/archives/C0LOUNGE/p")
    made = await world.shown(number)
    assert (made["shop_id"], made["subject"]) == ("lights-my", "Lamp and shade broken")
    assert link in await world.says(f"show {number}"), "the team finds the message again"


async def test_a_shortcut_of_somebody_unknown_says_so_and_opens_nothing(world: World) -> None:
    assert await world.slack.shortcut("ask:new", user="U0NOBODY", text="help") is None
    assert "know this account" in world.slack.ephemerals("U0NOBODY")[-1].seen
    assert "不认识" in world.slack.ephemerals("U0NOBODY")[-1].seen


async def test_a_reply_in_the_thread_shows_what_leaves_and_says_when_it_left(world: World) -> None:
    number, card = await _claimed(world)
    await world.slack.thread_reply(card, "reply We refund you today.", user="U0MEI")
    await world.settle()
    shown = world.slack.ephemerals("U0MEI")[-1]
    assert "We refund you today." in shown.seen
    assert (shown.thread_ts, shown.labels) == (card.ts, ["Undo"])
    await world.pass_time(seconds=9)
    assert (await world.shown(number))["first_responded_at"] is None
    assert len(world.slack.ephemerals("U0MEI")) == 2, "the claim's answer and this one"
    await world.pass_time(seconds=3)
    assert (await world.shown(number))["first_responded_at"] is not None
    assert f"Your reply on T-{number} left." in world.slack.ephemerals("U0MEI")[-1].seen


async def test_a_reply_that_is_taken_back_never_leaves_and_nothing_says_it_did(world: World) -> None:
    first, card = await _claimed(world)
    await world.slack.thread_reply(card, "reply Wrong ticket.", user="U0MEI")
    await world.settle()
    preview = world.slack.ephemerals("U0MEI")[-1]
    second = await world.ticket("Another")
    await world.says(f"reply {second} Right ticket.")
    assert "taken back" in await world.slack.press(preview, "Undo", user="U0MEI"), "this one, though another was sent since"
    await world.pass_time(seconds=15)
    assert (await world.shown(first))["first_responded_at"] is None
    assert (await world.shown(second))["first_responded_at"] is not None
    said = [each.seen for each in world.slack.ephemerals("U0MEI")]
    assert [f"T-{first} left" in text for text in said].count(True) == 0
    assert "nothing to undo" in await world.says(f"undo {second}")


@pytest.mark.parametrize("words", ["回复了买家，他说骂人的话", "回复太慢了，这个买家很难缠", "Reply: none so far, I think", "回复率很低"])
async def test_a_note_that_begins_like_a_reply_never_leaves_the_team(world: World, words: str) -> None:
    number = await world.ticket()
    [card] = world.slack.channel(CHANNEL)
    await world.slack.thread_reply(card, words, user="U0MEI")
    await world.pass_time(seconds=30)
    happened = [each["type"] for each in (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]]
    assert ("note" in happened, "ticket.replied" in happened) == (True, False)


async def test_undo_typed_in_the_thread_takes_the_reply_back_and_is_no_note(world: World) -> None:
    number, card = await _claimed(world)
    await world.slack.thread_reply(card, "回复 马上退款。", user="U0MEI")
    await world.slack.thread_reply(card, "undo", user="U0MEI")
    await world.pass_time(seconds=15)
    assert (await world.shown(number))["first_responded_at"] is None
    assert "undo" not in [each["detail"].get("text") for each in (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]]
    assert "taken back" in world.slack.ephemerals("U0MEI")[-1].seen


async def test_only_what_people_say_in_a_thread_becomes_a_note(world: World) -> None:
    number, card = await _claimed(world)
    await world.slack.thread_reply(card, "the carrier called back", user="U0MEI")
    await world.slack.thread_reply(card, "", user="U0MEI", files=[{"id": "F1", "name": "proof.png", "permalink": "https://f/1"}])
    said = {"type": "message", "channel": CHANNEL, "channel_type": "channel", "thread_ts": card.ts, "parent_user_id": "UBOT"}
    edit = {"user": "U0MEI", "text": "edited", "ts": "9.1"}
    for event in (
        {**said, "subtype": "message_changed", "message": edit, "previous_message": edit, "ts": "9.2", "hidden": True},
        {**said, "subtype": "message_deleted", "previous_message": edit, "deleted_ts": "9.1", "ts": "9.3", "hidden": True},
        {**said, "subtype": "bot_message", "bot_id": "B9", "text": "beep", "ts": "9.4"},
        {**said, "user": "UOTHERBOT", "bot_id": "B9", "bot_profile": {"id": "B9"}, "text": "beep", "ts": "9.5"},
    ):
        await world.slack.event(event)
    await world.settle()
    shown = await world.says(f"show {number}")
    assert [part in shown for part in ("the carrier called back", "📎 proof.png", "edited", "beep")] == [True, True, False, False]
