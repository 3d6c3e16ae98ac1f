"""Whose turn it is where more waits than can be done at once: merchants one by one, so that nobody's storm holds up the others."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable
from typing import Protocol, TypeVar


class Owned(Protocol):
    """Something of a merchant's."""

    @property
    def merchant_id(self) -> str:
        """Whose it is."""
        ...


T = TypeVar("T", bound=Owned)


def by_turns(rows: Iterable[T]) -> deque[T]:
    """One of each merchant's, then the second of each, and so on; a merchant's own stay in their order."""
    lines: dict[str, deque[T]] = defaultdict(deque)
    for row in rows:
        lines[row.merchant_id].append(row)
    waiting, found = deque(lines.values()), deque[T]()
    while waiting:
        line = waiting.popleft()
        found.append(line.popleft())
        if line:
            waiting.append(line)
    return found


def handful(line: deque[T], most: int) -> list[T]:
    """So many from its front, taken off it."""
    return [line.popleft() for _ in range(min(most, len(line)))]
