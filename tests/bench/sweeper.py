"""One sweeper as a process of its own: `python -m tests.bench.sweeper URL BEGIN` prints how many seconds it took."""

from __future__ import annotations

import asyncio
import sys

from handlers import logs
from tests.bench.sweeps import sweep

if __name__ == "__main__":
    logs.configure([])  # to stderr: what stands on stdout is the figure
    print(asyncio.run(sweep(sys.argv[1], begin=float(sys.argv[2]))), flush=True)
