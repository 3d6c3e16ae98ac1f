"""Works a file from where it was left: a batch of rows, and how far that has come, in one transaction. A kill loses and doubles nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, BinaryIO, Protocol

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


@dataclass(frozen=True, slots=True)
class Followed:
    """What was done once all rows were read. `cursor`: how far that has come, None for its end; `done` a share of 1."""

    taken: Taken
    cursor: str | None
    done: float = 1.0


class Kind(Protocol):
    """What is done with a file's rows. `share` of the work is reading them."""

    share: float

    def asked(self, house: House, given: Mapping[str, Any]) -> None:
        """Raises BadUsage where these options cannot be."""
        ...

    def check(self, header: Sequence[str] | None) -> None:
        """Raises BadUsage where this file is none of its kind."""
        ...

    def read(self, batch: Sequence[Row]) -> Sequence[object]:
        """What needs no database, in a thread."""
        ...

    def take(self, stores: Stores, house: House, job: Job, batch: Sequence[object]) -> Taken:
        """In the transaction."""
        ...

    def follow(self, stores: Stores, house: House, job: Job) -> Followed:
        """In a transaction of its own, again and again, once all rows are read. Raises BadUsage where it cannot go on."""
        ...


class Importing:
    """Tickets and orders."""

    share = 1.0

    def asked(self, house: House, given: Mapping[str, Any]) -> None:
        """There are none."""

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

    def follow(self, stores: Stores, house: House, job: Job) -> Followed:  # noqa: ARG002
        """Nothing is left to do."""
        return Followed(Taken(), None)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as `Kind.read` made them; `last` is the last one's number, 0 where none are left; `end` bytes of the file have been read."""

    given: Sequence[object] = ()
    last: int = 0
    end: int = 0


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
        """Raises BadUsage where the file is none or cannot be gone on with, Conflict where somebody else works it."""
        before = self.job
        try:
            batch = Batch() if before.cursor is not None else await self._next()
            self.job, taken = await self.work.write(lambda stores: self._commit(stores, before, batch))
        except BaseException:
            self.left = None  # the next step begins where the job stands
            raise
        if self.said is not None:
            self.said([error_doc(each, self.house.settings.locale) for each in sorted(taken.errors, key=lambda each: each.row)])
        return self.job

    async def _next(self) -> Batch:
        if self.left is None:
            header, found = await asyncio.to_thread(rows, self.stream, self.survey)
            self.kind.check(header)
            done = self.job.position
            self.left = (row for row in found if row.number > done)
        return await asyncio.to_thread(self._read, self.left)

    def _read(self, left: Iterator[Row]) -> Batch:
        found = list(islice(left, self.batch))
        return Batch(self.kind.read(found), found[-1].number, self.stream.tell()) if found else Batch()

    def _commit(self, stores: Stores, before: Job, batch: Batch) -> tuple[Job, Taken]:
        if batch.last:
            done = min(batch.end, before.bytes) * self.kind.share
            after = replace(before, position=batch.last, done_bytes=int(done))
            taken = self.kind.take(stores, self.house, after, batch.given)
        else:
            followed = self.kind.follow(stores, self.house, before)
            taken, done = followed.taken, self.kind.share + (1 - self.kind.share) * followed.done
            after = replace(before, position=before.position + 1, cursor=followed.cursor, done_bytes=int(before.bytes * min(1.0, done)))
            after = replace(after, state="done", done_bytes=before.bytes) if followed.cursor is None else after
        if before.bad < KEPT:
            stores.jobs.add_errors(after, taken.errors[: KEPT - before.bad])
        after = replace(
            after, added=before.added + taken.added, known=before.known + taken.known, bad=before.bad + len(taken.errors),
            summary=before.summary if taken.summary is None else taken.summary, updated_at=self.house.clock.now(),
        )  # fmt: skip
        stores.jobs.move(before, after)
        if after.state == "done":
            stores.jobs.drop_pieces(after)
        return after, taken
