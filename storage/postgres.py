"""PostgreSQL over asyncpg, with a limit on every wait."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import Conflict, Unavailable
from bot.stores import Stores
from storage import retry
from storage.db import Db, sequence
from storage.failures import meaning
from storage.stores import SqlStores
from storage.types import dumps

T = TypeVar("T")
# Seconds for a whole unit of work, its repeats and the wait for a connection included. One that is cut off then needs up to 2 more to let
# go of its connection, and nobody should wait longer than 12 for a database that does not answer.
UNIT = 9.5
PING = 2.0  # seconds; a connection that says nothing for so long is dead, and so are those that are as old
FRESH = 0.5  # seconds; who has just answered is not asked again: under load that would be every other round trip
SERVER_SETTINGS = {
    "application_name": "deskbell",
    "max_parallel_workers_per_gather": "0",  # starting helpers takes longer than our questions do
    "statement_timeout": "8000",
    "lock_timeout": "2000",
    "idle_in_transaction_session_timeout": "15000",
    "tcp_user_timeout": "10000",
    "timezone": "UTC",
}  # ms


def postgres_engine(url: URL, *, pool: int = 10, patience: float = 8.5) -> AsyncEngine:
    """`patience`: seconds for a statement.

    Reads need no transaction, so connections are in autocommit until a unit that writes asks for more."""
    engine = create_async_engine(
        url.set(drivername="postgresql+asyncpg"), isolation_level="AUTOCOMMIT", skip_autocommit_rollback=True,
        pool_size=pool, max_overflow=0, pool_timeout=5, pool_recycle=1800, json_serializer=dumps,
        pool_use_lifo=True,  # each keeps statements of its own: a desk that needs three connections prepares them three times, not ten
        hide_parameters=True,  # an error's text goes into logs, and what was to be stored are buyers' words
        connect_args={
            "timeout": 4, "command_timeout": patience, "prepared_statement_cache_size": 500, "server_settings": SERVER_SETTINGS,
        },
    )  # fmt: skip
    event.listen(engine.sync_engine, "checkin", _back)
    event.listen(engine.sync_engine, "checkout", _alive)
    return engine


def _back(_connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["back"] = time.monotonic()


def _alive(connection: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """Asks a connection before it is used, as the pool's own ping would, but not for as long as a statement may take.

    One that is silent takes all that are as old out of the pool: after a network has swallowed them not each has to be found out.
    """
    if time.monotonic() - record.info.get("back", -math.inf) < FRESH:
        return
    try:
        connection.run_async(lambda driver: driver.fetchrow(";", timeout=PING))
    except Exception as silent:
        connection.driver_connection.terminate()
        raise InvalidatePoolError from silent


class PostgresStorage:
    """bot.ports.Work over a pool of connections."""

    dialect = "postgresql"

    def __init__(self, url: URL, *, pool: int = 10) -> None:
        self.engine = postgres_engine(url, pool=pool)
        self._sequence = sequence()
        self._running: set[asyncio.Task[Any]] = set()

    async def read(self, body: Callable[[Stores], T], *, quick: bool = False) -> T:  # noqa: ARG002  # there is no hop to spare
        """Each statement sees what is committed by then."""
        return await self._finished(self._in_time(self._read, body))

    async def write(self, body: Callable[[Stores], T]) -> T:
        """In a transaction of its own; again from the start after a conflict, a deadlock or a lost connection."""
        return await self._finished(self._in_time(self._write, body))

    async def _finished(self, unit: Coroutine[Any, Any, T]) -> T:
        """A caller that is cancelled goes; its unit ends in peace, and its connection goes back whole."""
        task = asyncio.create_task(unit)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return await asyncio.shield(task)

    async def _read(self, body: Callable[[Stores], T]) -> T:
        async with self.engine.connect() as connection:
            return await connection.run_sync(self._run, body)

    async def _write(self, body: Callable[[Stores], T]) -> T:
        async with self.engine.connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            found = await connection.run_sync(self._run, body)
            await _committed(connection)
            return found

    def _run(self, connection: Connection, body: Callable[[Stores], T]) -> T:
        db = Db(connection, self._sequence, keeps=True)
        found = body(SqlStores(db))
        db.flush()
        return found

    async def _in_time(self, unit: Callable[[Callable[[Stores], T]], Coroutine[Any, Any, T]], body: Callable[[Stores], T]) -> T:
        try:
            async with asyncio.timeout(UNIT):
                return await self._tried(unit, body)
        except TimeoutError as late:
            raise Unavailable("the database does not answer") from late

    async def _tried(self, unit: Callable[[Callable[[Stores], T]], Coroutine[Any, Any, T]], body: Callable[[Stores], T]) -> T:
        for tries in range(retry.TRIES):
            try:
                return await unit(body)
            except Exception as error:
                if tries == retry.TRIES - 1 or not retry.worth_another_try(error):
                    told = meaning(error)
                    if told is None and retry.worth_another_try(error):
                        raise Conflict("others were faster, again and again") from error
                    if told is None:
                        raise
                    raise told from error
            await retry.pause(tries)
        raise AssertionError

    async def migrated(self) -> bool:
        """Whether the schema is the newest."""
        from storage.migrate import newest, present_in  # noqa: PLC0415  # it knows this module

        async with asyncio.timeout(UNIT), self.engine.connect() as connection:
            return await connection.run_sync(present_in) == newest()

    async def time(self) -> datetime | None:
        """What the server's clock shows, the same for every replica."""
        async with asyncio.timeout(PING), self.engine.connect() as connection:
            found: datetime = (await connection.execute(text("SELECT clock_timestamp()"))).scalar_one()
            return found

    async def ping(self) -> str | None:
        """None: it answers. Otherwise one line that says what is wrong."""
        try:
            async with asyncio.timeout(2):
                await self._read(lambda stores: stores.deadlines.next_due())
        except Exception as error:  # noqa: BLE001  # whatever it is, it is the answer
            return f"the database does not answer: {type(error).__name__}"
        return None

    async def close(self) -> None:
        """What runs is finished first."""
        if self._running:
            await asyncio.wait(self._running, timeout=UNIT)
        await self.engine.dispose()


async def _committed(connection: AsyncConnection) -> None:
    """A commit whose answer is lost may have happened: done again it could be done twice, so whoever asked is told instead."""
    try:
        await connection.commit()
    except DBAPIError as error:
        if error.connection_invalidated:
            raise Unavailable("the database went away while it committed; whether it did is not known") from error
        raise
