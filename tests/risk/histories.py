"""Random histories of tickets that arrive together, and what the two rules must have made of them, counted again from the beginning.

Of what arrives in one instant any order is right, so a history is made such that the rules come out the same in each: the disputes of one
network in one instant are on orders that are new, paid over one channel; an order comes again alone, and only if it came alone.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

START = datetime(2026, 11, 10, 3, 17, tzinfo=UTC)
ZONES = ("Asia/Shanghai", "America/New_York", "Asia/Kolkata", "UTC")
SURGE, LEAST, DISPUTES, WINDOW, FREEZE = 3.0, 10, 5, timedelta(hours=24), timedelta(hours=2)
ADDRESSES = 40  # of one household


@dataclass(frozen=True, slots=True)
class Job:
    """A ticket to open; `tagged`: its number among the history's jobs, that is to become a dispute now, instead."""

    history: int
    place: int
    at: datetime
    shop: str
    order: str | None = None
    address: str | None = None
    channel: str | None = None
    dispute: bool = False
    tagged: int | None = None

    def doc(self) -> dict[str, Any]:
        """As JSON."""
        return {**asdict(self), "at": self.at.isoformat()}


@dataclass(frozen=True, slots=True)
class History:
    """One merchant's: its shops with when each was made, and jobs, those of one instant to be done at once."""

    number: int
    zone: str
    shops: dict[str, datetime]
    instants: tuple[tuple[Job, ...], ...]

    @property
    def merchant(self) -> str:
        """Its id."""
        return f"h{self.number}"


class _Maker:
    def __init__(self, number: int, chance: random.Random) -> None:
        self.number, self.chance, self.at, self.places = number, chance, START, 0
        self.shops = {f"h{number}-s{each}": START - timedelta(hours=chance.randint(0, 200)) for each in range(2)}
        self.alone: dict[int, list[Job]] = {0: [], 1: []}  # by household: what can come again
        self.harmless: list[tuple[int, Job]] = []

    def made(self, instants: int) -> History:
        found = []
        for _ in range(instants):
            minutes = self.chance.choice((0, 1, 7, 40, 200, 600, 1439, 1440, 1441))
            self.at += timedelta(minutes=minutes, milliseconds=1)
            found.append((*self._plain(), *self._disputes(0), *self._disputes(1)))
        return History(self.number, self.chance.choice(ZONES), self.shops, tuple(each for each in found if each))

    def _job(self, **more: Any) -> Job:
        self.places += 1
        return Job(self.number, self.places - 1, self.at, self.chance.choice(sorted(self.shops)), **more)

    def _plain(self) -> list[Job]:
        return [self._job() for _ in range(self.chance.choice((0, 0, 1, 2, 9, 14)))]

    def _disputes(self, household: int) -> list[Job]:
        how = self.chance.random()
        if how < 0.1 and self.alone[household]:
            return [self._again(self.chance.choice(self.alone[household]))]
        mine = [job for whose, job in self.harmless if whose == household]
        if how < 0.25 and mine:
            job = self.chance.choice(mine)
            self.harmless.remove((household, job))
            self.places += 1
            return [Job(self.number, self.places - 1, self.at, job.shop, job.order, job.address, job.channel, True, job.place)]
        channel = f"h{self.number}-c{self.chance.randrange(3)}"
        many = self.chance.choice((0, 1, 1, 2, 3, 7))
        dispute = self.chance.random() < 0.85
        jobs = [self._job(order=f"o{self.places}", address=self._address(household), channel=channel, dispute=dispute) for _ in range(many)]
        if not dispute:
            self.harmless += [(household, job) for job in jobs]
        elif many == 1:
            self.alone[household] += jobs
        return jobs

    def _again(self, job: Job) -> Job:
        self.places += 1
        return Job(self.number, self.places - 1, self.at, job.shop, job.order, job.address, job.channel, True)

    def _address(self, household: int) -> str:
        host = self.chance.randrange(ADDRESSES)
        return (
            f"2001:db8:{self.number:x}:1::{host:x}"
            if household
            else f"::ffff:203.0.113.{self.number % 250}"
            if host % 2
            else (f"203.0.113.{self.number % 250}")
        )


def histories(many: int, instants: int, seed: int) -> list[History]:
    """The same for the same seed."""
    return [_Maker(number, random.Random(f"{seed}/{number}")).made(instants) for number in range(many)]


def reviews_due(history: History) -> Counter[tuple[str, str]]:
    """(shop, day) of every review that must be there."""
    zone = ZoneInfo(history.zone)
    opened = [job for instant in history.instants for job in instant if job.tagged is None]
    days = Counter((job.shop, job.at.astimezone(zone).date()) for job in opened)
    found: Counter[tuple[str, str]] = Counter()
    for (shop, day), count in days.items():
        seen = [each for of, each in days if of == shop and each >= day - timedelta(7)]
        begun = min([history.shops[shop].astimezone(zone).date(), *seen])
        past = [days[shop, each] for each in _week(day) if each >= begun]
        mean = sum(past) / len(past) if past else 0.0
        if count >= LEAST and (mean == 0 or count > (1 + SURGE) * mean):
            found[shop, day.isoformat()] += 1
    return found


def freezes_due(history: History) -> Counter[tuple[str, str]]:
    """(channel, moment) of every freeze that must be there."""
    found: Counter[tuple[str, str]] = Counter()
    waiting: list[tuple[bool, str, str, str, datetime]] = []  # household's kind, shop, order, channel, when opened
    opened: dict[int, datetime] = {}
    for instant in history.instants:
        for job in instant:
            opened[job.place] = job.at
            if not job.dispute or job.order is None or job.channel is None:
                continue
            home = "2001" in (job.address or "")
            at = opened[job.tagged] if job.tagged is not None else job.at
            waiting.append((home, job.shop, job.order, job.channel, at))
            near = [each for each in waiting if each[0] == home and each[4] >= job.at - WINDOW]
            if len({each[1:3] for each in near}) >= DISPUTES:
                found.update({(each[3], job.at.isoformat()): 1 for each in near})
                waiting = [each for each in waiting if each not in near]
    return found


def _week(day: date) -> Sequence[date]:
    return [day - timedelta(days=back) for back in range(7, 0, -1)]
