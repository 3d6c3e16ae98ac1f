"""Paused, resumed, reopened: what a merchant sees of clocks that stand still, and the account that adds up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import CHANNEL, World, at


@pytest.fixture
async def pausing(world: World) -> World:
    """A world whose policy pauses on pending."""
    await world.call("PUT", "/v1/policies/waits", {"pause_on": ["pending"]})
    return world


async def _buyer(world: World, number: int, text: str) -> None:
    await world.call("POST", f"/v1/tickets/{number}/messages", {"from": "buyer", "text": text, "public": True}, status=201)
    await world.settle()


async def test_while_the_buyer_is_waited_for_nothing_rings_and_when_they_answer_the_rest_of_the_time_is_left(pausing: World) -> None:
    world = pausing
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.pass_time(hours=3)
    await world.says(f"pending {number}")
    sla = (await world.shown(number))["sla"]
    assert sla["resolution"] == {"due_at": None, "met_at": None, "breached_at": None, "paused": True, "left_seconds": 21 * 3600}
    assert "paused: 21 h left for resolution" in await world.says("list")
    assert "paused: 21 h left for resolution" in world.slack.channel(CHANNEL)[0].seen, "the card says so"
    assert "解决还剩 21 h" in await world.says("列表", by="bo")
    await world.pass_time(days=9)
    assert (await world.shown(number))["tier"] == 0

    await _buyer(world, number, "Here is the photo.")
    resumed = world.clock.now()
    shown = await world.shown(number)
    assert (shown["state"], at(shown["sla"]["resolution"]["due_at"])) == ("open", resumed + timedelta(hours=21))
    await world.pass_time(hours=20, minutes=59)
    assert (await world.shown(number))["tier"] == 0
    await world.pass_time(minutes=1)
    assert (await world.shown(number))["tier"] == 2
    assert "(late)" not in world.slack.channel(CHANNEL)[-1].seen


async def test_why_prints_every_stretch_in_both_languages_and_the_sum_adds_up(pausing: World) -> None:
    world = pausing
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.pass_time(hours=3)
    await world.says(f"pending {number}")
    await world.pass_time(hours=30)
    assert "paused since" in await world.says(f"why {number}")
    await _buyer(world, number, "Here is the photo.")
    await world.pass_time(hours=2)
    said = await world.says(f"why {number}")
    assert "not counted: waiting for the buyer" in said
    assert "35 h passed: 5 h counted + 30 h did not." in said
    assert "stand still while it is waiting for the buyer" in said
    chinese = await world.says(f"计时 {number}", by="bo")
    assert "不计：等待买家" in chinese
    assert "共经过 35 h：计入 5 h + 不计 30 h。" in chinese
    told = await world.call("GET", f"/v1/tickets/{number}/why")
    clock = told["clocks"][1]
    assert (clock["counted_seconds"], clock["not_counted_seconds"], clock["target_seconds"]) == (5 * 3600, 30 * 3600, 24 * 3600)
    assert [each["rule"] for each in clock["intervals"]] == ["around_the_clock", "paused_pending", "around_the_clock"]
    types = [each["type"] for each in (await world.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]]
    assert [each for each in types if each.startswith("clocks.")] == ["clocks.paused", "clocks.resumed"]


async def test_paused_resolved_and_reopened_it_starts_fresh_and_why_still_tells_the_first_round(pausing: World) -> None:
    world = pausing
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.says(f"pending {number}")
    await world.pass_time(hours=200)
    await world.says(f"resolve {number}")
    assert (await world.shown(number))["sla"]["resolution"]["breached_at"] is None
    await _buyer(world, number, "It broke again.")
    shown = await world.shown(number)
    assert (shown["state"], shown["tier"]) == ("open", 0)
    assert at(shown["sla"]["resolution"]["due_at"]) - world.clock.now() == timedelta(hours=24)
    said = await world.says(f"why {number}")
    assert "Before it was reopened (1): Tier 2 (resolution, 24 h): met" in said
    await world.pass_time(hours=24)
    assert (await world.shown(number))["tier"] == 2


async def test_without_such_a_policy_waiting_for_the_buyer_pauses_nothing(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.says(f"pending {number}")
    await world.pass_time(hours=24)
    assert (await world.shown(number))["tier"] == 2
    assert "Nothing pauses it" in await world.says(f"why {number}")


async def test_a_word_of_thanks_leaves_it_resolved_and_its_agent_can_see_it_otherwise(world: World) -> None:
    number = await world.ticket()
    await world.says(f"resolve {number}")
    await world.pass_time(hours=1)
    posted = len(world.slack.channel(CHANNEL))
    await _buyer(world, number, "Thank you so much!")
    assert (await world.shown(number))["state"] == "resolved"
    assert "The buyer said thanks" in world.slack.dms("U0MEI")[-1].seen
    assert "Reopen" in world.slack.dms("U0MEI")[-1].labels
    assert len(world.slack.channel(CHANNEL)) == posted, "told to whose ticket it is"
    assert "did not reopen it" in await world.says(f"why {number}")
    timeline = (await world.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]
    assert "thanked" in [each["type"] for each in timeline]
    assert "Only a lead" in await world.says(f"reopen {number}", by="bo") or "主管" in await world.says(f"reopen {number}", by="bo")
    assert "open again" in await world.says(f"reopen {number} they wrote more on the phone")
    assert (await world.shown(number))["state"] == "open"


async def test_thanks_with_a_but_reopen_a_resolved_ticket(world: World) -> None:
    number = await world.ticket()
    await world.says(f"resolve {number}")
    await _buyer(world, number, "谢谢，但是还没收到")
    assert (await world.shown(number))["state"] == "open"
