"""Ends a process whose event loop or passes have hung, with every thread's stack on stderr, so that its supervisor starts it anew.

A thread looks whether they moved since its last look and counts its own looks, not time: where the machine slept or the process was
stopped, the thread was as well, and nothing is held against anybody.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta

LIMIT, EVERY = timedelta(seconds=120), timedelta(seconds=5)
HUNG = 70  # the exit code: EX_SOFTWARE of sysexits.h
LOOP = "the event loop"


class Watchdog:
    """`moves` counts, by name, how often each pass has begun or ended; it is asked from another thread."""

    def __init__(self, moves: Callable[[], Mapping[str, int]], limit: timedelta = LIMIT, every: timedelta = EVERY) -> None:
        self._moves, self._every, self._looks = moves, every.total_seconds(), max(1, round(limit / every))
        self._turns = 0
        self._stopped = threading.Event()

    @contextmanager
    def watching(self) -> Iterator[None]:
        """For as long as this lasts; needs a running loop."""
        thread = threading.Thread(target=self._watch, args=(asyncio.get_running_loop(),), name="watchdog", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stopped.set()

    def _watch(self, loop: asyncio.AbstractEventLoop) -> None:
        before: dict[str, int] = {}
        still: dict[str, int] = {}
        while not self._stopped.wait(self._every):
            now = {**self._moves(), LOOP: self._turns}
            still = {name: still.get(name, 0) + 1 if before.get(name) == count else 0 for name, count in now.items()}
            before = now
            hung = [name for name, looks in still.items() if looks >= self._looks + (name != LOOP)]  # it answers a look later
            if hung:
                _end(hung, self._looks * self._every)
            try:
                loop.call_soon_threadsafe(self._turned)
            except RuntimeError:
                return  # the loop is closed: the process ends by itself

    def _turned(self) -> None:
        self._turns += 1


def _end(hung: list[str], seconds: float) -> None:
    """At once: whoever takes over goes by what is in the database alone."""
    print(f"run_bot: {', '.join(hung)} did not move for {seconds:.0f} s; ending, to be started anew", file=sys.stderr, flush=True)
    faulthandler.dump_traceback(all_threads=True)
    sys.stderr.flush()
    os._exit(HUNG)
