"""`python -m tests.chaos.off FILE WORDS…`: run_bot.py WORDS, on a machine whose clock is as many seconds off as FILE says at the time.

Only what somebody can set is off: the wall clock of the whole process, whoever reads it. Counters that nobody sets go on.
"""

from __future__ import annotations

import runpy
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import time_machine

from bot.clock import SystemClock
from tests.bench.program import ROOT

LOOK = 0.02  # seconds


def _keep(file: Path) -> None:
    """For ever. `true` is when we began, carried on by a counter."""
    wall = SystemClock().now
    began, count = wall(), time.monotonic()
    now, set_to = timedelta(), None
    while True:
        wanted = timedelta(seconds=float(file.read_text() or 0))
        if wanted != now:
            true = began + timedelta(seconds=time.monotonic() - count)
            if set_to is not None:
                set_to.stop()
            set_to = time_machine.travel(true + wanted, tick=True)
            set_to.start()
            now = wanted
            with file.with_suffix(".seen").open("a") as seen:
                seen.write(f"{round((wall() - true).total_seconds())}\n")
        time.sleep(LOOK)


if __name__ == "__main__":
    threading.Thread(target=_keep, args=(Path(sys.argv[1]),), daemon=True).start()
    sys.argv = [str(ROOT / "run_bot.py"), *sys.argv[2:]]
    runpy.run_path(sys.argv[0], run_name="__main__")
