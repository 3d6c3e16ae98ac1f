"""Where SECRET_KEY is kept when nobody set it."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from bot.errors import BadSetting
from storage.urls import database, sqlite_file

OWN_FILE = "deskbell.key"  # in the working directory, for a database that is a server's: there is no "beside" it


def secret_key_for(value: str | None, database_url: str) -> str:
    """The one that is set; else the kept one, made at first use."""
    if value:
        return value
    url = database(database_url)
    file = Path(f"{sqlite_file(url)}.key") if url.drivername == "sqlite" else Path(OWN_FILE)
    return _kept(file)


def _kept(file: Path) -> str:
    if not file.exists():
        _made(file)
    found = file.read_text().strip()
    if not found:
        raise BadSetting(f"DESKBELL_SECRET_KEY: {file.name} is empty; bring it back from a backup, or set the variable")
    return found


def _made(file: Path) -> None:
    """Whole or not at all, and the first of two processes wins: a link never replaces what is there."""
    handle, name = tempfile.mkstemp(prefix=".key-", dir=file.parent)  # 0600
    try:
        with os.fdopen(handle, "w") as new:
            new.write(secrets.token_hex(32) + "\n")
            new.flush()
            os.fsync(new.fileno())
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()
