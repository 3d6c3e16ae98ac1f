"""Works a file from where it was left: a batch of rows, and how far that has come, in one transaction. A kill loses and doubles nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO, Protocol

from bot.announce import Actor
from bot.asking.jobs import error_doc
from bot.house import House
from bot.importing import columns, reading
from bot.importing.lines import Survey
from bot.importing.rows import Row, rows
from bot.importing.taking import Taken, take
from bot.jobs import Job
from bot.messages import Doc
from bot.ports import Work
from bot.records import OPERATOR
from bot.stores import Stores

KEPT = 1000  # errors that are kept of a file; all are counted


class Kind(Protocol):
    """What is done with a file's rows."""

    def check(self, header: Sequence[str] | None) -> None:
        """Raises BadUsage where this file is none of its kind."""
        ...

    def read(self, batch: Sequence[Row]) -> Sequence[object]:
        """What needs no database, in a thread."""
        ...

    def take(self, stores: Stores, house: House, job: Job, batch: Sequence[object]) -> Taken:
        """In the transaction."""
        ...


class Importing:
    """Tickets and orders."""

    def check(self, header: Sequence[str] | None) -> None:
        """A CSV file's columns are all known."""
        if header is not None:
            columns.check(header)

    def read(self, batch: Sequence[Row]) -> Sequence[object]:
        """Tickets, orders, errors."""
        return [reading.given(row) for row in batch]

    def take(self, stores: Stores, house: House, job: Job, batch: Sequence[object]) -> Taken:
        """Those that are new."""
        within = None if job.merchant_id == OPERATOR else job.merchant_id
        return take(stores, house, batch, house.clock.now(), within=within, by=Actor(job.by, job.id))  # type: ignore[arg-type]


@dataclass(slots=True)
class Run:
    """One file being worked. `step` does a batch and says how the job stands; it is over when its state is."""

    work: Work
    house: House
    kind: Kind
    job: Job
    stream: BinaryIO
    survey: Survey
    batch: int = 500
    left: Iterator[Row] | None = None
    said: Callable[[Sequence[Doc]], None] | None = None  # the rows of a batch that were left out, once it is committed

    async def step(self) -> Job:
        """Raises BadUsage where the file is none, Conflict where somebody else works it."""
        if self.left is None:
            header, found = await asyncio.to_thread(rows, self.stream, self.survey)
            self.kind.check(header)
            self.left = (row for row in found if row.number > self.job.position)
        left = self.left
        batch = await asyncio.to_thread(lambda: list(islice(left, self.batch)))
        given = await asyncio.to_thread(self.kind.read, batch)
        before = self.job
        after = replace(
            before, position=batch[-1].number if batch else before.position,
            done_bytes=min(self.stream.tell(), before.bytes) if batch else before.bytes, state=before.state if batch else "done",
        )  # fmt: skip
        self.job, taken = await self.work.write(lambda stores: self._commit(stores, before, after, given))
        if self.said is not None:
            self.said([error_doc(each, self.house.settings.locale) for each in sorted(taken.errors, key=lambda each: each.row)])
        return self.job

    def _commit(self, stores: Stores, before: Job, after: Job, given: Sequence[object]) -> tuple[Job, Taken]:
        taken = self.kind.take(stores, self.house, after, given)
        if before.bad < KEPT:
            stores.jobs.add_errors(after, taken.errors[: KEPT - before.bad])
        after = replace(
            after, added=before.added + taken.added, known=before.known + taken.known, bad=before.bad + len(taken.errors),
            updated_at=self.house.clock.now(),
        )  # fmt: skip
        stores.jobs.move(before, after)
        if after.state == "done":
            stores.jobs.drop_pieces(after)
        return after, taken
