"""Targets that count working hours: nights, holidays, the Saturdays worked for them, the days on which clocks change, New Year."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.messages import HolidaysKnown
from tests.clock import PushedClock
from tests.world import CHANNEL, World, at

OFFICE = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def wall(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """What clocks on the wall show there."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@asynccontextmanager
async def office(make_world: Callable[..., World], start: str, zone: str = "Asia/Shanghai", **calendar: Any) -> AsyncIterator[World]:
    """A merchant that counts working hours there, at that moment."""
    async with make_world(clock=PushedClock(wall(start, zone))) as world:
        given = {"timezone": zone, "hours": OFFICE, **calendar}
        await world.call("PUT", "/v1/policies/office", {"merchant_id": "lumiere", "calendar": given})
        yield world


async def due(world: World, number: int, kind: str = "first_response", zone: str = "Asia/Shanghai") -> str:
    moment = (await world.shown(number))["sla"][kind]["due_at"]
    return at(moment).astimezone(ZoneInfo(zone)).strftime("%a %m-%d %H:%M")


async def test_a_night_ticket_waits_for_the_morning(make_world) -> None:
    async with office(make_world, "2026-11-24 22:30") as world:
        number = await world.ticket()
        await world.pass_time(hours=12, minutes=29)  # Wednesday, 10:59
        assert len(world.slack.channel(CHANNEL)) == 1
        await world.pass_time(minutes=1)
        assert "No response yet" in world.slack.channel(CHANNEL)[-1].seen
        assert "(late)" not in world.slack.channel(CHANNEL)[-1].seen
        told = await world.says(f"why {number}")
        assert "10 h 30 min" in told, "the night did not count"
        assert "“office”" in told
        assert "Mon–Fri 09:00–18:00, Asia/Shanghai" in told


async def test_a_saturday_that_is_worked_to_make_up_for_a_holiday_counts(make_world) -> None:
    async with office(make_world, "2026-10-09 17:00", holidays="CN") as world:
        number = await world.ticket()
        assert await due(world, number) == "Sat 10-10 10:00"
        assert (await world.desk.ask(HolidaysKnown()))["years"] == []
        await world.stop_bot()
        await world.start_bot()
        await world.desk.warm()
        await world.pass_time(hours=17)
        assert (await world.shown(number))["tier"] == 1
        told = await world.says(f"为什么 {number}", by="bo")
        assert "调休" in told
        assert "国庆节" in told


async def test_national_day_counts_for_nothing(make_world) -> None:
    async with office(make_world, "2026-09-30 17:00", holidays="CN") as world:
        number = await world.ticket()
        assert await due(world, number) == "Thu 10-08 10:00"
        await world.pass_time(days=7)
        assert (await world.shown(number))["tier"] == 0
        assert "National Day" in await world.says(f"why {number}")


@pytest.mark.parametrize("start", ["2026-03-27 17:00", "2026-10-23 17:00"], ids=["spring", "autumn"])
async def test_an_office_neither_wins_nor_loses_by_the_night_on_which_clocks_change(make_world, start: str) -> None:
    zone = "Europe/Berlin"
    async with office(make_world, start, zone, holidays="DE") as world:
        number = await world.ticket()
        assert (await due(world, number, zone=zone)).endswith("10:00")
        assert (await due(world, number, zone=zone)).startswith("Mon")


@pytest.mark.parametrize(("day", "ends"), [("2026-03-08", "04:00"), ("2026-11-01", "02:00")], ids=["an hour less", "an hour more"])
async def test_a_window_with_an_hour_that_is_missing_or_comes_twice_counts_what_passes(make_world, day: str, ends: str) -> None:
    """Two hours from 01:00 in New York: they end at 04:00 where 02:00 is 03:00, and at 02:00 where 01:00 comes twice."""
    zone = "America/New_York"
    async with office(make_world, f"{day} 00:30", zone, hours={"sun": [["01:00", "06:00"]], "mon": [["00:00", "00:00"]]}) as world:
        number = await world.ticket()
        assert (await due(world, number, zone=zone)).endswith(ends)
        await world.pass_time(hours=2, minutes=29)
        assert (await world.shown(number))["tier"] == 0
        await world.pass_time(minutes=1)
        assert (await world.shown(number))["tier"] == 1


async def test_nothing_fails_over_a_new_year_that_nobody_has_announced_and_why_says_so(make_world) -> None:
    async with office(make_world, "2026-12-31 17:00", holidays="CN") as world:
        number = await world.ticket()
        assert await due(world, number) == "Mon 01-04 10:00", "New Year's Day is a holiday of the law; what is made up for it nobody knows"
        assert "for 2027" in await world.says(f"why {number}")
        assert (await world.desk.ask(HolidaysKnown()))["years"] == [2027], "what the doctor tells"
        assert "for 2027" in (await world.call("GET", f"/v1/tickets/{number}/why"))["rule"]
        await world.pass_time(days=10)
        assert (await world.shown(number))["tier"] == 2
