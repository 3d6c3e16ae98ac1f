"""Tickets of a thousand random histories arrive together, in three processes or in one: which reviews and freezes are missed, or doubled.

As a process of its own it plays: `python -m tests.chaos.rules URL` takes a line of jobs after the other and answers each when all are done.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import structlog

from storage.engine import Storage, open_storage
from tests.bench.databases import Databases
from tests.risk.histories import History, Job, freezes_due, histories, reviews_due
from tests.risk.playing import Player, found

PROCESSES, INSTANTS, HANDFUL = 3, 14, 50
LINE = 64 * 1024 * 1024  # bytes of an instant's jobs


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it; `missed` and `doubled` are reviews and freezes that differ from the oracle's."""

    dialect: str
    histories: int
    tickets: int
    reviews: int
    freezes: int
    missed: int
    doubled: int

    def line(self) -> str:
        """The one line."""
        return (
            f"chaos rules on {self.dialect}: histories {self.histories:,}  tickets {self.tickets:,}  reviews {self.reviews:,}  "
            f"freezes {self.freezes:,}  missed {self.missed}  doubled {self.doubled}"
        )

    def faults(self) -> list[str]:
        """Every goal that was missed, in words."""
        checks = {f"{self.missed} missed": self.missed, f"{self.doubled} doubled": self.doubled, "nothing happened": not self.reviews}
        return [said for said, wrong in checks.items() if wrong]


async def run(dialect: str, many: int, databases: Databases, *, seed: int | None = None) -> Told:
    """PostgreSQL with three processes that each play a part of every instant; SQLite, which one process owns, with all at once in it."""
    url = await databases.new(dialect)
    made = histories(many, INSTANTS, seed if seed is not None else random.randrange(1_000_000))
    storage = await open_storage(url)
    try:
        await Player(storage).prepare(made)
        tickets = await (_together(made, url) if dialect == "postgresql" else _alone(made, storage))
        reviews, freezes, told = await found(storage)
    finally:
        await storage.close()
    wanted = sum((reviews_due(each) for each in made), Counter[tuple[str, str]]())
    held = sum((freezes_due(each) for each in made), Counter[tuple[str, str]]())
    said = told - Counter({"risk.review_opened": reviews.total(), "channel.frozen": freezes.total()})
    missed, doubled = (wanted - reviews).total() + (held - freezes).total(), (reviews - wanted).total() + (freezes - held).total()
    return Told(dialect, many, tickets, reviews.total(), freezes.total(), missed, doubled + said.total())


def _instants(made: Sequence[History]) -> list[list[Job]]:
    """Of a handful of histories the first instants together, the second ones, and so on; then of the next handful."""
    found = []
    for start in range(0, len(made), HANDFUL):
        some = [each.instants for each in made[start : start + HANDFUL]]
        found += [[job for instant in together if instant for job in instant] for together in zip_longest(*some)]
    return found


async def _alone(made: Sequence[History], storage: Storage) -> int:
    player, total = Player(storage), 0
    for jobs in _instants(made):
        await player.play([job.doc() for job in jobs])
        total += len(jobs)
    return total


async def _together(made: Sequence[History], url: str) -> int:
    players = [
        await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.chaos.rules", url, stdin=PIPE, stdout=PIPE, limit=LINE)
        for _ in range(PROCESSES)
    ]
    total = 0
    try:
        for jobs in _instants(made):
            random.shuffle(jobs)
            await asyncio.gather(*(_played(player, jobs[place::PROCESSES]) for place, player in enumerate(players)))
            total += len(jobs)
    finally:
        for player in players:
            player.kill()
            await player.wait()
    return total


async def _played(player: Process, jobs: Sequence[Job]) -> None:
    assert player.stdin is not None
    assert player.stdout is not None
    player.stdin.write(json.dumps([job.doc() for job in jobs]).encode() + b"\n")
    await player.stdin.drain()
    if not await player.stdout.readline():
        raise RuntimeError("a player has died")


async def _play(url: str) -> None:
    storage = await open_storage(url, pool=8)
    player = Player(storage)
    while line := await asyncio.to_thread(sys.stdin.buffer.readline):
        await player.play(json.loads(line))
        print("done", flush=True)
    await storage.close()


if __name__ == "__main__":
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    asyncio.run(_play(sys.argv[1]))
