"""Encryption at rest: what is sealed opens in its place with its key, and nowhere else."""

from __future__ import annotations

import asyncio
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadSetting
from storage.engine import Storage
from storage.key_check import verify
from storage.vault import KeyVault, Unsealable, secret_key_for

OLD, NEW = "old-key-old-key-old-key", "new-key-new-key-new-key"
VAULT = KeyVault(OLD)


@given(st.binary(max_size=300), st.text(st.characters(codec="utf-8"), max_size=30))
def test_what_is_sealed_opens_in_its_place(clear: bytes, context: str) -> None:
    sealed = VAULT.seal(clear, context)
    assert KeyVault(OLD).open(sealed, context) == clear
    assert VAULT.seal(clear, context) != sealed
    with pytest.raises(Unsealable):
        VAULT.open(sealed, context + "x")


@given(st.data())
def test_a_single_altered_byte_is_noticed(data: st.DataObject) -> None:
    sealed = bytearray(VAULT.seal(b"13800138000", "tickets|buyer|1001"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unsealable):
        VAULT.open(bytes(sealed), "tickets|buyer|1001")
    with pytest.raises(Unsealable):
        VAULT.open(bytes(sealed[:at]), "tickets|buyer|1001")


def test_older_keys_open_what_they_sealed_and_the_newest_seals() -> None:
    both = KeyVault(f"{NEW}, {OLD}")
    assert both.open(VAULT.seal(b"x", "c"), "c") == b"x"
    sealed = both.seal(b"y", "c")
    assert KeyVault(NEW).open(sealed, "c") == b"y"
    with pytest.raises(Unsealable, match="not in DESKBELL_SECRET_KEY any more"):
        VAULT.open(sealed, "c")


@pytest.mark.parametrize("bad", ["", " , ", "short", f"{NEW},short"])
def test_a_key_that_is_too_short_stops_the_start(bad: str) -> None:
    with pytest.raises(BadSetting, match=r"^DESKBELL_SECRET_KEY: ") as refused:
        KeyVault(bad)
    assert "short" not in str(refused.value)


def test_a_key_is_made_beside_the_embedded_database_for_its_owner_alone(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deskbell.db"
    made = secret_key_for(None, url)
    file = tmp_path / "deskbell.db.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(made) == 64
    assert secret_key_for(None, url) == made
    assert secret_key_for("from the settings", url) == "from the settings"
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    file.write_text("")
    with pytest.raises(BadSetting, match="is empty"):
        secret_key_for(None, url)


def test_many_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as threads:
        made = set(threads.map(lambda _: secret_key_for(None, f"sqlite:///{tmp_path}/deskbell.db"), range(64)))
    assert len(made) == 1


def test_for_a_servers_database_the_key_is_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    made = secret_key_for(None, "postgresql://h/d")
    assert (tmp_path / "deskbell.key").read_text().strip() == made


async def test_a_replica_with_another_key_is_stopped(storage: Storage) -> None:
    await asyncio.gather(*(verify(storage, KeyVault(OLD)) for _ in range(5)))
    with pytest.raises(BadSetting, match="sealed with another key"):
        await verify(storage, KeyVault(NEW))
    await verify(storage, KeyVault(f"{NEW},{OLD}"))
    await verify(storage, KeyVault(NEW))
    with pytest.raises(BadSetting):
        await verify(storage, KeyVault(OLD))
