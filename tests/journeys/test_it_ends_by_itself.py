"""What comes by itself once a ticket is over: announced, closed, announced, archived; and the freeze that ends with it."""

from __future__ import annotations

from datetime import timedelta

from tests.world import CHANNEL, MERCHANT, World, at


async def _events(world: World, number: int) -> list[str]:
    found = (await world.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]
    return [each["type"] for each in found]


async def _subscribed(world: World, *events: str) -> None:
    made = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": list(events)}, status=201)
    world.receiver.secrets.append(made["secret"])


async def _frozen(world: World, shop: str = "lights-sg") -> bool:
    return not (await world.call("GET", f"/v1/shops/{shop}/refund-permission"))["allowed"]


async def test_a_resolved_ticket_is_announced_to_its_agent_closes_and_is_archived_and_systems_hear_of_it(world: World) -> None:
    await _subscribed(world, "ticket.closed", "ticket.archived")
    number = await world.ticket()
    await world.says(f"resolve {number}")
    resolved = world.clock.now()
    assert at((await world.shown(number))["closes_at"]) - resolved == timedelta(hours=48)
    assert "Closes by itself at 11-25 09:00 (UTC+8)" in world.slack.channel(CHANNEL)[0].seen
    await world.pass_time(hours=35, minutes=59)
    assert not world.slack.dms("U0MEI")
    await world.pass_time(minutes=1)
    assert f"T-{number} closes by itself at 11-25 09:00" in world.slack.dms("U0MEI")[-1].seen
    await world.pass_time(hours=12)
    shown = await world.shown(number)
    assert (shown["state"], at(shown["closed_at"]) - resolved) == ("closed", timedelta(hours=48))
    assert shown["sla"]["closure"]["met_at"] == shown["closed_at"]
    assert "Archived by itself at 12-25 09:00" in world.slack.channel(CHANNEL)[0].seen
    await world.pass_time(days=29)
    assert "is archived by itself" in world.slack.dms("U0MEI")[-1].seen
    await world.pass_time(days=1)
    assert (await world.shown(number))["state"] == "archived"
    assert [each.body["type"] for each in world.receiver.events] == ["ticket.closed", "ticket.archived"]
    told = len(world.slack.dms("U0MEI"))
    await world.pass_time(days=60)
    assert len(world.slack.dms("U0MEI")) == told


async def test_whoever_says_something_moves_it_and_a_reopened_ticket_does_not_close(world: World) -> None:
    number = await world.ticket()
    await world.says(f"resolve {number}")
    await world.pass_time(hours=40)
    await world.says(f"note {number} the carrier calls back on Friday")
    assert at((await world.shown(number))["closes_at"]) - world.clock.now() == timedelta(hours=48)
    await world.pass_time(hours=30)
    await world.call("POST", f"/v1/tickets/{number}/messages", {"from": "buyer", "text": "Thanks!", "public": True}, status=201)
    await world.pass_time(hours=47)
    assert (await world.shown(number))["state"] == "resolved"
    await world.says(f"reopen {number}", by="chen")
    assert (await world.shown(number))["closes_at"] is None
    await world.pass_time(hours=23)
    assert (await world.shown(number))["state"] == "open"


async def test_after_our_own_absence_it_is_announced_first_and_the_time_to_object_is_left(world: World) -> None:
    number = await world.ticket()
    await world.says(f"resolve {number}")
    await world.stop_bot()
    world.clock.push(timedelta(hours=60))
    await world.start_bot()
    await world.settle()
    assert "closes by itself" in world.slack.dms("U0MEI")[-1].seen
    assert at((await world.shown(number))["closes_at"]) - world.clock.now() == timedelta(hours=12)
    await world.pass_time(hours=12)
    assert (await world.shown(number))["state"] == "closed"


async def test_announced_before_our_absence_it_closes_at_its_own_moment_and_freezes_nothing_for_our_delay(world: World) -> None:
    number = await world.ticket()
    await world.pass_time(hours=1)
    await world.says(f"resolve {number}")
    await world.pass_time(hours=40)
    await world.stop_bot()
    world.clock.push(timedelta(hours=40))
    await world.start_bot()
    await world.settle()
    shown = await world.shown(number)
    assert (shown["state"], shown["tier"], shown["sla"]["closure"]["breached_at"]) == ("closed", 0, None)
    assert not await _frozen(world)


async def test_a_target_missed_before_it_would_have_closed_is_told_first(make_world) -> None:
    async with make_world(auto_close="60h") as world:
        number = await world.ticket()
        await world.pass_time(hours=20)
        await world.says(f"resolve {number}")
        await world.pass_time(hours=50)
        await world.stop_bot()
        world.clock.push(timedelta(hours=20))
        await world.start_bot()
        await world.settle()
        shown = await world.shown(number)
        assert (shown["state"], shown["tier"]) == ("closed", 3)
        assert (await _events(world, number))[-3:].index("ticket.closed") == 2


async def test_a_merchant_that_archives_nothing_keeps_its_closed_tickets(world: World) -> None:
    await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "archive": {"enabled": False}})
    number = await world.ticket()
    await world.says(f"close {number}")
    assert (await world.shown(number))["archives_at"] is None
    await world.pass_time(days=60)
    assert (await world.shown(number))["state"] == "closed"


async def test_a_freeze_ends_with_its_ticket_where_the_operator_wants_it_and_only_when_the_close_stands(make_world) -> None:
    async with make_world(unfreeze_on_close="1") as world:
        await _subscribed(world, "shop.refund_unfrozen")
        number = await world.ticket()
        await world.pass_time(hours=72)
        await world.says(f"close {number}", by="chen")
        await world.pass_time(seconds=5)
        assert await _frozen(world), "it can still be taken back"
        await world.says("undo", by="chen")
        await world.pass_time(seconds=30)
        assert await _frozen(world)
        await world.says(f"close {number}", by="chen")
        await world.pass_time(seconds=10)
        assert not await _frozen(world)
        assert (await _events(world, number))[-1] == "shop.refund_unfrozen"
        assert [each.body["data"]["event"]["why"] for each in world.receiver.events] == ["the ticket was closed"]


async def test_a_freeze_goes_along_into_another_ticket_and_ends_with_that_one_also_when_it_closes_by_itself(make_world) -> None:
    async with make_world(unfreeze_on_close="1", auto_close="1h") as world:
        first = await world.ticket()
        await world.pass_time(hours=72)
        second, third = await world.ticket("Another", shop_id="lights-my"), await world.ticket("The same again")
        await world.says(f"merge {first} into {second}", by="chen")
        await world.says(f"merge {second} into {third}", by="chen")
        await world.pass_time(minutes=1)
        assert await _frozen(world), "a merge ends no case: nobody gets around a freeze by it"
        await world.says(f"resolve {third}", by="chen")
        await world.pass_time(hours=1)
        assert not await _frozen(world)


async def test_without_that_setting_a_freeze_outlasts_its_ticket(world: World) -> None:
    number = await world.ticket()
    await world.pass_time(hours=72)
    await world.says(f"close {number}", by="chen")
    await world.pass_time(minutes=1)
    assert await _frozen(world)
