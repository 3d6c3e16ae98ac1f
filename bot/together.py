"""What comes in together is written together: one transaction, one call to the driver for all rows of a kind.

While one transaction runs, what comes in waits for the next; where one takes long, as behind a lock, others begin beside it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Told = TypeVar("Told")
MOST = 32  # in one transaction: the first of them waits for the last
LONG = 0.1  # seconds after which another transaction may begin beside one
AT_ONCE = 4


@dataclass(slots=True, eq=False)
class _Waiting(Generic[Asked, Told]):
    """Something that somebody waits for."""

    asked: Asked
    told: asyncio.Future[Told]

    def tell(self, outcome: Told | Exception) -> None:
        """Unless nobody waits any more."""
        if self.told.done():
            return
        if isinstance(outcome, Exception):
            self.told.set_exception(outcome)
        else:
            self.told.set_result(outcome)


class Together(Generic[Asked, Told]):
    """One per process and kind of work.

    `write` does all of these in one transaction and returns, in their order, what each is told: an Exception is raised where it was asked.
    What `write` itself raises takes back all of it; then each is done by itself, so that none has to do with another's fault.
    """

    def __init__(self, write: Callable[[Sequence[Asked]], Awaitable[Sequence[Told | Exception]]]) -> None:
        self._write = write
        self._waiting: list[_Waiting[Asked, Told]] = []
        self._running: set[asyncio.Task[None]] = set()

    async def ask(self, asked: Asked) -> Told:
        """Done when it returns."""
        waiting: _Waiting[Asked, Told] = _Waiting(asked, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        if not self._running:
            self._begin()
        return await waiting.told

    def _begin(self) -> None:
        if not self._waiting or len(self._running) >= AT_ONCE:
            return
        some, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
        task = asyncio.create_task(self._done(some))
        self._running.add(task)
        longer = asyncio.get_running_loop().call_later(LONG, self._begin)

        def ended(task: asyncio.Task[None]) -> None:
            longer.cancel()
            self._running.discard(task)
            self._begin()

        task.add_done_callback(ended)

    async def _done(self, some: Sequence[_Waiting[Asked, Told]]) -> None:
        try:
            outcomes = await self._write([each.asked for each in some])
        except Exception as failed:  # noqa: BLE001  # whoever asked is told
            if len(some) == 1:
                some[0].tell(failed)
                return
            await asyncio.gather(*(self._done([each]) for each in some))
            return
        for each, outcome in zip(some, outcomes, strict=True):
            each.tell(outcome)
