"""The embedded database: what must be set so that nothing is lost, and who may open it."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from bot.errors import BadSetting, Unavailable
from bot.stores import Stores
from storage.engine import open_storage
from storage.migrate import migrate
from tests.storage.samples import merchant, person, put_merchant


def _pragma(name: str) -> Any:
    return lambda stores: stores.db.connection.exec_driver_sql(f"PRAGMA {name}").scalar()


WRITES = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000, "wal_autocheckpoint": 1000, "query_only": 0}
READS = WRITES | {"wal_autocheckpoint": 0, "query_only": 1}


async def test_connections_are_set_so_that_a_commit_is_on_disk(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)
    assert {name: await storage.write(_pragma(name)) for name in WRITES} == WRITES
    assert {name: await storage.read(_pragma(name)) for name in READS} == READS
    await storage.close()


async def test_a_reader_cannot_write(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)
    with pytest.raises(Unavailable):
        await storage.read(lambda stores: stores.merchants.put(merchant()))
    await storage.close()


async def test_a_read_sees_one_moment_whatever_is_written_meanwhile(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)
    began, written = threading.Event(), threading.Event()

    def read(stores: Stores) -> tuple[int, int]:
        before = len(stores.merchants.many(["m1"]))
        began.set()
        written.wait(5)
        return before, len(stores.merchants.many(["m1"]))

    reading = asyncio.create_task(storage.read(read))
    await asyncio.to_thread(began.wait, 5)
    await storage.write(lambda stores: stores.merchants.put(merchant()))
    written.set()
    assert await reading == (0, 0)
    assert await storage.read(lambda stores: stores.merchants.get("m1")) == merchant()
    await storage.close()


async def test_a_second_owner_is_refused_and_a_reader_is_not(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)
    program = "import asyncio, sys; from storage.engine import open_storage; asyncio.run(open_storage(sys.argv[1]))"
    second = await asyncio.to_thread(subprocess.run, [sys.executable, "-c", program, sqlite_url], capture_output=True, text=True)
    assert second.returncode == 1
    assert "BadSetting: DESKBELL_DATABASE_URL: another process is using deskbell.db" in second.stderr
    with pytest.raises(BadSetting, match="another process"):
        await open_storage(sqlite_url)
    beside = await open_storage(sqlite_url, own=False)
    assert await beside.ping() is None
    with pytest.raises(Unavailable):
        await beside.write(lambda stores: stores.outbox.free())
    await beside.close()
    await storage.close()
    again = await open_storage(sqlite_url)
    await again.close()


async def test_many_writes_that_wait_share_a_commit(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)
    commits: list[int] = []
    held = threading.Event()
    holding = asyncio.create_task(storage.write(lambda stores: held.wait(5)))
    await asyncio.sleep(0.05)

    def trace(stores: Any) -> None:
        raw = stores.db.connection.connection.dbapi_connection
        raw.set_trace_callback(lambda statement: commits.append(1) if statement.startswith("COMMIT") else None)

    writes = [asyncio.create_task(storage.write(trace))]
    writes += [asyncio.create_task(storage.write(put_merchant(f"m{at}"))) for at in range(100)]
    await asyncio.sleep(0.05)
    held.set()
    await asyncio.gather(holding, *writes)
    assert len(commits) == 2  # 64 and 37
    await storage.close()


async def test_when_the_commit_fails_everybody_hears_of_it_and_nothing_is_kept(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)

    def spoil(stores: Any) -> None:
        connection = stores.db.connection
        connection.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        connection.exec_driver_sql("CREATE TABLE child (id INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)")
        connection.exec_driver_sql("INSERT INTO child VALUES (1)")

    held = threading.Event()
    holding = asyncio.create_task(storage.write(lambda stores: held.wait(5)))
    await asyncio.sleep(0.05)
    writes = [asyncio.create_task(storage.write(each)) for each in (lambda stores: stores.merchants.put(merchant()), spoil)]
    await asyncio.sleep(0.05)
    held.set()
    await holding
    results = await asyncio.gather(*writes, return_exceptions=True)
    assert [type(each).__name__ for each in results] == ["IntegrityError", "IntegrityError"]
    assert await storage.read(lambda stores: stores.merchants.get("m1")) is None
    await storage.write(lambda stores: stores.people.put(person()))
    await storage.close()


async def test_a_body_that_raises_stop_iteration_does_not_hang_its_caller(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url)
    with pytest.raises(RuntimeError):
        await storage.write(lambda stores: next(iter(())))
    await storage.close()


BAD = ["sqlite://", "sqlite:///:memory:", "mysql://x/y", "nonsense", "sqlite:////nowhere/at/all/x.db", "postgresql+psycopg2"]


async def test_an_address_that_is_none_names_its_variable() -> None:
    for url in BAD:
        with pytest.raises(BadSetting, match=r"^DESKBELL_DATABASE_URL: "):
            await open_storage(url)


async def test_a_drivers_suffix_is_accepted(sqlite_url: str) -> None:
    storage = await open_storage(sqlite_url.replace("sqlite:", "sqlite+aiosqlite:"))
    assert await storage.migrated()
    await storage.close()


async def test_a_fresh_file_is_told_from_a_migrated_one(tmp_path: Path) -> None:
    storage = await open_storage(f"sqlite:///{tmp_path}/new.db")
    assert not await storage.migrated()
    assert await storage.ping() is not None
    await storage.close()
    await migrate(f"sqlite:///{tmp_path}/new.db")
    with sqlite3.connect(tmp_path / "new.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
