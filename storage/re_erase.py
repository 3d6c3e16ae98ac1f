"""After a restore, what was erased since the backup is erased again: the requests of the database that was replaced go over."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_NAMES = "merchant_id, id, asked_at, state, ground, by, subject, left, removed, look_at, done_at, certificate"
_COLUMNS = ", ".join(f'"{name}"' for name in _NAMES.split(", "))


def carried(replaced: Path, file: Path) -> int:
    """How many requests wait in `file` to be done again; each was in `replaced`, or in `file` itself."""
    with closing(sqlite3.connect(file)) as connection, connection:
        if replaced.is_file():
            with closing(sqlite3.connect(replaced)) as before:
                rows = before.execute(f"SELECT {_COLUMNS} FROM erasures").fetchall() if _has(before) else []  # noqa: S608
            marks = ", ".join("?" * len(_NAMES.split(", ")))
            connection.executemany(f"INSERT OR REPLACE INTO erasures ({_COLUMNS}) VALUES ({marks})", rows)  # noqa: S608
        # The next pass looks at them all: one that finds nothing left to remove is done at once.
        return connection.execute("UPDATE erasures SET state = 'working', look_at = asked_at").rowcount


def _has(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'erasures'").fetchone() is not None
