"""`run_bot.py retention`: removes at once what the pass would remove bit by bit, with a bar."""

from __future__ import annotations

import sys

from bot.desk import Desk

WIDTH = 30


async def run(desk: Desk) -> None:
    """Goes on where an earlier run was ended."""
    bar = sys.stderr.isatty()

    def told(done: int, total: int) -> None:
        share = done * WIDTH // max(total, 1)
        drawn = f"[{'#' * share}{'.' * (WIDTH - share)}] {done} of {total}"
        print(f"\r{drawn}" if bar else drawn, end="" if bar else "\n", file=sys.stderr, flush=True)

    count = await desk.keeping.all(told)
    if bar and count:
        print(file=sys.stderr)
    print(f"{count} tickets and orders hold nothing personal any more.")
