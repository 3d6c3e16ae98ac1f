"""The plan of a backlog: which deliveries come next, merchants by turns."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.fair import by_turns, handful
from bot.ports import Channel, Placed, Work
from bot.records import Waiting

MOST = 5_000  # rows looked over at once
FRESH = timedelta(seconds=2)  # after so long what came meanwhile gets its turn too


def elsewhere(channels: Mapping[str, Channel]) -> list[str]:
    """The channels on which another process sends: theirs is not ours to take."""
    return [name for name, channel in channels.items() if isinstance(channel, Placed) and not channel.here()]


class Ahead:
    """Empty while the desk keeps up: then the oldest comes first and nothing needs planning."""

    def __init__(self) -> None:
        self._line: deque[Waiting] = deque()
        self._until: datetime | None = None

    def has_some(self, now: datetime) -> bool:
        """Whether there is a plan, and a fresh one."""
        if self._until is None or now >= self._until or now < self._until - FRESH:
            self._line.clear()
        return bool(self._line)

    async def look(self, work: Work, now: datetime, but: Sequence[str]) -> None:
        """Plans anew."""
        self._line = by_turns(await work.read(lambda stores: stores.outbox.waiting(now, MOST, but)))
        self._until = now + FRESH

    def next(self, most: int) -> list[Waiting]:
        """The next ones, taken off the plan."""
        return handful(self._line, most)
