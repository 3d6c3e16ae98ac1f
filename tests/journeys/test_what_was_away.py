"""Slack down for an hour, the database gone for a minute, the bot itself away: one notice per ticket, marked late, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.errors import Unavailable
from tests.fakes.wire import Wire, over, to_postgres
from tests.world import CHANNEL, World


async def test_slack_down_for_an_hour_brings_each_ticket_once_at_its_present_tier_and_says_that_it_is_late(
    make_world: Callable[..., World],
) -> None:
    async with make_world(sla_tier1="10m", sla_tier2="40m", sla_tier3="3h") as world:
        first = await world.ticket("First")
        await world.pass_time(minutes=15)
        second = await world.ticket("Second")
        before = len(world.slack.channel(CHANNEL))
        await world.slack.down()
        await world.pass_time(hours=1)
        await world.slack.up()
        await world.pass_time(minutes=6)
        posted = [message.seen for message in world.slack.channel(CHANNEL)[before:] if not message.thread_ts]
        assert sorted(each.split("\n")[0].count("Escalated") for each in posted) == [1, 1]
        for number in (first, second):
            assert sum(f"T-{number}" in each and "(late)" in each for each in posted) == 1
        assert not (await world.call("GET", "/v1/deliveries?state=dead"))["items"]


async def test_the_database_gone_for_a_minute_is_told_to_whoever_asks_and_then_everything_rings_once(postgres_url: str) -> None:
    async with Wire(to_postgres(postgres_url)) as wire, World(over(postgres_url, wire.port), sla_tier1="30s") as world:
        numbers = [await world.ticket(f"Case {each}") for each in range(3)]
        await wire.set("refuse")
        world.clock.push(timedelta(seconds=95))
        for passing in (world.desk.escalate_due, world.desk.deliver_waiting, world.desk.work_inbox):
            with pytest.raises(Unavailable):
                await passing()
        body = {"shop_id": "lights-sg", "subject": "Meanwhile", "message": "…"}
        refused = await world.call("POST", "/v1/tickets", body, status=503)
        assert refused["status"] == 503
        await wire.set("pass")
        await world.pass_time(minutes=2)
        posted = [message.seen.split("\n")[0] for message in world.slack.channel(CHANNEL)]
        for number in numbers:
            assert [("late" in each) for each in posted if f"T-{number} missed" in each] == [True]
        assert not any("Meanwhile" in each for each in posted)
        assert len(posted) == 6


async def test_while_we_are_away_a_paused_ticket_stays_paused_and_what_the_buyer_said_before_counts(world: World) -> None:
    await world.call("PUT", "/v1/policies/waits", {"pause_on": ["pending"]})
    waiting, going = await world.ticket("Waits"), await world.ticket("Goes on")
    for number in (waiting, going):
        await world.says(f"pending {number}")
    await world.pass_time(hours=10)
    await world.call("POST", f"/v1/tickets/{going}/messages", {"from": "buyer", "text": "Here it is.", "public": True}, status=201)
    await world.settle()
    posted = len(world.slack.channel(CHANNEL))
    await world.stop_bot()
    world.clock.push(timedelta(hours=30))
    await world.start_bot()
    await world.settle()
    assert [(await world.shown(number))["tier"] for number in (waiting, going)] == [0, 2]
    fresh = [message.seen for message in world.slack.channel(CHANNEL)[posted:]]
    assert [("(late)" in each, f"T-{going}" in each) for each in fresh] == [(True, True)]
