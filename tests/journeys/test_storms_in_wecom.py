"""Two hundred tickets breach at once: a robot keeps to its minute, people to theirs, and every ticket is named within two minutes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.fakes.wecom_people import WecomMessage
from tests.world import MERCHANT, World

KEY = "693a91f6-7abc-4bc4-97a0-0ec2dead4aaa"
TICKETS = 200
TOKEN_RAN_OUT = 42001
MINUTE = timedelta(minutes=1)


async def storm(world: World) -> tuple[set[str], datetime]:
    """That many tickets of one moment, breached; their names and the moment of the breach."""
    notify = {"wecom_robot_key": KEY, "wecom_group_chat_id": "Group1"}
    await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "notify": notify})
    world.wecom.robots.add(KEY)
    world.wecom.chats["Group1"] = world.wecom.app
    for count in range(TICKETS):
        body = {"shop_id": "lights-sg", "subject": f"Storm {count} <@all> [x](http://x)", "message": "我付了款，但什么也没有收到。" * 20}
        await world.call("POST", "/v1/tickets", body, status=201)
    breach = world.clock.now() + timedelta(hours=2)
    await world.pass_time(hours=2, minutes=5)
    found = (await world.call("GET", "/v1/tickets?limit=200"))["items"]
    return {f"T-{each['number']}" for each in found}, breach


def busiest(messages: list[WecomMessage]) -> int:
    """The most messages in any 60 seconds."""
    times = [each.at for each in messages]
    return max(sum(start <= at < start + MINUTE for at in times) for start in times)


def named(messages: list[WecomMessage]) -> set[str]:
    return {name for message in messages for name in re.findall(r"T-\d+", message.seen)}


async def test_every_ticket_of_a_storm_is_named_within_two_minutes_and_no_limit_is_passed(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        names, breach = await storm(world)
        assert len(names) == TICKETS
        for place, most in ((KEY, 20), ("Group1", 60), ("mei", 30), ("bo", 30)):
            messages = world.wecom.messages[place]
            assert named(messages) == names, place
            assert busiest(messages) <= most, place
            last = max(each.at for each in messages) - breach
            print(
                f"{place}: {len(messages)} messages, at most {busiest(messages)} in a minute, the last after {last.total_seconds():.0f} s"
            )
            assert last <= timedelta(minutes=2), place
            assert max(len(each.seen.encode()) for each in messages if not each.card) <= (4096 if place == KEY else 2048), place
        assert not world.wecom.dropped
        # A token that ends beside the storm is renewed, and spoils nothing.
        assert {code for _, code, _ in world.wecom.refused} <= {TOKEN_RAN_OUT}
        assert not any("<@all>" in message.seen or "](http" in message.seen for message in world.wecom.messages[KEY])


async def test_what_is_said_to_all_rings_for_the_one_who_holds_the_ticket(make_world: Callable[..., World]) -> None:
    async with make_world(wecom=True) as world:
        world.wecom.robots.add(KEY)
        await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "notify": {"wecom_robot_key": KEY}})
        number = await world.ticket()
        await world.pass_time(hours=2)
        assert "<@" not in world.wecom.messages[KEY][-1].seen, "nobody's yet"
        await world.says(f"claim {number}", by="mei")
        await world.pass_time(hours=22)
        assert "<@mei>" in world.wecom.messages[KEY][-1].seen
