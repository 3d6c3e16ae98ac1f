"""Calendar arithmetic: what a target costs that counts working hours, beside one that counts every hour."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from bot.sla.hours import WEEKDAYS, Calendar, Windows, calendar, windows
from bot.sla.policy import Policy
from tests.bench.databases import Databases
from tests.bench.table import Figure, at_most, middle
from tests.minute_oracle import CASES, compared

TIMES, ROUNDS, CASES_ASKED = 2000, 15, 10_000
START = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
OFFICE = windows({day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in WEEKDAYS[:5]})
TARGETS = (timedelta(hours=2), timedelta(hours=24), timedelta(hours=37.5))  # the last: five working days of seven and a half hours


async def measured(databases: Databases) -> list[Figure]:
    """In microseconds; the floor is the same question to a policy that counts around the clock."""
    del databases
    working, always = Policy("w", TARGETS, calendar=calendar("Asia/Shanghai", OFFICE, "CN")), Policy("a", TARGETS)
    due = working.due("closure", START)
    questions: dict[str, Callable[[Policy], object]] = {
        "a target across a week of working hours": lambda policy: policy.due("closure", START),
        "what has counted in that week": lambda policy: policy.counted(START, due),
        "a warning at 80 % of it": lambda policy: policy.part(START, due, 0.8),
    }
    found = [
        at_most(f"calendar: {name}", _each(lambda: ask(working)), 50, " µs", floor=f"{_each(lambda: ask(always)):.2f} µs")  # noqa: B023
        for name, ask in questions.items()
    ]
    found.append(_judged())
    return [*found, at_most("calendar: the first target in a year, its days worked out", _built(), 20_000, " µs", digits=0)]


def _each(ask: Callable[[], object]) -> float:
    """Microseconds for one, the middle of several rounds."""
    seconds = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(TIMES):
            ask()
        seconds.append(time.perf_counter() - started)
    return middle(seconds) / TIMES * 1e6


def _built() -> float:
    """Microseconds for a calendar that was never asked before; the libraries are there."""
    seconds = []
    for _ in range(ROUNDS):
        fresh = Calendar("Asia/Shanghai", OFFICE, "CN")
        started = time.perf_counter()
        fresh.add(START, TARGETS[2])
        seconds.append(time.perf_counter() - started)
    return middle(seconds) * 1e6


def _judged() -> Figure:
    """R11: days on which clocks change in eight zones, leap days, make-up days and New Year, by an oracle that looks at every minute."""
    random, found = Random(2026), Counter[str]()
    while found["asked"] < CASES_ASKED:
        zone, day = random.choice(CASES)
        found += compared(zone, day, _week(random), random.choice([None, "CN"]), random)
    wrong = found["early"] + found["late"] + found["miscounted"]
    said = f"{found['asked']:,} cases: {found['early']} early, {found['late']} late, {found['miscounted']} miscounted"
    return Figure("calendar: against every minute's wall clock (R11)", said, "", None, "0 early, 0 late", wrong == 0)


def _week(random: Random) -> tuple[Windows, ...]:
    """None to three windows a day, on the quarter of an hour, some of which touch midnight."""
    found = []
    for _ in WEEKDAYS:
        edges = sorted(random.sample(range(97), 2 * random.randrange(4)))
        found.append(tuple((opens * 900, closes * 900) for opens, closes in zip(edges[::2], edges[1::2], strict=True)))
    return tuple(found)
