"""From a shop's call to a closed ticket, worked in Slack alone."""

from __future__ import annotations

import re
from datetime import timedelta

from tests.world import CHANNEL, World, at

ALERTED = "Where is my refund?"


async def test_a_ticket_from_the_api_is_claimed_answered_resolved_and_closed_in_slack(world: World) -> None:
    hook = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["*"]}, status=201)
    world.receiver.secrets.append(hook["secret"])
    await world.call("PUT", "/v1/merchants/lumiere", {**(await _merchant(world)), "buyer_mail": True})
    number = await world.ticket(buyer={"name": "Ana Ng", "email": "ana@buyer.example"})

    [card] = world.slack.channel(CHANNEL)
    assert ALERTED in card.seen
    assert "Claim" in card.labels
    assert "ana@buyer.example" not in card.seen

    assert "is yours" in await world.slack.press(card, "Claim", user="U0MEI")
    await world.settle()
    assert "Mei Lin" in card.seen
    assert card.versions, "the same card, edited in place"

    assert "leaves in 10 s" in await world.says(f"reply {number} We refunded you today.")
    assert not world.smtp.mails
    await world.pass_time(seconds=11)
    [mail] = [each for each in world.smtp.mails if "ana@buyer.example" in each.to]
    assert "We refunded you today." in mail.part("plain")

    assert "is resolved" in await world.says(f"resolve {number} refunded")
    assert "is closed" in await world.says(f"close {number}")
    await world.pass_time(seconds=11)

    ticket = await world.shown(number)
    assert (ticket["state"], ticket["assignee"], ticket["tier"]) == ("closed", "mei", 0)
    assert at(ticket["first_responded_at"]) - at(ticket["created_at"]) == timedelta(seconds=10)
    told = [event.body["type"] for event in world.receiver.events]
    assert told == ["ticket.created", "ticket.claimed", "ticket.replied", "ticket.resolved", "ticket.closed"]
    assert world.receiver.refused == 0
    assert len([each for each in world.slack.channel(CHANNEL) if not each.thread_ts]) == 1


async def test_of_two_people_who_press_at_once_one_wins_and_the_other_is_told_who(world: World) -> None:
    await world.ticket()
    [card] = world.slack.channel(CHANNEL)
    answers = [await world.slack.press(card, "Claim", user=user) for user in ("U0MEI", "U0CHEN")]
    assert "is yours" in answers[0]
    assert "Mei Lin has" in answers[1]


async def test_the_same_delivery_of_slack_twice_changes_things_once(world: World) -> None:
    number = await world.ticket()
    body = world.slack.command_body(f"claim {number}", user="U0MEI")
    first, again = [await world.slack.post_form(body) for _ in range(2)]
    assert first == again
    entries = (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]
    assert [each["type"] for each in entries].count("ticket.claimed") == 1


async def test_what_is_typed_in_a_tickets_thread_is_a_note_and_never_leaves_the_team(world: World) -> None:
    number = await world.ticket(buyer={"email": "ana@buyer.example"})
    [card] = world.slack.channel(CHANNEL)
    await world.slack.thread_reply(card, "She called twice. Careful.", user="U0MEI")
    await world.settle()
    shown = await world.says(f"show {number}")
    assert "Careful" in shown
    assert "note" in shown
    assert (await world.shown(number))["first_responded_at"] is None
    await world.slack.thread_reply(card, "reply We are on it.", user="U0MEI")
    await world.settle()
    await world.pass_time(seconds=11)
    assert (await world.shown(number))["first_responded_at"] is not None


async def test_what_sounds_like_a_command_in_a_tickets_thread_is_a_note_all_the_same(world: World) -> None:
    number = await world.ticket()
    [card] = world.slack.channel(CHANNEL)
    await world.slack.thread_reply(card, "close to giving up on this one", user="U0MEI")
    await world.settle()
    assert (await world.shown(number))["state"] == "new"
    assert "close to giving up" in await world.says(f"show {number}")


async def test_a_buyer_who_writes_on_a_resolved_ticket_reopens_it_with_fresh_targets(world: World) -> None:
    number = await world.ticket()
    await world.says(f"resolve {number}")
    await world.pass_time(hours=30)
    await world.call("POST", f"/v1/tickets/{number}/messages", {"from": "buyer", "text": "It broke again.", "public": True}, status=201)
    await world.settle()
    ticket = await world.shown(number)
    assert (ticket["state"], ticket["tier"]) == ("open", 0)
    again = world.clock.now()
    assert at(ticket["sla"]["resolution"]["due_at"]) == again + timedelta(hours=24)
    assert at(ticket["sla"]["closure"]["due_at"]) == again + timedelta(hours=72)
    await world.pass_time(hours=24)
    assert (await world.shown(number))["tier"] == 2


async def test_a_reply_taken_back_within_ten_seconds_never_left(world: World) -> None:
    number = await world.ticket()
    await world.says(f"reply {number} You are wrong.")
    assert "taken back" in await world.says("undo")
    await world.pass_time(minutes=1)
    assert (await world.shown(number))["first_responded_at"] is None
    assert "You are wrong" not in await world.says(f"show {number}")
    assert "nothing to undo" in await world.says("undo")


async def test_a_close_taken_back_is_as_if_it_had_not_been(world: World) -> None:
    hook = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["ticket.closed"]}, status=201)
    world.receiver.secrets.append(hook["secret"])
    number = await world.ticket()
    await world.says(f"claim {number}")
    before = await world.shown(number)
    await world.says(f"close {number}")
    await world.says("undo")
    await world.pass_time(minutes=1)
    after = await world.shown(number)
    assert {key: after[key] for key in ("state", "sla", "closed_at")} == {key: before[key] for key in ("state", "sla", "closed_at")}
    assert not world.receiver.events, "nobody outside heard of the slip"


async def test_after_ten_seconds_a_close_stands(world: World) -> None:
    number = await world.ticket()
    await world.says(f"close {number}")
    await world.pass_time(seconds=11)
    assert "nothing to undo" in await world.says("undo")
    assert (await world.shown(number))["state"] == "closed"


async def test_a_new_tickets_card_does_not_wait_behind_edits_of_older_ones(world: World) -> None:
    numbers = []
    for _ in range(7):
        numbers.append(await world.ticket())
        await world.pass_time(seconds=10)
    for number in numbers:
        await world.says(f"claim {number}")
    number = await world.ticket("A fresh one")
    assert f"T-{number}" in world.slack.channel(CHANNEL)[-1].seen


async def test_in_direct_messages_and_mentions_the_same_words_work_in_both_languages(world: World) -> None:
    number = await world.ticket()
    await world.slack.dm(f"认领 {number}", user="U0BO")
    await world.settle()
    assert "已由您认领" in world.slack.dms("U0BO")[-1].seen
    await world.slack.mention(f"show {number}", user="U0MEI", channel=CHANNEL)
    await world.settle()
    assert "Bo Zhang" in world.slack.ephemerals("U0MEI")[-1].seen


async def test_someone_unknown_is_told_so_and_learns_nothing_else(world: World) -> None:
    number = await world.ticket()
    said = await world.says(f"show {number}", by="U0STRANGER")
    assert "don't know this account" in said
    assert "refund" not in said


async def test_another_merchants_agent_sees_nothing_of_it(world: World) -> None:
    number = await world.ticket()
    assert f"no ticket T-{number}" in await world.says(f"show {number}", by="eve")
    assert f"no ticket T-{number}" in await world.says(f"claim {number}", by="eve")
    assert "No open tickets" in await world.says("list", by="eve")


async def test_the_list_is_most_urgent_first_filtered_and_paged(world: World) -> None:
    numbers = []
    for count in range(8):
        numbers.append(await world.ticket(f"Case number {count}", category="refund_delay" if count % 2 else "fx_dispute"))
        await world.pass_time(minutes=1)
    first = await world.says("list")
    assert "8 open tickets" in first
    assert re.findall(r"T-(\d+)", first)[0] == str(numbers[0])
    second = await world.slack.press(world.slack.ephemerals("U0MEI")[-1], "Next page", user="U0MEI")
    assert f"T-{numbers[-1]}" in second
    assert "4 tickets that match" in await world.says("list tag:退款延迟 unclaimed")
    assert "1 ticket that matches" in await world.says("列表 number 3")


async def test_a_ticket_is_handed_to_whoever_is_mentioned_by_name_or_by_id_and_they_hear_of_it(world: World) -> None:
    number = await world.ticket()
    assert "Bo Zhang" in await world.says(f"assign {number} <@U0BO>", by="chen")
    assert f"T-{number}" in world.slack.dms("U0BO")[-1].seen
    assert "Mei Lin" in await world.says(f"assign {number} @mei", by="chen")
    assert "Bo Zhang" in await world.says(f"转派 {number} @Bo Zhang", by="chen")
    assert (await world.shown(number))["assignee"] == "bo"
    assert "no agent" in (await world.says(f"assign {number} <@U0EVE>", by="chen")).lower(), "another merchant's"


async def test_merging_moves_the_messages_and_stops_the_clocks(world: World) -> None:
    kept, gone = await world.ticket("First"), await world.ticket("Second")
    await world.says(f"note {gone} called the carrier", by="chen")
    assert f"merged into T-{kept}" in await world.says(f"merge {gone} into {kept}", by="chen")
    assert "called the carrier" in await world.says(f"show {kept}", by="chen")
    await world.pass_time(hours=100)
    ticket = await world.shown(gone)
    assert (ticket["state"], ticket["tier"]) == ("closed", 0)


async def _merchant(world: World) -> dict[str, object]:
    doc: dict[str, object] = await world.call("GET", "/v1/merchants/lumiere")
    return {key: value for key, value in doc.items() if key not in ("id", "enabled", "enabled_at") and value is not None}
