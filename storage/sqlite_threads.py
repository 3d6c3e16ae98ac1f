"""The threads of the embedded database: one that writes, a few that read, each with its own connection."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from sqlalchemy import Engine

from bot.stores import Stores
from storage.db import Db
from storage.sqlite_connection import driver
from storage.stores import SqlStores

BATCH = 64  # bodies in one commit: a commit's fsync is what a write costs

Outcome = tuple[Any, Exception | None]


@dataclass(slots=True, eq=False)
class Job:
    """A body on its way to a thread and its result on the way back."""

    body: Callable[[Stores], Any]
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[Any] = field(init=False)

    def __post_init__(self) -> None:
        self.future = self.loop.create_future()

    def settle(self, outcome: Outcome) -> None:
        """In the loop. A caller that was cancelled no longer waits."""
        if not self.future.done():
            value, error = outcome
            if error is None:
                self.future.set_result(value)
            else:
                self.future.set_exception(error)


class Reader:
    """Reads on the caller's own thread, each body in one snapshot."""

    def __init__(self, engine: Engine, sequence: Iterator[int]) -> None:
        self._connection = engine.connect()
        self._raw = driver(self._connection)
        self._db = Db(self._connection, sequence)

    def read(self, body: Callable[[Stores], Any]) -> Any:
        """What the body returns or raises. SQLAlchemy's transaction stays open between reads: only the driver's makes a snapshot."""
        self._raw.execute("BEGIN")
        try:
            return body(SqlStores(self._db))
        finally:
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")

    def close(self) -> None:
        """Lets go of its connection."""
        self._connection.close()


class Worker:
    """A thread that takes jobs from a queue until it gets None. Raises at once when the database can't be opened."""

    def __init__(self, name: str, engine: Engine, jobs: SimpleQueue[Job | None], sequence: Iterator[int], *, writes: bool) -> None:
        self._connection = engine.connect()
        self._raw = driver(self._connection)
        self._db = Db(self._connection, sequence, keeps=writes)
        self._jobs = jobs
        self.thread = threading.Thread(target=self._write_all if writes else self._read_all, name=name, daemon=True)
        self.thread.start()

    def _read_all(self) -> None:
        with self._connection:
            while (job := self._jobs.get()) is not None:
                if not job.future.cancelled():
                    _answer([(job, self._read(job))])

    def _read(self, job: Job) -> Outcome:
        """In one snapshot."""
        try:
            self._raw.execute("BEGIN")
            return _tried(job.body, self._db)
        except sqlite3.Error as failed:
            return None, failed
        finally:
            self._undo()

    def _write_all(self) -> None:
        """Everything that waits goes into one commit; callers hear of theirs when it is on disk."""
        with self._connection:
            ended = False
            while not ended:
                jobs, ended = self._waiting()
                if jobs:
                    _answer(zip(jobs, self._committed(jobs), strict=True))

    def _waiting(self) -> tuple[list[Job], bool]:
        """At least one job, or the end. A job that nobody waits for any more need not begin; one that has begun is finished."""
        found = [self._jobs.get()]
        with contextlib.suppress(Empty):
            while found[-1] is not None and len(found) < BATCH:
                found.append(self._jobs.get_nowait())
        return [job for job in found if job is not None and not job.future.cancelled()], found[-1] is None

    def _committed(self, jobs: list[Job]) -> list[Outcome]:
        try:
            self._raw.execute("BEGIN IMMEDIATE")
            outcomes = [self._alone(jobs[0])] if len(jobs) == 1 else [self._apart(job) for job in jobs]
            self._connection.commit()
            self._raw.commit()
        except Exception as failed:  # noqa: BLE001  # each caller is told
            self._undo()
            return [(None, failed)] * len(jobs)
        return outcomes

    def _alone(self, job: Job) -> Outcome:
        outcome = _tried(job.body, self._db)
        if outcome[1] is not None:
            self._undo()
        return outcome

    def _apart(self, job: Job) -> Outcome:
        """Its failure takes back its own work alone."""
        self._raw.execute("SAVEPOINT body")
        outcome = _tried(job.body, self._db)
        if not self._raw.in_transaction:
            # A full disk or an I/O error ends the whole transaction: nobody's work is kept.
            raise outcome[1] or sqlite3.OperationalError("the transaction ended by itself")
        if outcome[1] is not None:
            self._raw.execute("ROLLBACK TO body")
        self._raw.execute("RELEASE body")
        return outcome

    def _undo(self) -> None:
        self._connection.rollback()
        if self._raw.in_transaction:
            self._raw.rollback()


def _tried(body: Callable[[Stores], Any], db: Db) -> Outcome:
    """With stores of its own: what they remember is this body's alone."""
    try:
        found = body(SqlStores(db))
        db.flush()
        return found, None
    except StopIteration:
        return None, RuntimeError("a unit of work raised StopIteration, which no future can carry")
    except Exception as error:  # noqa: BLE001  # its caller is told
        return None, error
    finally:
        db.forget()


def _answer(answers: Iterable[tuple[Job, Outcome]]) -> None:
    """Wakes the loop once per loop and batch."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Job, Outcome]]] = {}
    for job, outcome in answers:
        by_loop.setdefault(job.loop, []).append((job, outcome))
    for loop, theirs in by_loop.items():
        with contextlib.suppress(RuntimeError):  # a loop that has been closed waits for nothing
            loop.call_soon_threadsafe(_settle, theirs)


def _settle(answers: list[tuple[Job, Outcome]]) -> None:
    for job, outcome in answers:
        job.settle(outcome)
