"""What people have corrected, for a training by hand: read beside the process that owns the database, if there is one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.stores.labels import Taught
from storage.engine import open_storage
from storage.urls import database, sqlite_file

MOST = 100_000  # the newest


async def taught(url: str) -> Sequence[Taught]:
    """Everybody's corrections, the newest first; none where there is no database yet, or one whose schema is another."""
    parsed = database(url)
    if parsed.get_backend_name() == "sqlite" and not sqlite_file(parsed).exists():
        return []
    storage = await open_storage(url, own=False)
    try:
        return await storage.read(lambda stores: stores.labels.taught(None, MOST)) if await storage.migrated() else []
    finally:
        await storage.close()
