"""`make bench`: a table of figures; `make bench ARGS="commands start"` measures some. Exit code 1: a goal was missed."""

from __future__ import annotations

import argparse
import asyncio
import sys
import time
from collections.abc import Sequence

from tests.bench import (
    audits,
    both,
    bursts,
    calendars,
    callbacks,
    classifying,
    commands,
    delivering,
    finding,
    idle,
    importing,
    ingest,
    lateness,
    permission,
    start,
    stats,
    sweeps,
    tongues,
)
from tests.bench.databases import Databases
from tests.bench.table import Figure, table

BENCHES = {
    "start": start.measured, "commands": commands.measured, "sweeps": sweeps.measured, "delivering": delivering.measured,
    "bursts": bursts.measured, "permission": permission.measured, "both": both.measured, "callbacks": callbacks.measured,
    "idle": idle.measured, "lateness": lateness.measured, "calendars": calendars.measured, "audits": audits.measured,
    "finding": finding.measured, "importing": importing.measured, "ingest": ingest.measured, "classifying": classifying.measured,
    "stats": stats.measured, "tongues": tongues.measured,
}  # fmt: skip


async def main(names: Sequence[str]) -> int:
    """The exit code."""
    found: list[Figure] = []
    with Databases() as databases:
        for name in names or BENCHES:
            started = time.perf_counter()
            found += await BENCHES[name](databases)
            print(f"measured {name} in {time.perf_counter() - started:.0f} s", file=sys.stderr, flush=True)
    print(table(found))
    missed = sum(each.ok is False for each in found)
    if missed:
        print(f"\n{missed} of {sum(each.ok is not None for each in found)} goals missed")
    return 1 if missed else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make bench ARGS=…", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[[], *BENCHES], help="which; all without any")
    sys.exit(asyncio.run(main(parser.parse_args().names)))
