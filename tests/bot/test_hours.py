"""Working hours: rules in plain words, and ten thousand cases against an oracle that looks at every minute's wall clock."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.sla import days_off
from bot.sla.hours import DAY, WEEKDAYS, Calendar, Windows, calendar, windows
from tests.minute_oracle import CASES, DAYS, MINUTE, QUESTIONS, compared, walls

OFFICE = [["09:00", "12:00"], ["13:30", "18:00"]]
WEEK = windows(dict.fromkeys(WEEKDAYS[:5], OFFICE))
TICK = timedelta(microseconds=1)


def shanghai(holidays: str | None = "CN") -> Calendar:
    return calendar("Asia/Shanghai", WEEK, holidays)


def local(text: str, zone: str = "Asia/Shanghai") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("begins", "hours", "due"),
    [
        ("2026-11-23 10:00", 2, "2026-11-23 12:00"),  # until a window's end is in time, not the next one's beginning
        ("2026-11-23 11:00", 2, "2026-11-23 14:30"),  # over the midday break
        ("2026-11-23 20:00", 2, "2026-11-24 11:00"),  # a night ticket waits for the morning
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),  # over a weekend
        ("2026-10-09 17:00", 2, "2026-10-10 10:00"),  # that Saturday is worked to make up for National Day
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # seven days of National Day
        ("2026-12-31 17:00", 2, "2027-01-04 10:00"),  # nobody has announced 2027: New Year's Day and a plain weekend
        ("2026-11-23 09:00", 7.5 * 250, "2027-11-24 18:00"),
    ],
)
def test_a_target_counts_working_hours_alone(begins: str, hours: float, due: str) -> None:
    assert shanghai().add(local(begins), timedelta(hours=hours)) == local(due)


def test_a_make_up_day_has_the_hours_of_a_weekday_even_where_saturdays_have_short_ones() -> None:
    short = calendar("Asia/Shanghai", windows({"mon": OFFICE, "sat": [["10:00", "11:00"]]}), "CN")
    plain, worked = date(2026, 10, 17), date(2026, 10, 10)
    counted = [short.counted(local(f"{day} 00:00"), local(f"{day} 23:59")) for day in (plain, worked)]
    assert counted == [timedelta(hours=1), timedelta(hours=7.5)]


def test_why_names_each_stretch_and_each_holiday() -> None:
    found = shanghai().stretches(local("2026-09-30 17:00"), local("2026-10-10 10:00"))
    assert [(each.rule, each.name[1], each.start.astimezone(ZoneInfo("Asia/Shanghai")).strftime("%m-%d %H:%M")) for each in found] == [
        ("working_hours", "", "09-30 17:00"),
        ("outside_hours", "", "09-30 18:00"),
        ("holiday", "国庆节", "10-01 00:00"),
        ("outside_hours", "", "10-08 00:00"),
        ("working_hours", "", "10-08 09:00"),
        ("outside_hours", "", "10-08 12:00"),
        ("working_hours", "", "10-08 13:30"),
        ("outside_hours", "", "10-08 18:00"),
        ("working_hours", "", "10-09 09:00"),
        ("outside_hours", "", "10-09 12:00"),
        ("working_hours", "", "10-09 13:30"),
        ("outside_hours", "", "10-09 18:00"),
        ("make_up_day", "国庆节", "10-10 09:00"),
    ]


def test_a_year_that_nobody_has_announced_counts_by_the_law_and_says_so() -> None:
    assert shanghai().guessed(local("2026-12-01 00:00"), local("2027-02-01 00:00")) == (2027,)
    assert shanghai(None).guessed(local("2026-12-01 00:00"), local("2027-02-01 00:00")) == ()
    assert days_off.year("CN", 2027).off[date(2027, 2, 8)][1] == "春节"
    assert not days_off.year("CN", 2027).worked
    assert days_off.year("SG", 2027).official
    assert days_off.known("SG")
    assert not days_off.known("XX")
    assert days_off.year("XX", 2027) == days_off.Year({}, {}, official=False), "what no library knows stops nothing"


def test_a_calendar_around_the_clock_is_the_clock() -> None:
    always = calendar("America/New_York", windows({day: [["00:00", "00:00"]] for day in WEEKDAYS}))
    start = datetime(2026, 3, 7, 12, tzinfo=UTC)
    assert always.add(start, timedelta(hours=72)) == start + timedelta(hours=72)
    assert len(always.stretches(start, start + timedelta(days=400))) == 1


MOMENTS = st.integers(1_577_836_800_000_000, 1_925_000_000_000_000).map(lambda micros: datetime.fromtimestamp(0, UTC) + micros * TICK)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Windows, ...]:
    """Hours of seven days: none to three windows each, some of which touch midnight or each other."""
    found = []
    for _ in WEEKDAYS:
        edges = sorted(set(draw(st.lists(st.integers(0, 96).map(lambda quarter: quarter * 900), max_size=6))))
        found.append(tuple(zip(edges[::2], edges[1::2], strict=False)))
    return tuple(found)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CASES), weeks(), st.sampled_from([None, "CN"]), st.integers(0, 2**32))
def test_arithmetic_is_what_looking_at_every_minute_finds(
    where: tuple[str, str], hours: tuple[Windows, ...], country: str | None, seed: int
) -> None:
    """500 calendars, 20 questions each."""
    assert compared(*where, hours, country, Random(seed)) == Counter(asked=QUESTIONS)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(CASES), weeks(), st.sampled_from([None, "CN"]))
def test_stretches_cover_all_the_time_and_say_of_each_whether_it_counts(
    where: tuple[str, str], hours: tuple[Windows, ...], country: str | None
) -> None:
    begin, shown = walls(*where)
    end = begin + MINUTE * len(shown)
    ours = Calendar(where[0], hours, country)
    pieces = ours.stretches(begin, end)
    assert [each.end for each in pieces[:-1]] == [each.start for each in pieces[1:]]
    assert (pieces[0].start, pieces[-1].end) == (begin, end)
    for each in pieces:
        assert ours.counted(each.start, each.end) == (each.end - each.start if each.counted else timedelta())


@given(st.sampled_from(sorted(DAYS)), weeks(), MOMENTS, st.integers(1, 10**12))
@settings(max_examples=200, deadline=None)
def test_what_is_added_has_counted(zone: str, hours: tuple[Windows, ...], start: datetime, micros: int) -> None:
    """Up to eleven days of counted time, to the microsecond, over years' ends; and never later than need be."""
    if not any(closes - opens >= DAY // 4 for day in hours for opens, closes in day):
        hours = WEEK
    ours, length = Calendar(zone, hours, "CN"), timedelta(microseconds=micros)
    due = ours.add(start, length)
    assert ours.counted(start, due) == length
    assert ours.counted(start, due - TICK) < length
