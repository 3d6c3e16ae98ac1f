"""Channels that fail, answers that get lost, processes that end: nothing is silent, nothing is lost."""

from __future__ import annotations

import asyncio

from bot.messages import Command, Identity
from tests.world import CHANNEL, MERCHANT, World


async def test_slack_being_away_for_an_hour_delays_its_card_and_meanwhile_the_next_address_is_told(world: World) -> None:
    await world.slack.down()
    number = await world.ticket()
    await world.pass_time(hours=1)
    assert [f"T-{number}" in mail.subject for mail in world.smtp.mails] == [True]
    await world.slack.up()
    await world.pass_time(minutes=10)
    assert f"T-{number}" in world.slack.channel(CHANNEL)[-1].seen
    assert not (await world.call("GET", "/v1/deliveries?state=dead"))["items"]


async def test_a_lost_reply_makes_no_second_message(world: World) -> None:
    world.slack.lose_reply_next()
    await world.ticket()
    await world.pass_time(minutes=5)
    assert len(world.slack.channel(CHANNEL)) == 1


async def test_a_channel_that_is_gone_sends_the_alert_to_the_next_address_and_says_so(world: World) -> None:
    world.slack.refusing[CHANNEL] = "channel_not_found"
    number = await world.ticket()
    await world.settle()
    [mail] = world.smtp.mails
    assert f"T-{number}" in mail.subject
    assert "could not be reached" in mail.part("plain")
    dead = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert [(each["channel"], each["last_error"]) for each in dead] == [("slack", "channel_not_found")]
    async with world.api.get("/metrics") as figures:
        assert "deskbell_deliveries_dead 1.0" in await figures.text()
    assert "channel_not_found" in await world.says("deliveries", by="ada")


async def test_what_no_address_of_the_merchant_takes_goes_to_the_deployments_and_only_then_is_nobodys(make_world) -> None:
    async with make_world(slack_channel="C0OPERATOR", role="web") as world:
        world.slack.refusing[CHANNEL] = "channel_not_found"
        world.smtp.fault = "rcpt_5xx"
        first = await world.ticket()
        await world.settle()
        assert f"T-{first}" in world.slack.channel("C0OPERATOR")[-1].seen
        assert "could not be reached" in world.slack.channel("C0OPERATOR")[-1].seen
        world.slack.refusing["C0OPERATOR"] = "channel_not_found"
        second = await world.ticket()
        await world.settle()
        dead = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
        assert sorted((each["channel"], each["target"]) for each in dead if each["ticket"] == f"T-{second}") == [
            ("email", "ops@lumiere.example"), ("slack", CHANNEL), ("slack", "C0OPERATOR"),
        ]  # fmt: skip
        async with world.api.get("/readyz") as answer:
            ready = await answer.json()
        assert (ready["status"], ready["why"]) == ("degraded", ["5 dead notices"])
        async with world.api.get("/metrics") as figures:
            assert "deskbell_deliveries_dead 5.0" in await figures.text()


async def test_who_asks_sees_what_is_held_until_when_and_why_and_can_send_it_now(world: World) -> None:
    world.slack.rate_limit_next(300)
    number = await world.ticket()
    [held] = (await world.call("GET", "/v1/deliveries?state=waiting"))["items"]
    assert held["ticket"] == f"T-{number}"
    assert held["held_until"] == held["available_at"] == "2026-11-23T01:05:00.000Z"
    assert held["reason"] == "ratelimited"
    answer = await world.slack.command("deliveries", user="U0ADA")
    assert "held until 09:05" in answer
    assert "ratelimited" in answer
    assert "on its way again" in await world.says(f"retry {held['id']}", by="ada")
    assert f"T-{number}" in world.slack.channel(CHANNEL)[-1].seen
    assert (await world.call("GET", "/v1/deliveries"))["items"][0]["held_until"] is None


async def test_a_dead_delivery_can_be_sent_again(world: World) -> None:
    world.slack.refusing[CHANNEL] = "not_in_channel"
    number = await world.ticket()
    [dead] = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    del world.slack.refusing[CHANNEL]
    assert "on its way again" in await world.says(f"retry {dead['id']}", by="ada")
    assert f"T-{number}" in world.slack.channel(CHANNEL)[-1].seen
    assert "Only an admin" in await world.says(f"retry {dead['id']}", by="mei")


async def test_too_many_requests_is_waited_out_as_long_as_slack_says(world: World) -> None:
    world.slack.rate_limit_next(30)
    await world.ticket()
    await world.pass_time(seconds=29)
    assert not world.slack.channel(CHANNEL)
    await world.pass_time(seconds=2)
    assert len(world.slack.channel(CHANNEL)) == 1


async def test_what_waited_when_the_bot_ended_is_sent_when_it_is_back(world: World) -> None:
    await world.slack.down()
    number = await world.ticket()
    await world.stop_bot()
    await world.slack.up()
    await world.start_bot()
    await world.pass_time(minutes=10)
    assert f"T-{number}" in world.slack.channel(CHANNEL)[-1].seen


async def test_a_mail_server_that_is_away_is_tried_again(world: World) -> None:
    await world.smtp.stop()
    await world.ticket()
    await world.pass_time(hours=2)
    await world.smtp.start()
    await world.pass_time(minutes=15)
    assert [mail.to for mail in world.smtp.mails] == [("ops@lumiere.example",)]


async def test_when_a_channel_takes_something_again_all_that_it_missed_comes_soon(world: World) -> None:
    await world.slack.down()
    missed = [await world.ticket(f"Case {count}") for count in range(5)]
    await world.pass_time(hours=1)  # by now their pauses are minutes long
    await world.slack.up()
    last = await world.ticket("The first one after")
    await world.pass_time(seconds=12)  # five for what may be underway still; a limit of one message a second stands between them
    said = " ".join(message.seen for message in world.slack.channel(CHANNEL))
    assert [number for number in (*missed, last) if f"T-{number}" not in said] == []


async def test_an_event_stored_before_the_bot_ended_is_worked_when_it_is_back(world: World) -> None:
    number = await world.ticket()
    await world.slack.dm(f"claim {number}", user="U0MEI")
    await world.stop_bot()
    await world.start_bot()
    await world.settle()
    assert (await world.shown(number))["assignee"] == "mei"
    assert "is yours" in world.slack.dms("U0MEI")[-1].seen


async def test_a_receiver_that_answers_410_is_unsubscribed(world: World) -> None:
    hook = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["ticket.created"]}, status=201)
    world.receiver.fault = "410"
    await world.ticket()
    await world.call("GET", f"/v1/webhooks/{hook['id']}", status=404)
    asked = world.receiver.requests
    await world.ticket()
    assert world.receiver.requests == asked


async def test_a_system_that_hangs_holds_up_nobodys_alert(world: World) -> None:
    world.receiver.fault = "hang"
    await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["*"]}, status=201)
    for count in range(80):
        await world.call("POST", "/v1/tickets", {"shop_id": "lights-my", "subject": f"Case {count}", "message": "…"}, status=201)
    for _ in range(20):
        await world.desk.deliver_waiting()
    assert world.receiver.requests <= 16
    await world.call("POST", "/v1/tickets", {"shop_id": "other-shop", "subject": "Mine", "message": "…"}, status=201)
    for _ in range(20):
        await world.desk.deliver_waiting()
        await asyncio.sleep(0.02)
    assert [message.seen.count("Mine") for message in world.slack.channel("C0OTHER")] == [1]


async def test_a_pause_that_slack_asked_for_is_kept_though_the_ticket_moves(world: World) -> None:
    world.slack.rate_limit_next(30)
    number = await world.ticket()
    await world.pass_time(seconds=5)
    await world.says(f"claim {number}")
    await world.pass_time(seconds=20)
    assert not world.slack.channel(CHANNEL)
    await world.pass_time(seconds=6)
    assert "Mei Lin" in world.slack.channel(CHANNEL)[-1].seen


async def test_a_notice_that_nobody_takes_goes_to_each_address_once_and_is_dead_then(world: World) -> None:
    world.slack.refusing[CHANNEL] = "channel_not_found"
    world.smtp.fault = "rcpt_5xx"
    await world.ticket()
    await world.pass_time(hours=1)
    tried = (await world.call("GET", "/v1/deliveries"))["items"]
    assert sorted((each["channel"], each["state"], each["attempts"]) for each in tried) == [("email", "dead", 1), ("slack", "dead", 1)]


async def test_what_could_not_be_sent_for_a_day_is_given_up_and_said_to_be_dead(world: World) -> None:
    await world.slack.down()
    number = await world.ticket()
    await world.says(f"claim {number}", by="mei")
    await world.pass_time(hours=23)
    assert not (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    await world.pass_time(hours=2)
    dead = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert ("slack", "alert", f"T-{number}") in [(each["channel"], each["kind"], each["ticket"]) for each in dead]


async def test_what_a_channel_missed_is_told_at_its_present_tier_alone_when_it_is_back(make_world) -> None:
    async with make_world(sla_tier1="1h", sla_tier2="3h") as world:
        number = await world.ticket()
        await world.slack.down()
        await world.pass_time(hours=4)
        await world.slack.up()
        await world.pass_time(minutes=10)
        said = [message.seen for message in world.slack.channel(CHANNEL) if not message.thread_ts]
        assert not any("No response yet" in each for each in said)
        assert any(f"Escalated: T-{number}" in each and "(late)" in each for each in said)


async def test_what_was_escalated_before_a_ticket_was_reopened_is_told_to_nobody_any_more(world: World) -> None:
    number = await world.ticket()
    await world.pass_time(hours=23)
    await world.slack.down()
    await world.pass_time(hours=2)
    for words in (f"resolve {number}", f"reopen {number} once more"):
        assert (await world.desk.reply(Command(Identity("agent", "chen"), words, via="slack"))).ok
    await world.slack.up()
    await world.pass_time(minutes=10)
    assert not any("Escalated" in message.seen for message in world.slack.channel(CHANNEL))


async def test_a_mail_whose_answer_got_lost_is_sent_again_and_says_that_it_may_be_a_repeat(world: World) -> None:
    await world.ticket()
    await world.pass_time(hours=1)
    world.smtp.fault = "lost_reply"
    await world.pass_time(hours=1)
    world.smtp.fault = None
    await world.pass_time(minutes=10)
    first, *again = [mail.part("plain") for mail in world.smtp.mails if "ops@lumiere.example" in mail.to]
    assert again
    assert "may be a repeat" not in first
    assert all("may be a repeat" in each for each in again)


async def test_what_only_had_to_wait_is_not_called_a_repeat_and_what_may_be_one_is(world: World) -> None:
    world.slack.rate_limit_next(30)
    await world.ticket()
    await world.pass_time(seconds=31)
    assert "may be a repeat" not in world.slack.channel(CHANNEL)[-1].seen
    world.slack.http_500_next()
    await world.ticket()
    await world.pass_time(minutes=1)
    assert "may be a repeat" in world.slack.channel(CHANNEL)[-1].seen


async def test_an_event_for_a_system_that_has_unsubscribed_is_dropped_and_counts_as_no_failure(world: World) -> None:
    hook = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["ticket.created"]}, status=201)
    world.receiver.fault = "500"
    await world.ticket()
    await world.call("DELETE", f"/v1/webhooks/{hook['id']}", status=204)
    world.receiver.fault = None
    await world.pass_time(minutes=10)
    assert not world.receiver.events
    assert not (await world.call("GET", "/v1/deliveries?state=dead"))["items"]


async def test_an_alert_for_a_merchant_that_no_connected_channel_reaches_is_dead_and_not_silent(world: World) -> None:
    await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "notify": {"wecom_robot_key": "not-connected"}})
    number = await world.ticket()
    await world.pass_time(hours=2)
    dead = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert [(each["kind"], each["ticket"]) for each in dead] == [("tier1", f"T-{number}")]
    async with world.api.get("/metrics") as figures:
        assert "deskbell_deliveries_dead 1.0" in await figures.text()


async def test_edits_over_an_addresss_limit_are_spread_as_its_limit_lets_them_through(world: World) -> None:
    numbers = []
    for count in range(30):
        numbers.append(await world.ticket(f"Case {count}"))
        await world.pass_time(seconds=2)
    for number in numbers:
        assert (await world.desk.reply(Command(Identity("agent", "mei"), f"claim {number}", via="slack"))).ok
    await world.settle()
    waiting = (await world.call("GET", "/v1/deliveries?state=waiting&limit=200"))["items"]
    held = [each["held_until"] for each in waiting]
    assert len(held) >= 20
    assert len(set(held)) >= len(held) - 5, "each at a moment of its own, not all at the same one"
    await world.pass_time(seconds=40)
    assert all("Mei Lin" in message.seen for message in world.slack.channel(CHANNEL))
