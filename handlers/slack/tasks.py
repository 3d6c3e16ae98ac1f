"""Work that goes on after a request was answered: kept by reference, its faults logged, finished before the end."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

import structlog

T = TypeVar("T")
log = structlog.stdlib.get_logger("slack")


class Tasks:
    """A registry: asyncio itself keeps no reference to its tasks."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[Any]] = set()

    def start(self, work: Coroutine[Any, Any, T], what: str) -> asyncio.Task[T]:
        """Starts it; a fault nobody waits for is logged under `what`."""
        task = asyncio.get_running_loop().create_task(work, name=what)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    async def drain(self, limit: float = 5.0) -> None:
        """Lets them finish for so many seconds, then cancels what is left."""
        if not self._running:
            return
        _, late = await asyncio.wait(set(self._running), timeout=limit)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=1.0)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("background work failed", what=task.get_name(), exc_info=task.exception())
