"""Where SECRET_KEY is kept when nobody set it, and whether it is the one that a database was sealed with."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from sqlalchemy import bindparam, select

from bot.errors import BadSetting
from storage.db import PerDialect
from storage.engine import Storage
from storage.schema import directory
from storage.stores import SqlStores
from storage.urls import database, sqlite_file
from storage.vault import KeyVault, new_secret_key

OWN_FILE = "deskbell.key"  # in the working directory, for a database that is a server's: there is no "beside" it

_SET = PerDialect(
    lambda insert: (new := insert(directory)).on_conflict_do_update(
        index_elements=["kind", "id"], set_={"merchant_id": new.excluded.merchant_id}
    )
)
_FIRST = PerDialect(lambda insert: insert(directory).on_conflict_do_nothing())
_KEPT = select(directory.c.merchant_id).where(directory.c.kind == bindparam("kind"), directory.c.id == bindparam("id"))


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
            new.write(new_secret_key() + "\n")
            new.flush()
            os.fsync(new.fileno())
        with suppress(FileExistsError):
            os.link(name, file)
    finally:
        Path(name).unlink()


async def verify(storage: Storage, vault: KeyVault) -> None:
    """Stops a replica whose key is another than its database's. Raises BadSetting."""
    known = vault.key_ids

    def body(stores: SqlStores) -> str:
        db = stores.db
        row = {"kind": "vault", "id": "key", "merchant_id": known[0]}
        db.run(_FIRST, row)
        found = str(db.all(_KEPT, {"kind": "vault", "id": "key"})[0][0])
        if found in known and found != known[0]:
            db.run(_SET, row)
        return found

    if await storage.write(body) not in known:  # type: ignore[arg-type]
        raise BadSetting("DESKBELL_SECRET_KEY: this database was sealed with another key; set that one, or both with the newer first")
