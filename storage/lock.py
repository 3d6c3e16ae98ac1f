"""One process owns the embedded database: two that write and checkpoint at once can corrupt it (SQLite before 3.51.3)."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from bot.errors import BadSetting


class OwnerLock:
    """Held from construction to `release`, or until the process ends, however it ends."""

    def __init__(self, database: Path) -> None:
        self._file: int | None = os.open(f"{database}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.release()
            raise BadSetting(
                f"DESKBELL_DATABASE_URL: another process is using {database.name}; stop it first, or use PostgreSQL for several"
            ) from None

    def release(self) -> None:
        """Twice is once."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
