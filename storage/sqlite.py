"""The embedded database: a unit of work is one hop to a thread of a synchronous engine."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

from bot.errors import BadSetting, Unavailable
from bot.stores import Stores
from storage import retry
from storage.db import sequence
from storage.failures import meaning
from storage.lock import OwnerLock
from storage.sqlite_connection import sqlite_engine
from storage.sqlite_threads import Job, Reader, Worker

T = TypeVar("T")


class SqliteStorage:
    """bot.ports.Work over one file. `own` False opens it for reading, beside the process that owns it."""

    dialect = "sqlite"

    def __init__(self, file: Path, *, own: bool = True, readers: int = 3) -> None:
        if not (file.parent.is_dir() if own else file.exists()):
            raise BadSetting(f"DESKBELL_DATABASE_URL: there is no {'folder for the' if own else 'such'} database: {file}")
        self.file = file
        self._lock = OwnerLock(file) if own else None
        self._reads: SimpleQueue[Job | None] = SimpleQueue()
        self._writes: SimpleQueue[Job | None] = SimpleQueue()
        numbers = sequence()
        self._engines = [sqlite_engine(file, writes=True)] if own else []
        workers = [Worker("storage-writes", self._engines[0], self._writes, numbers, writes=True)] if own else []
        self._engines.append(sqlite_engine(file, writes=False))
        workers += [Worker(f"storage-reads-{at}", self._engines[-1], self._reads, numbers, writes=False) for at in range(readers)]
        self._here = Reader(self._engines[-1], numbers)
        self._workers, self._readers, self._closed = workers, readers, False

    async def read(self, body: Callable[[Stores], T], *, quick: bool = False) -> T:
        """In one snapshot, on a connection that cannot write; a quick one on the loop's own thread."""
        if quick:
            return self._at_once(body)
        return await self._through(self._reads, body)

    async def write(self, body: Callable[[Stores], T]) -> T:
        """Together with what else waits to be written; on disk when it returns."""
        if self._lock is None:
            raise Unavailable("this storage was opened for reading")
        for tries in range(retry.TRIES):
            try:
                return await self._through(self._writes, body)
            except Exception as error:
                if not retry.worth_another_try(error) or tries == retry.TRIES - 1:
                    raise
            await retry.pause(tries)
        raise AssertionError

    def _at_once(self, body: Callable[[Stores], T]) -> T:
        if self._closed:
            raise Unavailable("storage is closed")
        try:
            found: T = self._here.read(body)
        except Exception as error:
            told = meaning(error)
            if told is None:
                raise
            raise told from error
        return found

    async def _through(self, queue: SimpleQueue[Job | None], body: Callable[[Stores], T]) -> T:
        if self._closed:
            raise Unavailable("storage is closed")
        job = Job(body, asyncio.get_running_loop())
        queue.put(job)
        try:
            found: T = await job.future
        except Exception as error:
            told = meaning(error)
            if told is None:
                raise
            raise told from error
        return found

    async def migrated(self) -> bool:
        """Whether the schema is the newest."""
        from storage.migrate import newest, present  # noqa: PLC0415  # they know this module

        return await asyncio.to_thread(present, self.file) == newest()

    async def time(self) -> datetime | None:
        """A file has no clock."""
        return None

    async def ping(self) -> str | None:
        """None: it answers. Otherwise one line that says what is wrong."""
        try:
            async with asyncio.timeout(2):
                await self.read(lambda stores: stores.deadlines.next_due())
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
            return f"the database does not answer: {type(error).__name__}"
        return None

    async def close(self) -> None:
        """What waits is finished first."""
        if self._closed:
            return
        self._closed = True
        self._writes.put(None)
        for _ in range(self._readers):
            self._reads.put(None)
        for worker in self._workers:
            await asyncio.to_thread(worker.thread.join)
        self._here.close()
        for engine in self._engines:
            engine.dispose()
        if self._lock is not None:
            self._lock.release()
