"""Who is on duty: shifts over weeks, nights, clocks that change, people who are away; and who comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.people import Person, Role
from bot.rota import Hours, Roster, Shift, Weekly, on_duty, overlapping

MONDAY = datetime(2026, 11, 23, tzinfo=UTC)
SARA, WANG, YUKI = (Person(id, id.title(), Role.SENIOR_MANAGER) for id in ("sara", "wang", "yuki"))
ALL = (SARA, WANG, YUKI)
OFFICE = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
DAY_AND_NIGHT = Roster(weekly=(Weekly("sara", OFFICE, "Asia/Singapore"), Weekly("wang", {"mon": [["18:00", "09:00"]]}, "Asia/Singapore")))


def singapore(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Singapore"))


def ids(roster: Roster, at: datetime, managers: tuple[Person, ...] = ALL, ignored: int = 0) -> list[str]:
    return [each.id for each in on_duty(roster, managers, at, ignored)]


@pytest.mark.parametrize(
    ("at", "there"),
    [
        ("2026-11-23 08:59:59", ["sara", "wang", "yuki"]),  # nobody is named for Monday's early morning: all are told
        ("2026-11-23 09:00", ["sara"]),
        ("2026-11-23 17:59:59", ["sara"]),
        ("2026-11-23 18:00", ["wang"]),
        ("2026-11-24 03:00", ["wang"]),  # Monday's night goes on until Tuesday morning
        ("2026-11-24 09:00", ["sara"]),
        ("2026-11-28 12:00", ["sara", "wang", "yuki"]),  # a Saturday
    ],
)
def test_the_week_says_who_is_on_duty_and_a_moment_with_nobody_is_everybodys(at: str, there: list[str]) -> None:
    assert ids(DAY_AND_NIGHT, singapore(at)) == there


def test_a_shift_overrides_the_week_from_its_beginning_until_just_before_its_end() -> None:
    noon = singapore("2026-11-23 12:00")
    roster = replace(DAY_AND_NIGHT, shifts=(Shift("yuki", noon, noon + timedelta(hours=1)),))
    assert [ids(roster, noon + timedelta(minutes=each)) for each in (-1, 0, 59, 60)] == [["sara"], ["yuki"], ["yuki"], ["sara"]]


def test_without_a_roster_all_are_on_duty_but_who_is_away() -> None:
    away = replace(WANG, away_until=MONDAY + timedelta(hours=1))
    assert ids(Roster(), MONDAY, (SARA, away)) == ["sara"]
    assert ids(Roster(), MONDAY + timedelta(hours=1), (SARA, away)) == ["sara", "wang"]
    assert ids(Roster(), MONDAY, (away,)) == ["wang"], "never nobody"
    assert ids(Roster(), MONDAY, ()) == []


def test_who_is_on_duty_and_away_is_passed_over_for_the_one_who_is_next() -> None:
    at = singapore("2026-11-23 12:00")
    away = replace(SARA, away_until=at + timedelta(hours=1))
    assert ids(DAY_AND_NIGHT, at, (away, WANG, YUKI)) == ["wang"], "whose duty begins at 18:00; Yuki's never does"
    assert ids(DAY_AND_NIGHT, at, (away, replace(WANG, away_until=away.away_until), YUKI)) == ["yuki"]


def test_each_time_it_is_ignored_one_more_hears_of_it_in_the_order_in_which_they_come_on_duty() -> None:
    at = singapore("2026-11-23 12:00")
    assert [ids(DAY_AND_NIGHT, at, ALL, ignored) for ignored in range(4)] == [
        ["sara"], ["sara", "wang"], ["sara", "wang", "yuki"], ["sara", "wang", "yuki"],
    ]  # fmt: skip


def test_who_is_on_the_roster_and_no_manager_any_more_counts_for_nothing() -> None:
    assert ids(DAY_AND_NIGHT, singapore("2026-11-23 12:00"), (WANG, YUKI)) == ["wang", "yuki"]


def test_where_clocks_change_duty_goes_by_the_clock_on_the_wall() -> None:
    week: Hours = {"sun": [["01:00", "03:00"]]}
    roster = Roster(weekly=(Weekly("sara", week, "America/New_York"),))
    forward, back = datetime(2026, 3, 8, 6, tzinfo=UTC), datetime(2026, 11, 1, 5, tzinfo=UTC)  # 01:00 on both Sundays
    hours = lambda start: [len(ids(roster, start + timedelta(minutes=each * 30))) == 1 for each in range(-1, 7)]  # noqa: E731
    assert hours(forward) == [False, True, True, False, False, False, False, False], "02:00 to 03:00 is not there: one hour"
    assert hours(back) == [False, True, True, True, True, True, True, False], "01:00 comes twice: three hours"


@pytest.mark.parametrize(
    ("hours", "day"),
    [
        ({"mon": [["09:00", "12:00"], ["12:00", "18:00"]]}, None),
        ({"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}, "mon"),
        ({"mon": [["22:00", "06:00"]], "tue": [["06:00", "08:00"]]}, None),
        ({"sun": [["22:00", "06:00"]], "mon": [["05:00", "08:00"]]}, "mon"),
        ({"mon": [["00:00", "00:00"]], "tue": [["00:00", "00:00"]]}, None),
    ],
)
def test_windows_that_overlap_are_found_those_of_the_night_before_too(hours: Hours, day: str | None) -> None:
    assert overlapping(hours) == day
