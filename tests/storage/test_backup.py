"""Backups: taken while the desk runs, whole and checked; put back only where nothing runs."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from pathlib import Path

import pytest

from bot.errors import BadSetting
from storage.backup import BadBackup, backup, restore
from storage.engine import open_storage
from tests.storage.samples import merchant, new_ticket, put_merchant


async def test_a_backup_of_a_running_desk_brings_everything_back(sqlite_url: str, tmp_path: Path) -> None:
    storage = await open_storage(sqlite_url)
    kept = [await storage.write(new_ticket) for _ in range(20)]
    copy = tmp_path / "copy.db"
    writing = [asyncio.create_task(storage.write(put_merchant(f"m{at}"))) for at in range(50)]
    await backup(sqlite_url, copy)
    await asyncio.gather(*writing)
    await storage.write(lambda stores: stores.merchants.put(merchant("after")))
    await storage.close()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    await restore(sqlite_url, str(copy))
    storage = await open_storage(sqlite_url)
    assert await storage.migrated()
    assert await storage.read(lambda stores: stores.merchants.get("after")) is None
    assert list((await storage.read(lambda stores: stores.tickets.many([each.number for each in kept]))).values()) == kept
    assert (await storage.write(new_ticket)).number == kept[-1].number + 1
    await storage.close()
    with sqlite3.connect(tmp_path / "deskbell.db.before-restore") as before:
        assert before.execute("SELECT count(*) FROM merchants WHERE id = 'after'").fetchone() == (1,)
    before.close()


async def test_nothing_is_put_back_under_a_running_desk(sqlite_url: str, tmp_path: Path) -> None:
    await backup(sqlite_url, tmp_path / "copy.db")
    storage = await open_storage(sqlite_url)
    with pytest.raises(BadSetting, match="another process"):
        await restore(sqlite_url, tmp_path / "copy.db")
    await storage.close()


async def test_what_is_no_whole_backup_is_not_put_back(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    await backup(sqlite_url, copy)
    whole = copy.read_bytes()
    bad: dict[str, bytes] = {
        "torn.db": whole[: len(whole) // 2],
        "altered.db": whole[:8192] + bytes(reversed(whole[8192:16384])) + whole[16384:],
        "text.db": b"not a database at all" * 100,
        "empty.db": b"",
    }
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(BadBackup):
            await restore(sqlite_url, tmp_path / name)
    with sqlite3.connect(copy) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    with pytest.raises(BadBackup, match="newer version"):
        await restore(sqlite_url, copy)
    storage = await open_storage(sqlite_url)
    assert await storage.ping() is None
    await storage.close()
    assert not (tmp_path / "deskbell.db.before-restore").exists()


async def test_a_backup_replaces_nothing_and_what_is_missing_is_said(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("precious")
    with pytest.raises(FileExistsError):
        await backup(sqlite_url, tmp_path / "taken")
    assert (tmp_path / "taken").read_text() == "precious"
    with pytest.raises(FileNotFoundError):
        await backup(f"sqlite:///{tmp_path}/none.db", tmp_path / "copy.db")
    with pytest.raises(FileNotFoundError):
        await restore(sqlite_url, tmp_path / "none.db")
    with pytest.raises(BadSetting, match="pg_dump"):
        await backup("postgresql://h/d", tmp_path / "copy.db")


async def test_restore_makes_a_database_where_there_is_none(sqlite_url: str, tmp_path: Path) -> None:
    await backup(sqlite_url, tmp_path / "copy.db")
    await restore(f"sqlite:///{tmp_path}/fresh.db", tmp_path / "copy.db")
    storage = await open_storage(f"sqlite:///{tmp_path}/fresh.db")
    assert await storage.migrated()
    await storage.close()
