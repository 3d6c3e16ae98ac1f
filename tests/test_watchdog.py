"""The watchdog: ends a process whose loop or pass has hung, with its stacks; never one that was merely stopped for a while."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PROGRAM = """
import asyncio, sys, time
from datetime import timedelta
from handlers.watchdog import Watchdog
moves = {"escalate": 0, "deliver": 0}
async def passes(names):
    while True:
        for name in names:
            moves[name] += 1
        await asyncio.sleep(0.02)
def hang_here():
    time.sleep(60)
async def main():
    with Watchdog(lambda: dict(moves), timedelta(seconds=1), timedelta(seconds=0.1)).watching():
        task = asyncio.create_task(passes(["escalate"] if "pass" in sys.argv else ["escalate", "deliver"]))
        await asyncio.sleep(0.3)
        print("up", flush=True)
        if "loop" in sys.argv:
            hang_here()
        await asyncio.sleep(2.5)
        task.cancel()
asyncio.run(main())
"""


def started(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, *words]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


@pytest.mark.parametrize(("hangs", "named"), [("loop", "the event loop"), ("pass", "deliver")])
def test_what_hangs_is_ended_with_its_stacks_so_that_it_is_started_anew(hangs: str, named: str) -> None:
    process = started(hangs)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 70
    assert named in errors.splitlines()[0]
    assert "did not move for 1 s" in errors
    assert ("hang_here" in errors) == (hangs == "loop"), "where it hangs stands in its stacks"


def test_what_was_stopped_for_longer_than_the_limit_goes_on_as_if_nothing_had_been() -> None:
    process = started()
    os.kill(process.pid, signal.SIGSTOP)
    time.sleep(1.5)
    os.kill(process.pid, signal.SIGCONT)
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
