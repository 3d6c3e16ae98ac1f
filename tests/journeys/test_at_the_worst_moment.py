"""What happens in the worst moment: an old card that cannot be edited for a while, a slip taken back, a merge under a reply."""

from __future__ import annotations

import asyncio

from bot.messages import Command, Identity
from bot.messages.codec import command_doc
from tests.world import CHANNEL, MERCHANT, World

BUYER = {"name": "Ann", "email": "ann@buyer.example"}


async def test_an_old_card_that_slack_will_not_edit_now_is_edited_later_and_alarms_nobody(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.pass_time(hours=23)
    await world.says(f"resolve {number}")
    await world.pass_time(hours=3)
    mails = len(world.smtp.mails)
    world.slack.rate_limit_next(5, method="chat.update")
    await world.says(f"close {number}")
    await world.pass_time(minutes=5)
    assert not (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert len(world.smtp.mails) == mails, "nobody hears of an old alert as of a new one"
    assert "closed" in world.slack.channel(CHANNEL)[0].seen


async def test_a_notice_that_waited_out_our_own_absence_is_not_given_up_at_its_first_failure(world: World) -> None:
    await world.slack.down()
    number = await world.ticket()
    await world.stop_bot()
    await world.slack.up()
    world.clock.push_to(world.clock.now().replace(day=25))
    world.slack.rate_limit_next(5)
    await world.start_bot()
    await world.pass_time(minutes=10)
    assert any(f"T-{number}" in message.seen for message in world.slack.channel(CHANNEL))
    assert not (await world.call("GET", "/v1/deliveries?state=dead"))["items"]


async def test_a_close_that_is_taken_back_takes_no_alert_with_it(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.pass_time(hours=23, minutes=59, seconds=59)
    await world.slack.down()
    await world.smtp.stop()
    await world.pass_time(seconds=1)
    by = Identity("agent", "mei")
    await world.desk.reply(Command(by, f"close {number}", via="slack"))
    await world.pass_time(seconds=6)
    await world.desk.reply(Command(by, "undo", via="slack"))
    await world.slack.up()
    await world.smtp.start()
    await world.pass_time(minutes=10)
    assert (await world.shown(number))["state"] == "open"
    assert "Escalated" in world.slack.dms("U0SARA")[-1].seen
    assert "Escalated" in world.slack.channel(CHANNEL)[-1].seen


async def test_a_reply_still_leaves_when_its_ticket_is_merged_away_before(world: World) -> None:
    await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "buyer_mail": True})
    number, other = await world.ticket(buyer=BUYER), await world.ticket("Another")
    await world.says(f"reply {number} It ships today.")
    await world.says(f"merge {number} into {other}", by="chen")
    await world.pass_time(seconds=11)
    assert [mail.to for mail in world.smtp.mails if "ships today" in mail.part("plain")] == [("ann@buyer.example",)]
    assert "nothing" in (await world.says("undo")).lower()


async def test_a_reply_that_waits_for_the_mail_server_arrives_although_its_ticket_was_merged(world: World) -> None:
    await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "buyer_mail": True})
    number, other = await world.ticket(buyer=BUYER), await world.ticket("Another")
    await world.smtp.stop()
    await world.says(f"reply {number} It ships today.")
    await world.pass_time(seconds=11)
    await world.says(f"merge {number} into {other}", by="chen")
    await world.smtp.start()
    await world.pass_time(minutes=10)
    assert [mail.to for mail in world.smtp.mails if "ships today" in mail.part("plain")] == [("ann@buyer.example",)]


async def test_a_reply_counts_as_the_first_although_the_ticket_was_closed_before_it_left(world: World) -> None:
    number = await world.ticket()
    await world.says(f"reply {number} It ships today.")
    await world.pass_time(seconds=5)
    await world.says(f"close {number}")
    await world.pass_time(seconds=6)
    assert (await world.shown(number))["first_responded_at"] is not None
    await world.says("undo")
    await world.pass_time(hours=3)
    shown = await world.shown(number)
    assert (shown["state"], shown["tier"]) == ("open", 0), "it was answered: tier 1 has nothing to ring for"


async def test_undo_takes_back_ones_own_close_and_not_somebody_elses_after_it(world: World) -> None:
    number = await world.ticket()
    await world.says(f"close {number}")
    await world.says(f"reopen {number}", by="chen")
    await world.pass_time(seconds=2)
    await world.says(f"close {number}", by="chen")
    assert "othing" in await world.says("undo")
    assert (await world.shown(number))["state"] == "closed"


async def test_of_two_closes_with_an_undo_between_subscribers_hear_of_the_one_that_stood(world: World) -> None:
    await _subscribed(world, "ticket.closed")
    number = await world.ticket()
    await world.says(f"close {number}")
    await world.pass_time(seconds=3)
    await world.says("undo")
    await world.says(f"close {number}")
    await world.pass_time(seconds=8)
    assert not world.receiver.events, "the second one can still be taken back"
    await world.pass_time(seconds=5)
    assert len(world.receiver.events) == 1


async def test_a_close_that_stood_is_told_also_where_the_ticket_was_reopened_before_the_receiver_was_back(world: World) -> None:
    await _subscribed(world, "ticket.closed")
    number = await world.ticket()
    world.receiver.fault = "500"
    await world.says(f"close {number}")
    await world.pass_time(seconds=11)
    await world.says(f"reopen {number}", by="chen")
    world.receiver.fault = None
    await world.pass_time(minutes=10)
    assert [event.body["type"] for event in world.receiver.events] == ["ticket.closed"]


async def test_a_stored_command_that_two_work_at_once_is_done_once(world: World) -> None:
    for turn in range(10):
        command = Command(Identity("slack", "T1/U0MEI"), "new shop:lights-sg No parcel", once=f"event:{turn}", via="slack")
        before = len((await world.call("GET", "/v1/tickets?limit=200"))["items"])
        await world.desk.record("slack", f"event:{turn}", {"command": command_doc(command)})
        await asyncio.gather(*(world.desk.reply(command) for _ in range(4)), world.desk.work_inbox())
        assert len((await world.call("GET", "/v1/tickets?limit=200"))["items"]) == before + 1


async def test_a_mail_servers_refusal_in_another_encoding_is_recorded_like_any_other(world: World) -> None:
    world.smtp.fault = "rcpt_gbk"
    number = await world.ticket()
    await world.pass_time(hours=2)
    dead = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert [(each["channel"], each["ticket"]) for each in dead] == [("email", f"T-{number}")]


async def test_a_digest_names_every_ticket_whatever_their_subjects_are(world: World) -> None:
    world.slack.limited = True
    for count in range(150):
        await world.call("POST", "/v1/tickets", {"shop_id": "lights-sg", "subject": "<&>" * 40 + str(count), "message": "…"}, status=201)
    await world.pass_time(minutes=3)
    seen = "\n".join(message.seen for message in world.slack.channel(CHANNEL))
    tickets = (await world.call("GET", "/v1/tickets?limit=200"))["items"]
    assert [each["number"] for each in tickets if f"T-{each['number']}" not in seen] == []


async def _subscribed(world: World, *events: str) -> None:
    made = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": list(events)}, status=201)
    world.receiver.secrets.append(made["secret"])
