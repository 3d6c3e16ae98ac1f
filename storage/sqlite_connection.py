"""A connection to the embedded database, with what it needs to lose nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

BUSY = 30_000  # ms to wait for a lock


def sqlite_engine(file: Path, *, writes: bool) -> Engine:
    """For connections that write (and checkpoint), or for those that only read."""
    # An error's text goes into logs, and what was to be stored are buyers' words: parameters stay out of it.
    engine = create_engine(
        f"sqlite+pysqlite:///{file}", poolclass=NullPool, hide_parameters=True, connect_args={"check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to say: the driver would say it too late, and only before writes
        # WAL is the file's own property, set by whoever writes first; FULL: a commit is on disk when it returns.
        first = (
            ("journal_mode = WAL", "wal_autocheckpoint = 1000", "secure_delete = ON")
            if writes
            else ("query_only = ON", "wal_autocheckpoint = 0")
        )
        for pragma in (f"busy_timeout = {BUSY}", *first, "synchronous = FULL", "foreign_keys = ON", "cache_size = -16000"):
            connection.execute(f"PRAGMA {pragma}")

    return engine


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's connection under SQLAlchemy's, for BEGIN and SAVEPOINT."""
    found: sqlite3.Connection = connection.connection.dbapi_connection  # type: ignore[assignment]
    return found
