"""What every channel received, newest state only, in a bounded ring that can be followed from any point."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import AsyncIterator
from typing import Any

SIZE = 400


class Feed:
    """Things by key; each change gives its thing the next sequence number, so whoever saw N needs only what is above N.

    `boot` tells two processes apart: a reader that comes back to another one starts over.
    """

    def __init__(self, size: int = SIZE) -> None:
        self.boot = secrets.token_hex(3)
        self.watchers = 0
        self._size = size
        self._sequence = 0
        self._things: OrderedDict[str, tuple[int, dict[str, Any]]] = OrderedDict()
        self._news = asyncio.Event()
        self._over = False

    def put(self, key: str, thing: dict[str, Any]) -> None:
        """Adds it, or shows it in its new state; the thing that has not changed for longest makes room."""
        self._sequence += 1
        self._things[key] = (self._sequence, thing)
        self._things.move_to_end(key)
        if len(self._things) > self._size:
            self._things.popitem(last=False)
        self._ring()

    def get(self, key: str) -> dict[str, Any] | None:
        """The thing as it is now; None when it was never there or had to make room."""
        found = self._things.get(key)
        return found[1] if found else None

    def after(self, sequence: int) -> list[tuple[int, dict[str, Any]]]:
        """What changed since then, in the order in which it did."""
        found: list[tuple[int, dict[str, Any]]] = []
        for number, thing in reversed(self._things.values()):
            if number <= sequence:
                break
            found.append((number, thing))
        return found[::-1]

    async def follow(self, sequence: int, beat: float) -> AsyncIterator[list[tuple[int, dict[str, Any]]]]:
        """Batches of changes as they come, an empty one every `beat` seconds without any; ends with `end`."""
        self.watchers += 1
        try:
            while not self._over:
                news, batch = self._news, self.after(sequence)
                if batch:
                    sequence = batch[-1][0]
                    yield batch
                    continue
                try:
                    await asyncio.wait_for(news.wait(), beat)
                except TimeoutError:
                    yield []
        finally:
            self.watchers -= 1

    def end(self) -> None:
        """Lets every follower go."""
        self._over = True
        self._ring()

    def _ring(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
