"""What working hours come to by looking at every minute's wall clock: slow, plain, and written without the code it judges."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

import chinese_calendar

from bot.sla.hours import Calendar, Windows

MINUTE = timedelta(minutes=1)
SPAN = 12 * 24 * 60  # minutes looked at around each day
QUESTIONS = 20  # of each calendar
# Zones whose clocks change by an hour, by half of one, at midnight, back over midnight; one that left out a day; leap and make-up days.
DAYS = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"), "America/New_York": ("2026-03-08", "2026-11-01"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"), "Africa/Cairo": ("2026-04-24", "2026-10-30"),
    "America/Santiago": ("2026-04-05", "2026-09-06"), "Asia/Beirut": ("2026-03-29", "2026-10-25"),
    "America/St_Johns": ("2010-11-07",), "Pacific/Apia": ("2011-12-30",),
    "Asia/Shanghai": ("2026-02-14", "2026-05-09", "2026-10-04", "2028-02-29", "2027-01-01"), "Asia/Kathmandu": ("2028-02-29", "2026-12-31"),
}  # fmt: skip
CASES = [(zone, day) for zone, days in DAYS.items() for day in days]


@cache
def walls(zone: str, day: str) -> tuple[datetime, list[tuple[date, int]]]:
    """The first minute of a span around that day, and for each of its minutes the local date and minute on the wall."""
    begin = datetime.fromisoformat(day).replace(tzinfo=UTC) - timedelta(minutes=SPAN // 2)
    shown = [(begin + MINUTE * each).astimezone(ZoneInfo(zone)) for each in range(SPAN)]
    return begin, [(each.date(), each.hour * 60 + each.minute) for each in shown]


def open_minutes(day: date, hours: tuple[Windows, ...], country: str | None) -> frozenset[int]:
    """The minutes of that local day that count, asked of the library one day at a time."""
    own = hours[day.weekday()]
    if country == "CN" and day.year < 2027:
        rests, name = chinese_calendar.get_holiday_detail(day)
        if rests and name:
            return frozenset()
        if not rests and day.weekday() >= 5:
            own = next((each for each in hours[:5] if each), own)
    elif country == "CN" and day == date(2027, 1, 1):
        return frozenset()
    return frozenset(minute for opens, closes in own for minute in range(opens // 60, closes // 60))


def compared(zone: str, day: str, hours: tuple[Windows, ...], country: str | None, random: Random) -> Counter[str]:
    """QUESTIONS put to the calendar and to the minutes: how many were `asked`, and how many targets came `early`, `late`, `miscounted`.

    Half of them begin inside a minute.
    """
    begin, shown = walls(zone, day)
    ours, found = Calendar(zone, hours, country), Counter[str]()
    counting = {each: open_minutes(each, hours, country) for each in {local for local, _ in shown}}
    before = [0, *accumulate(minute in counting[local] for local, minute in shown)]
    for question in range(QUESTIONS):
        first, last = sorted(random.sample(range(SPAN + 1), 2))
        start, end = begin + MINUTE * first, begin + MINUTE * last
        much = MINUTE * (before[last] - before[first])
        found["asked"] += 1
        found["miscounted"] += ours.counted(start, end) != much
        inside = timedelta(seconds=random.randrange(60)) if question % 2 else timedelta()
        gone = inside if before[first + 1] > before[first] else timedelta()
        found["miscounted"] += ours.counted(start + inside, end) != max(much - gone, timedelta())
        wanted = random.randrange(1, 2 + before[-1] - before[first])
        at = bisect_left(before, before[first] + wanted)
        if at <= SPAN:
            due, right = ours.add(start, MINUTE * wanted), begin + MINUTE * at
            found["early"] += due < right
            found["late"] += due > right
    return found
