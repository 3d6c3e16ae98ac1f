"""Copies of the embedded database: taken while it runs, checked before they count, put back only where nothing runs."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.errors import BadSetting, BotError
from storage.lock import OwnerLock
from storage.migrate import migrate, newest
from storage.re_erase import carried
from storage.urls import database, sqlite_file


class BadBackup(BotError):
    """This file can't be put back."""


async def backup(url: str, file: str | Path) -> None:
    """Writes a copy of the database at this moment to `file`, which must not exist yet."""
    await asyncio.to_thread(_backup, _embedded(url), Path(file))


async def restore(url: str, file: str | Path) -> None:
    """Puts a copy in the database's place; what was there is kept beside it as `….before-restore`. What was erased is erased again."""
    target = _embedded(url)
    replaced = await asyncio.to_thread(_restore, target, Path(file))
    await migrate(url)
    await asyncio.to_thread(carried, replaced, target)


def check(file: Path) -> None:
    """Raises BadBackup unless it is a whole database of ours, not newer than this program."""
    if not file.is_file():
        raise FileNotFoundError(f"there is no file {file}")
    with closing(_reading(file)) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if found == "ok" else None
        except sqlite3.DatabaseError as error:
            raise BadBackup(f"{file} is no database of Deskbell's: {error}") from None
    if found != "ok":
        raise BadBackup(f"{file} is damaged: {found}")
    if row is None or row[0] > newest():
        raise BadBackup(f"{file} was written by a newer version")


def _embedded(url: str) -> Path:
    found = database(url)
    if found.drivername != "sqlite":
        raise BadSetting("DESKBELL_DATABASE_URL: this copies the embedded database; for PostgreSQL use pg_dump and pg_restore")
    return sqlite_file(found)


def _backup(source: Path, target: Path) -> None:
    if not source.is_file():
        raise FileNotFoundError(f"there is no database {source}")
    if target.exists():
        raise FileExistsError(f"{target} exists already; a backup replaces nothing")
    part = target.with_name(target.name + ".part")
    _copied(source, part)
    os.link(part, target)  # never over a file that came meanwhile
    part.unlink()
    _on_disk(target.parent)


def _restore(target: Path, source: Path) -> Path:
    check(source)
    lock, replaced = OwnerLock(target), target.with_name(target.name + ".before-restore")
    try:
        part = target.with_name(target.name + ".part")
        _copied(source, part)
        if target.exists():
            with closing(sqlite3.connect(target)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            target.replace(replaced)
        for left in ("-wal", "-shm"):
            target.with_name(target.name + left).unlink(missing_ok=True)
        part.replace(target)
        _on_disk(target.parent)
    finally:
        lock.release()
    return replaced


def _copied(source: Path, part: Path) -> None:
    """A whole, checked copy that only its owner reads. VACUUM INTO fills an empty file and never sees half a transaction."""
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(_reading(source)) as connection:
            connection.execute("VACUUM INTO ?", (str(part),))
        check(part)
        with part.open("rb") as written:
            os.fsync(written.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, timeout=10)


def _on_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
