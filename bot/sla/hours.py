"""Calendar arithmetic: which time counts, when a length of it has counted, how much of it lies between two moments."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.sla import days_off
from bot.sla.zones import offsets

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 86_400
Windows = tuple[tuple[int, int], ...]  # seconds since local midnight, [from, to), in order, none overlapping
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)
_MICRO = 1_000_000
_ORDINAL = date(1970, 1, 1).toordinal()
_FARTHEST = 20  # years that a target is followed; policies whose targets take longer than one are refused


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time of one kind. `rule`: working_hours, make_up_day, outside_hours or holiday; `name`: the holiday's, in English and Chinese."""

    start: datetime
    end: datetime
    counted: bool
    rule: str
    name: days_off.Names = ("", "")


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a local day is: its windows, and what its counted and its other time is called."""

    windows: Windows
    counts: str = "working_hours"
    rests: str = "outside_hours"
    name: days_off.Names = ("", "")


@dataclass(frozen=True, slots=True)
class _Counted:
    """What counts within one UTC year, in microseconds since 1970: intervals, and how much has counted before each."""

    starts: Sequence[int]
    ends: Sequence[int]
    before: Sequence[int]
    total: int

    def until(self, at: int) -> int:
        """How much of this year has counted by then."""
        place = bisect_right(self.starts, at) - 1
        return self.before[place] + min(at, self.ends[place]) - self.starts[place] if place >= 0 else 0

    def at(self, much: int) -> int:
        """The earliest moment by which so much has counted; 0 < much ≤ total."""
        place = bisect_left(self.before, much) - 1
        return self.starts[place] + much - self.before[place]


@dataclass(frozen=True, slots=True)
class Calendar:
    """Windows of each weekday (Monday first) in a zone, less the public holidays of a country. Make it with `calendar`, which keeps it.

    A moment counts when the clock on that wall shows a time within a window of that local day: where clocks go forward the hour that
    does not exist counts for nothing, where they go back the hour that comes twice counts twice. A holiday counts for nothing. A
    weekend day worked to make up for one counts by the hours of the first weekday that has any, whatever its own are.
    """

    timezone: str
    hours: tuple[Windows, ...]
    holidays: str | None = None
    _years: dict[int, _Counted] = field(default_factory=dict, compare=False, repr=False)

    def add(self, start: datetime, length: timedelta) -> datetime:
        """The earliest moment by which `length` has counted since `start`; two windows' ends included: due at 18:00, not next morning."""
        if length <= timedelta():
            return start
        year = start.astimezone(UTC).year
        counted = self._year(year)
        wanted = counted.until((start - _EPOCH) // _TICK) + length // _TICK
        for _ in range(_FARTHEST):
            if wanted <= counted.total:
                return _EPOCH + timedelta(microseconds=counted.at(wanted))
            wanted -= counted.total
            year += 1
            counted = self._year(year)
        return datetime(year, 1, 1, tzinfo=UTC)  # no policy that was taken in comes here

    def counted(self, start: datetime, end: datetime) -> timedelta:
        """How much counts between them; nothing when `end` is not after `start`."""
        if end <= start:
            return timedelta()
        first, last = start.astimezone(UTC).year, end.astimezone(UTC).year
        found = self._year(last).until((end - _EPOCH) // _TICK) - self._year(first).until((start - _EPOCH) // _TICK)
        found += sum(self._year(year).total for year in range(first, last))
        return timedelta(microseconds=found)

    def stretches(self, start: datetime, end: datetime) -> tuple[Stretch, ...]:
        """All of the time between them, in order, each stretch as long as its kind lasts."""
        found: list[Stretch] = []
        for piece in self._pieces(start, end):
            last = found[-1] if found else None
            if last is not None and (last.counted, last.rule, last.name) == (piece.counted, piece.rule, piece.name):
                found[-1] = Stretch(last.start, piece.end, piece.counted, piece.rule, piece.name)
            else:
                found.append(piece)
        return tuple(found)

    def guessed(self, start: datetime, end: datetime) -> tuple[int, ...]:
        """The local years between them whose holidays nobody has announced yet: they count by the weekdays and the holidays of the law."""
        zone = ZoneInfo(self.timezone)
        years = range(start.astimezone(zone).year, max(start, end).astimezone(zone).year + 1)
        return tuple(year for year in years if not days_off.year(self.holidays, year).official)

    def _year(self, number: int) -> _Counted:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._built(number)
        return found

    def _built(self, number: int) -> _Counted:
        """A millisecond or two, once for each year; after that a target costs microseconds however long it is."""
        starts: list[int] = []
        ends: list[int] = []
        for begin, end, offset in offsets(self.timezone, number):
            for day in range((begin + offset) // DAY, (end - 1 + offset) // DAY + 1):
                midnight = day * DAY - offset
                for opens, closes in self._kind(day).windows:
                    opened, closed = max(begin, midnight + opens) * _MICRO, min(end, midnight + closes) * _MICRO
                    if opened >= closed:
                        continue
                    if ends and ends[-1] == opened:
                        ends[-1] = closed
                    else:
                        starts.append(opened)
                        ends.append(closed)
        before, total = [], 0
        for opened, closed in zip(starts, ends, strict=True):
            before.append(total)
            total += closed - opened
        return _Counted(starts, ends, before, total)

    def _pieces(self, start: datetime, end: datetime) -> Iterator[Stretch]:
        first, last = (start - _EPOCH) // _TICK, (end - _EPOCH) // _TICK
        for year in range(start.astimezone(UTC).year, end.astimezone(UTC).year + 1):
            for begin, until, offset in offsets(self.timezone, year):
                low, high = max(first, begin * _MICRO), min(last, until * _MICRO)
                if low < high:
                    yield from self._within(low, high, offset)

    def _within(self, low: int, high: int, offset: int) -> Iterator[Stretch]:
        """Pieces of a time in which the zone's offset stays the same, day by day."""
        shift = offset * _MICRO
        for day in range((low + shift) // (DAY * _MICRO), (high - 1 + shift) // (DAY * _MICRO) + 1):
            kind = self._kind(day)
            midnight = day * DAY * _MICRO - shift
            at = max(low, midnight)
            for opens, closes in (*kind.windows, (DAY, DAY)):
                opened = min(high, max(at, midnight + opens * _MICRO))
                if at < opened:
                    yield Stretch(_moment(at), _moment(opened), False, kind.rests, kind.name if kind.rests == "holiday" else ("", ""))
                at = max(at, min(high, midnight + closes * _MICRO))
                if opened < at:
                    yield Stretch(_moment(opened), _moment(at), True, kind.counts, kind.name)

    def _kind(self, day: int) -> _Kind:
        """Of the day so many after 1970-01-01, by the calendar on the wall."""
        own = self.hours[(day + 3) % 7]  # 1970 began on a Thursday
        if self.holidays is None:
            return _Kind(own)
        when = date.fromordinal(_ORDINAL + day)
        year = days_off.year(self.holidays, when.year)
        if when in year.off:
            return _Kind((), rests="holiday", name=year.off[when])
        if when in year.worked:
            return _Kind(next((each for each in self.hours[:5] if each), own), counts="make_up_day", name=year.worked[when])
        return _Kind(own)


@lru_cache(maxsize=4096)
def calendar(timezone: str, hours: tuple[Windows, ...], holidays: str | None = None) -> Calendar:
    """The calendar of these, the same one each time: what it has worked out is kept for the process's life."""
    return Calendar(timezone, hours, holidays)


def windows(hours: Mapping[str, Sequence[Sequence[str]]]) -> tuple[Windows, ...]:
    """The hours of a policy's document, `{"mon": [["09:00", "18:00"]], …}`; an end of 00:00 is the midnight after. Raises ValueError."""
    return tuple(tuple(sorted((_seconds(opens), _seconds(closes) or DAY) for opens, closes in hours.get(day) or ())) for day in WEEKDAYS)


def _seconds(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 3600 + int(minute) * 60


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
