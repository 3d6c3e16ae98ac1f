"""Migrations: from nothing to exactly the schema that the code knows, on both databases, whole or not at all."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.errors import BadSetting
from storage.engine import Storage, open_storage
from storage.migrate import FOLDER, migrate, migrated, newest
from storage.schema import METADATA, outbox
from tests.databases import Postgres
from tests.storage.samples import new_ticket

OWN = ("ticket_grams", "ix_ticket_texts_grams")  # what one database has and the other has not, for its own kind of search


async def test_the_migrated_schema_is_the_one_that_the_code_knows(storage: Storage) -> None:
    def differences(stores: Any) -> list[Any]:
        opts = {"compare_type": True, "include_name": lambda name, *_: not str(name).startswith(OWN)}
        context = MigrationContext.configure(stores.db.connection, opts=opts)
        found = list(compare_metadata(context, METADATA))
        # SQLite has no identity columns: a key that counts up by itself is one
        return [each for each in found if storage.dialect != "sqlite" or each[0][0] != "modify_default"]

    assert await storage.write(differences) == []


async def test_partial_indexes_are_partial(storage: Storage) -> None:
    def conditions(stores: Any) -> dict[str, str]:
        sqlite = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%WHERE%'"
        postgres = "SELECT indexname, indexdef FROM pg_indexes WHERE indexdef LIKE '%WHERE%'"
        return dict(stores.db.connection.exec_driver_sql(sqlite if storage.dialect == "sqlite" else postgres).all())

    found = await storage.write(conditions)
    indexes = [index for table in METADATA.tables.values() for index in table.indexes]
    wanted = {index.name for index in indexes if index.dialect_options["sqlite"]["where"] is not None}
    assert set(found) == wanted
    assert {index.name for index in outbox.indexes} > {"ix_outbox_waiting", "ix_outbox_dead", "ix_outbox_thread"}


async def test_a_fresh_file_is_migrated_and_a_second_time_is_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    assert not await migrated(url)
    assert not (tmp_path / "new.db").exists()
    await migrate(url)
    assert await migrated(url)
    before = (tmp_path / "new.db").read_bytes()
    await migrate(url)
    assert (tmp_path / "new.db").read_bytes() == before
    storage = await open_storage(url)
    assert (await storage.write(new_ticket)).number == 1001
    await storage.close()


async def test_a_database_at_the_newest_schema_needs_no_alembic(sqlite_url: str) -> None:
    program = (
        "import asyncio, sys; from storage.migrate import migrate, migrated; asyncio.run(migrate(sys.argv[1])); "
        "assert asyncio.run(migrated(sys.argv[1])); "
        "sys.exit('alembic' in sys.modules or 'asyncpg' in sys.modules or 'sqlalchemy.orm' in sys.modules)"
    )
    assert (await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program, sqlite_url])).returncode == 0


async def test_a_file_that_somebody_uses_is_not_migrated(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/new.db"
    storage = await open_storage(url)
    with pytest.raises(BadSetting, match="another process"):
        await migrate(url)
    await storage.close()


async def test_replicas_that_start_together_migrate_once(postgres: Postgres) -> None:
    name = postgres.empty()
    url = postgres.url(name)
    assert not await migrated(url)
    await asyncio.gather(*(migrate(url) for _ in range(3)))
    assert await migrated(url)
    await migrate(url)
    postgres.drop(name)


async def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "new.db") as connection:
        connection.execute("CREATE TABLE tickets (mine INTEGER)")
    connection.close()
    with pytest.raises(Exception, match="tickets"):
        await migrate(f"sqlite:///{tmp_path}/new.db")
    with sqlite3.connect(tmp_path / "new.db") as connection:
        assert [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")] == ["tickets"]
    connection.close()
    assert not await migrated(f"sqlite:///{tmp_path}/new.db")


def test_every_migration_has_its_number() -> None:
    numbers = sorted(file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py"))
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    assert newest() == numbers[-1]
