"""An escalation that nobody answers is repeated until somebody does: to those on duty, and each time to the next."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from tests.world import CHANNEL, World

ON_DUTY = {"weekly": [{"agent": "sara", "hours": {"mon": [["08:00", "20:00"]]}, "timezone": "Asia/Shanghai"}]}


@pytest.fixture
async def world(make_world: Callable[..., World]) -> AsyncIterator[World]:
    """With the reminders that there are by default, which other journeys do without."""
    async with make_world(remind_every="30m") as made:
        yield made


@pytest.fixture
async def escalated(world: World) -> tuple[World, int]:
    """Mei has it; Sara, on duty, has just been told that it is escalated."""
    await world.call("PUT", "/v1/rota", ON_DUTY)
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.says(f"escalate {number}")
    return world, number


def reminded(world: World, user: str) -> list[str]:
    return [message.seen for message in world.slack.dms(user) if "Reminder" in message.seen or "提醒：" in message.seen]


async def test_a_manager_on_duty_who_ignores_it_is_reminded_every_half_hour_and_so_is_the_next(escalated: Any) -> None:
    world, number = escalated
    assert not world.slack.dms("U0WANG")
    await world.pass_time(minutes=29)
    assert not reminded(world, "U0SARA")
    await world.pass_time(minutes=1)
    assert f"Reminder 1: T-{number}" in world.slack.dms("U0SARA")[-1].seen
    assert {"Take over", "Hand back"} <= set(world.slack.dms("U0SARA")[-1].labels)
    assert [f"第 1 次提醒：T-{number}" in each for each in reminded(world, "U0WANG")] == [True], "the next one hears of it too"
    await world.pass_time(hours=1)
    assert [len(reminded(world, user)) for user in ("U0SARA", "U0WANG")] == [3, 3]
    told = [each["detail"] for each in await _timeline(world, number) if each["type"] == "reminded"]
    assert told == [{"tier": 2, "times": each, "told": ["sara", "wang"]} for each in (1, 2, 3)]
    assert not [message for message in world.slack.channel(CHANNEL) if "Reminder" in message.seen], "in person alone"


@pytest.mark.parametrize(
    "words", ["claim {}", "release {}", "assign {} @bo", "pending {}", "resolve {}", "close {}", "reply {} We are on it"]
)
async def test_a_manager_who_acts_ends_it(sqlite_url: str, words: str) -> None:
    async with World(sqlite_url, remind_every="30m") as world:
        number = await world.ticket()
        await world.says(f"escalate {number}")
        await world.says(f"note {number} seen", by="sara")
        await world.pass_time(minutes=30)
        assert len(reminded(world, "U0WANG")) == 1, "a note is no answer"
        await world.says(words.format(number), by="sara")
        await world.pass_time(hours=3)
        assert len(reminded(world, "U0WANG")) == 1


async def test_an_agent_who_goes_on_working_does_not_answer_it_and_one_who_resolves_it_does(escalated: Any) -> None:
    world, number = escalated
    await world.says(f"reply {number} Soon")
    await world.pass_time(minutes=30)
    assert len(reminded(world, "U0SARA")) == 1
    await world.says(f"resolve {number}")
    await world.pass_time(hours=3)
    assert len(reminded(world, "U0SARA")) == 1


async def test_a_snooze_silences_repeats_to_this_manager_and_to_nobody_else(escalated: Any) -> None:
    world, number = escalated
    await world.says(f"snooze {number} 50m", by="sara")
    await world.pass_time(minutes=45)
    assert [len(reminded(world, user)) for user in ("U0SARA", "U0WANG")] == [0, 1]
    await world.pass_time(minutes=20)
    assert [len(reminded(world, user)) for user in ("U0SARA", "U0WANG")] == [1, 2]


async def test_a_snooze_lasts_a_month_at_most_and_silences_no_tiers_first_word(make_world: Any) -> None:
    async with make_world(sla_tier1="10m", sla_tier2="20m", sla_tier3="30m") as world:
        number = await world.ticket()
        assert "too long: at most 30d" in await world.says(f"snooze {number} 31d", by="sara")
        await world.says(f"snooze {number} 30d", by="sara")
        await world.pass_time(minutes=30)
        assert ["Escalated" in each.seen or "Refunds frozen" in each.seen for each in world.slack.dms("U0SARA")] == [True, True]


async def test_a_close_that_is_taken_back_leaves_the_reminders_as_they_were(escalated: Any) -> None:
    world, number = escalated
    await world.pass_time(minutes=29, seconds=55)
    await world.says(f"close {number}")
    await world.pass_time(seconds=6)
    assert not reminded(world, "U0SARA")
    await world.says("undo")
    await world.pass_time(seconds=10)
    assert len(reminded(world, "U0SARA")) == 1


async def test_tier_3_is_repeated_instead_of_tier_2_until_the_freeze_is_lifted(make_world: Any) -> None:
    async with make_world(sla_tier1="10m", sla_tier2="40m", sla_tier3="1h", remind_every="30m") as world:
        await world.ticket()
        await world.pass_time(hours=1, minutes=29)
        assert not reminded(world, "U0SARA"), "tier 2's would have come at 70 minutes: overtaken"
        await world.pass_time(minutes=1)
        assert len(reminded(world, "U0SARA")) == 1
        await world.says("unfreeze shop:lights-sg agreed", by="sara")
        await world.pass_time(hours=2)
        assert len(reminded(world, "U0SARA")) == 1


async def test_tier_3_of_a_resolved_ticket_that_nobody_closes_is_repeated_until_it_is_closed(make_world: Any) -> None:
    async with make_world(sla_tier1="10m", sla_tier2="40m", sla_tier3="1h", remind_every="30m") as world:
        number = await world.ticket()
        await world.says(f"resolve {number}")
        await world.pass_time(hours=1, minutes=30)
        assert len(reminded(world, "U0SARA")) == 1, "refunds are frozen, though the buyer has what they wanted"
        await world.says(f"close {number}")
        await world.pass_time(hours=1)
        assert len(reminded(world, "U0SARA")) == 1


async def test_after_an_outage_one_reminder_stands_for_all_that_were_missed(escalated: Any) -> None:
    world, _ = escalated
    await world.stop_bot()
    world.clock.push_to(world.clock.now().replace(hour=7))
    await world.start_bot()
    await world.settle()
    assert len(reminded(world, "U0SARA")) == 1
    await world.pass_time(minutes=30)
    assert len(reminded(world, "U0SARA")) == 2


async def test_a_take_over_is_shown_on_every_card_and_handing_back_gives_it_to_whom_it_was(escalated: Any) -> None:
    world, number = escalated
    await world.says(f"claim {number}", by="sara")
    for there in (world.slack.channel(CHANNEL)[0], world.slack.channel(CHANNEL)[-1], world.slack.dms("U0SARA")[0]):
        assert "Sara Tan, who took over from Mei Lin" in there.seen
        assert "Hand back" in there.labels
    assert "is Mei Lin's again" in await world.says(f"release {number}", by="sara")
    assert (await world.shown(number))["assignee"] == "mei"
    assert "was assigned to you" in world.slack.dms("U0MEI")[-1].seen
    assert "took over" not in world.slack.channel(CHANNEL)[0].seen


async def test_a_manager_who_hands_it_back_unclaimed_leaves_it_to_the_team(world: World) -> None:
    number = await world.ticket()
    await world.says(f"escalate {number}", by="chen")
    assert "Hand back" in world.slack.dms("U0SARA")[-1].labels
    assert "Hand back" not in world.slack.channel(CHANNEL)[-1].labels
    assert "stays with the team" in await world.says(f"release {number}", by="sara")
    assert "belongs to nobody" in await world.says(f"release {number}", by="chen")
    await world.pass_time(hours=1)
    assert not reminded(world, "U0WANG")


async def test_where_the_setting_says_so_it_is_told_once(make_world: Any) -> None:
    async with make_world(remind_every="0") as world:
        await world.says(f"escalate {await world.ticket()}")
        await world.pass_time(hours=10)
        assert not reminded(world, "U0SARA")


async def _timeline(world: World, number: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]
    return found
