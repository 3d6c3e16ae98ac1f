"""Brings a database to the newest schema. Alembic is only imported where there is something to bring."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.failures import naming_its_setting
from storage.lock import OwnerLock
from storage.sqlite_connection import driver, sqlite_engine
from storage.urls import database, sqlite_file

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.ext.asyncio import AsyncEngine

FOLDER = Path(__file__).parent / "migrations"
_VERSION = "SELECT version_num FROM alembic_version"
_ONE_AT_A_TIME = 0x6465736B  # an advisory lock of the transaction, for replicas that start together


async def migrate(url: str) -> None:
    """All of it, or nothing."""
    found = database(url)
    with naming_its_setting():
        if found.drivername == "sqlite":
            await asyncio.to_thread(_migrate_sqlite, sqlite_file(found))
        else:
            await _migrate_postgres(found)


async def migrated(url: str) -> bool:
    """`migrate --check`."""
    found = database(url)
    with naming_its_setting():
        if found.drivername == "sqlite":
            return await asyncio.to_thread(present, sqlite_file(found)) == newest()
        engine = _engine(found)
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(present_in) == newest()
        finally:
            await engine.dispose()


def newest() -> str:
    """The last of the numbered files."""
    return max(file.stem.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py"))


def present(file: Path) -> str | None:
    """What an embedded database is at; None: at nothing yet."""
    if not file.exists():
        return None
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=10)
    try:
        row = connection.execute(_VERSION).fetchone()
    except sqlite3.OperationalError as error:
        if "no such table" not in str(error):
            raise
        row = None
    finally:
        connection.close()
    return row[0] if row else None


def present_in(connection: Connection) -> str | None:
    """What a server's database is at."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text(_VERSION)).scalar()
    return found


def _migrate_sqlite(file: Path) -> None:
    if present(file) == newest():
        return
    lock = OwnerLock(file)
    engine = sqlite_engine(file, writes=True)
    try:
        with engine.connect() as connection:
            driver(connection).execute("BEGIN IMMEDIATE")
            upgrade(connection)
            connection.commit()
    finally:
        engine.dispose()
        lock.release()


def _engine(url: URL) -> AsyncEngine:
    from storage.postgres import postgres_engine  # noqa: PLC0415  # see storage.engine

    return postgres_engine(url, pool=1, patience=600)  # an index over all there is takes its time


async def _migrate_postgres(url: URL) -> None:
    engine = _engine(url)
    try:
        async with engine.connect() as connection:
            if await connection.run_sync(present_in) == newest():
                return
        async with engine.connect() as connection:
            await connection.execution_options(isolation_level="READ COMMITTED")
            await connection.execute(text("SET LOCAL lock_timeout = '60s'"))
            await connection.execute(text("SET LOCAL statement_timeout = '600s'"))
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})"))
            await connection.run_sync(upgrade)
            await connection.commit()
    finally:
        await engine.dispose()


def upgrade(connection: Connection, to: str = "head") -> None:
    """Runs what is missing up to there, inside the connection's transaction."""
    from alembic.config import Config  # noqa: PLC0415  # a quarter of a second, paid once per schema
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    script = ScriptDirectory.from_config(config)
    with EnvironmentContext(config, script, fn=lambda revision, _: script._upgrade_revs(to, revision)) as environment:
        environment.configure(connection=connection, transactional_ddl=True)
        with environment.begin_transaction():
            environment.run_migrations()
