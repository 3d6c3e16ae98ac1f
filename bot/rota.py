"""Who of the senior managers is on duty at a moment, and who comes next when those ignore a notice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.people import Person
from bot.sla.hours import WEEKDAYS, Calendar, calendar, windows

TICK = timedelta(microseconds=1)
MIDNIGHT = "24:00"
Hours = Mapping[str, Sequence[Sequence[str]]]  # {"mon": [["22:00", "06:00"]]}: one that ends no later than it begins ends next morning


@dataclass(frozen=True, slots=True)
class Shift:
    """On duty from a moment until another, whatever the week says."""

    agent: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Weekly:
    """On duty every week at these hours of a zone."""

    agent: str
    hours: Hours
    timezone: str


@dataclass(frozen=True, slots=True)
class Roster:
    """Shifts are overrides: while one runs, those of shifts are on duty and nobody else."""

    shifts: tuple[Shift, ...] = ()
    weekly: tuple[Weekly, ...] = ()

    def without(self, agent: str) -> Roster:
        """As if that person had never been on it."""
        return Roster(
            tuple(each for each in self.shifts if each.agent != agent), tuple(each for each in self.weekly if each.agent != agent)
        )  # fmt: skip


EMPTY = Roster()


def on_duty(roster: Roster, managers: Sequence[Person], now: datetime, ignored: int = 0) -> tuple[Person, ...]:
    """Whom a notice is for at this moment; after it was ignored so many times, as many of the next as well. Nobody only of nobody.

    Those whom the roster names for now, less those who are away; are all of them away, the one who is next on duty. A moment for which
    it names nobody is everybody's.
    """
    present = [each for each in managers if not each.away(now)] or list(managers)
    named = _named(roster, now)
    duty = [each for each in managers if each.id in named] or list(managers)
    here = [each for each in duty if each in present]
    following = sorted((each for each in present if each not in here), key=lambda each: (_next(roster, each.id, now), each.id))
    if not here:
        here, following = following[:1], following[1:]
    return (*here, *following[:ignored])


def overlapping(hours: Hours) -> str | None:
    """The weekday on which two windows overlap, the night before's end included; None: none do."""
    for day, found in _split(hours).items():
        if any(later[0] < earlier[1] for earlier, later in pairwise(sorted(found))):
            return day
    return None


def _named(roster: Roster, now: datetime) -> set[str]:
    shifts = {each.agent for each in roster.shifts if each.start <= now < each.end}
    return shifts or {each.agent for each in roster.weekly if _calendar(each).counted(now, now + TICK)}


def _next(roster: Roster, agent: str, now: datetime) -> float:
    """Seconds until that person comes on duty; without end for who never does."""
    moments = [max(each.start, now) for each in roster.shifts if each.agent == agent and each.end > now]
    moments += [_calendar(each).add(now, TICK) - TICK for each in roster.weekly if each.agent == agent and any(each.hours.values())]
    return min(((at - now).total_seconds() for at in moments), default=float("inf"))


def _calendar(weekly: Weekly) -> Calendar:
    """The one that counts working hours: it knows about clocks that change."""
    days = _split(weekly.hours).items()
    plain = {day: [(opens, closes.replace(MIDNIGHT, "00:00")) for opens, closes in found] for day, found in days}
    return calendar(weekly.timezone, windows(plain))


def _split(hours: Hours) -> dict[str, list[tuple[str, str]]]:
    """Windows within one day each: a night is cut at its midnight."""
    found: dict[str, list[tuple[str, str]]] = {day: [] for day in WEEKDAYS}
    for place, day in enumerate(WEEKDAYS):
        for opens, closes in hours.get(day) or ():
            if opens < closes:
                found[day].append((opens, closes))
                continue
            found[day].append((opens, MIDNIGHT))
            if closes > "00:00":
                found[WEEKDAYS[(place + 1) % 7]].append(("00:00", closes))
    return found
