"""Periods in whole days: as people say them, the one before, the one a year before, and which sums cover one."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.errors import BadUsage
from bot.frozen import record

DEFAULT, MOST = "30d", 3660  # days
_DAYS = re.compile(r"([0-9]{1,4})\s*(?:d|days?|天|日)")
_WEEKS = re.compile(r"([0-9]{1,3})\s*(?:w|weeks?|周|个周|星期)")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_YEAR = re.compile(r"([0-9]{4})\s*年?")
_SPAN = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*(?:\.\.|~|至|到|to)\s*([0-9]{4}-[0-9]{2}-[0-9]{2}))?")
_NAMED = {"today": 1, "今天": 1, "week": 7, "本周": 7, "一周": 7, "month": 30, "一月": 30, "year": 365, "一年": 365}


@record(frozen=True, slots=True)
class Period:
    """From the first day to the last, both of them in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def before(self) -> Period:
        """As many days, ending where this one begins."""
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def year_before(self) -> Period:
        """The same days of the year before; the 29th of February is the 28th there."""
        return Period(_year_before(self.first), _year_before(self.last))


def read(text: str, today: date) -> Period:
    """`7d`, `4w`, `today`, `2026-11`, `2026`, `2026-11-01`, `2026-11-01..2026-11-23`, and in Chinese. Raises BadUsage."""
    said = text.strip().casefold() or DEFAULT
    try:
        found = _read(said, today)
    except (ValueError, OverflowError):
        found = None
    if found is None or found.first.year < 2000 or not 0 < found.days <= MOST:
        raise BadUsage("bad_period", field="period", text=text[:40])
    return found


def between(first: date, last: date) -> Period:
    """From the API's two fields. Raises BadUsage."""
    found = Period(first, last)
    if first.year < 2000 or not 0 < found.days <= MOST:
        raise BadUsage("bad_period", field="from", text=f"{first}..{last}")
    return found


def covering(period: Period) -> tuple[list[str], list[tuple[str, str]]]:
    """Whole months, and spans of days (from, to) that are left: together they are the period, each day once."""
    months: list[str] = []
    spans: list[tuple[str, str]] = []
    at = period.first
    while at <= period.last:
        end = min(_month_end(at), period.last)
        if at.day == 1 and end == _month_end(at):
            months.append(at.isoformat()[:7])
        else:
            spans.append((at.isoformat(), end.isoformat()))
        at = end + timedelta(days=1)
    return months, spans


def stretches(period: Period) -> list[Period]:
    """Its days, where they are 14 at most; else at most twelve stretches as long as each other, but for the last."""
    long = 1 if period.days <= 14 else -(-period.days // 12)
    firsts = [period.first + timedelta(days=place) for place in range(0, period.days, long)]
    return [Period(first, min(first + timedelta(days=long - 1), period.last)) for first in firsts]


def _read(said: str, today: date) -> Period | None:
    days = _NAMED.get(said)
    if found := _DAYS.fullmatch(said):
        days = int(found[1])
    elif found := _WEEKS.fullmatch(said):
        days = 7 * int(found[1])
    if days is not None:
        return Period(today - timedelta(days=days - 1), today)
    if found := _MONTH.fullmatch(said):
        first = date(int(found[1]), int(found[2]), 1)
        return Period(first, _month_end(first))
    if found := _YEAR.fullmatch(said):
        return Period(date(int(found[1]), 1, 1), date(int(found[1]), 12, 31))
    if found := _SPAN.fullmatch(said):
        first = date.fromisoformat(found[1])
        return Period(first, date.fromisoformat(found[2]) if found[2] else first)
    return None


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
