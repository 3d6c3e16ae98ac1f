"""One sweeper as a process of its own: `python -m tests.bench.sweeper URL BEGIN` prints how many seconds it took."""

from __future__ import annotations

import asyncio
import sys

from tests.bench.sweeps import sweep

if __name__ == "__main__":
    print(asyncio.run(sweep(sys.argv[1], begin=float(sys.argv[2]))), flush=True)
