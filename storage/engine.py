"""Opens the storage that a DATABASE_URL means."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from bot.ports import Work
from bot.stores import Stores
from storage.failures import naming_its_setting
from storage.sqlite import SqliteStorage
from storage.urls import database, sqlite_file

T = TypeVar("T")


class Storage(Work, Protocol):
    """A unit of work and what its owner needs: `dialect` is `sqlite` or `postgresql`."""

    dialect: str

    async def read(self, body: Callable[[Stores], T], *, quick: bool = False) -> T:
        """bot.ports.Work."""
        ...

    async def write(self, body: Callable[[Stores], T]) -> T:
        """bot.ports.Work."""
        ...

    async def migrated(self) -> bool:
        """Whether the schema is the newest."""
        ...

    async def ping(self) -> str | None:
        """None: it answers. Otherwise one line that says what is wrong."""
        ...

    async def time(self) -> datetime | None:
        """What the database's own clock shows; None: it has none but this machine's."""
        ...

    async def close(self) -> None:
        """Finishes what waits and lets go of everything."""
        ...


async def open_storage(url: str, *, own: bool = True, pool: int = 10) -> Storage:
    """Raises BadSetting. `own` False reads an embedded database beside the process that owns it."""
    found = database(url)
    if found.drivername == "sqlite":
        with naming_its_setting():
            return SqliteStorage(sqlite_file(found), own=own)
    from storage.postgres import PostgresStorage  # noqa: PLC0415  # SQLAlchemy's asyncio brings its ORM along: half a second

    return PostgresStorage(found, pool=pool)
