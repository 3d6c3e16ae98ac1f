"""When each API key was used last, to the minute: written behind the answers, never by a request that somebody waits for."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.house import House
from bot.messages import ADMIN, Bearer
from bot.ports import Work

EVERY = timedelta(minutes=1)
MOST = 10_000  # keys remembered
log = structlog.get_logger("keys")


class Uses:
    """One per process."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._written: dict[str, datetime] = {}
        self._waiting: dict[tuple[str | None, str], datetime] = {}
        self._writing: asyncio.Task[None] | None = None

    def seen(self, bearer: Bearer) -> None:
        """It was recognised just now."""
        now, last = self._house.clock.now(), self._written.get(bearer.key_id)
        if bearer.key_id == ADMIN or (last is not None and timedelta() <= now - last < EVERY):
            return
        if len(self._written) >= MOST:
            self._written.clear()
        self._written[bearer.key_id] = now
        self._waiting[bearer.merchant_id, bearer.key_id] = now
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write(), name="uses of keys")

    async def _write(self) -> None:
        while self._waiting:
            uses, self._waiting = self._waiting, {}
            try:
                await self._work.write(lambda stores: stores.people.used_keys(uses))  # noqa: B023
            except Exception as failed:  # noqa: BLE001  # the next minute's use is written
                log.warning("uses of keys not written", keys=len(uses), why=type(failed).__name__)
