"""`make chaos`: PostgreSQL with three workers, SQLite with its one process, then outages; one line each. Exit code 1: a goal was missed."""

from __future__ import annotations

import argparse
import asyncio
import sys

from tests.bench.databases import Databases
from tests.chaos import outage
from tests.chaos.goals import missed
from tests.chaos.plan import Plan
from tests.chaos.run import run

LONG = (
    Plan("postgresql", processes=3, tickets=3060, seconds=190, kills=190),
    Plan("sqlite", processes=1, tickets=1500, seconds=130, kills=65),
)
# One tier of each ticket: 20 seconds are too short for more.
SHORT = (
    Plan("postgresql", processes=3, tickets=900, seconds=20, kills=18, tiers=1),
    Plan("sqlite", processes=1, tickets=600, seconds=20, kills=9, tiers=1),
)


async def main(plans: tuple[Plan, ...], seed: int | None, outages: outage.Outages | None) -> int:
    """The exit code."""
    code = 0
    with Databases() as databases:
        for plan in plans:
            outcome = await run(plan, databases, seed)
            print(outcome.line(plan.dialect), flush=True)
            wrong = missed(plan, outcome)
            if wrong:
                print(f"  missed: {'; '.join(wrong)}\n{outcome.complaints}", file=sys.stderr)
                code = 1
        if outages is not None:
            told = await outage.run(outages, databases)
            print(told.line(), flush=True)
            if wrong := told.missed(outages.plan):
                print(f"  missed: {'; '.join(wrong)}\n{told.complaints}", file=sys.stderr)
                code = 1
    return code


def plans(arguments: list[str]) -> tuple[tuple[Plan, ...], int | None, outage.Outages | None]:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make chaos ARGS=…", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--short", action="store_true", help="20 seconds on each database, and seconds of outages")
    parser.add_argument("--only", choices=("postgresql", "sqlite", "outage"), help="one of the databases, or the outages, alone")
    parser.add_argument("--seed", type=int, help="the same victims at the same moments (what happens then is still up to the machine)")
    given = parser.parse_args(arguments)
    chosen = SHORT if given.short else LONG
    outages = (outage.SHORT if given.short else outage.LONG) if given.only in (None, "outage") else None
    return tuple(plan for plan in chosen if given.only in (None, plan.dialect)), given.seed, outages


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*plans(sys.argv[1:]))))
