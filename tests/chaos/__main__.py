"""`make chaos`: kills, outages, a clock that is set, lost replies, tickets that come together, a stream. Exit code 1: a goal was missed."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.databases import Databases
from tests.chaos import clocks, crashes, events, files, outage, replies, rules, soak
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


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for; None and 0: not this time."""

    plans: tuple[Plan, ...]
    seed: int | None
    outages: outage.Outages | None
    crashes: int
    clocks: tuple[str, ...]  # databases
    apart: float  # seconds between two steps of the clock
    losing: int  # replies of Slack's
    files: int  # kills of an import or a reconciliation, on each database
    events: int  # kills while events are worked, on each database
    rules: int  # histories whose tickets arrive together, on each database
    minutes: float


async def main(asked: Asked) -> int:
    """The exit code."""
    code = 0
    with Databases() as databases:
        for plan in asked.plans:
            outcome = await run(plan, databases, asked.seed)
            code |= _said(outcome.line(plan.dialect), missed(plan, outcome), outcome.complaints)
        if asked.outages is not None:
            away = await outage.run(asked.outages, databases)
            code |= _said(away.line(), away.missed(asked.outages.plan), away.complaints)
        if asked.crashes:
            crashed = await crashes.run(asked.crashes, databases)
            code |= _said(crashed.line(), crashed.missed(crashes.plan(asked.crashes)), crashed.complaints)
        for dialect in asked.clocks:
            stepped = await clocks.run(dialect, asked.apart, databases)
            code |= _said(stepped.line(), stepped.missed(clocks.plan(dialect, asked.apart)), stepped.complaints)
        for dialect in ("sqlite", "postgresql") if asked.losing else ():
            told = await replies.run(dialect, asked.losing, databases)
            code |= _said(told.line(), told.missed(asked.losing), "")
        for dialect in ("sqlite", "postgresql") if asked.files else ():
            came = await files.run(dialect, asked.files, databases, seed=asked.seed)
            code |= _said(came.line(), came.missed(asked.files), "")
        for dialect in ("sqlite", "postgresql") if asked.events else ():
            worked = await events.run(dialect, asked.events, databases, seed=asked.seed)
            code |= _said(worked.line(), worked.missed(asked.events), "")
        for dialect in ("sqlite", "postgresql") if asked.rules else ():
            ruled = await rules.run(dialect, asked.rules, databases, seed=asked.seed)
            code |= _said(ruled.line(), ruled.faults(), "")
        if asked.minutes:
            soaked = await soak.run(asked.minutes, databases)
            code |= _said(soaked.line(), soaked.missed(soak.plan(asked.minutes)), "")
    return code


def _said(line: str, wrong: list[str], complaints: str) -> int:
    print(line, flush=True)
    if wrong:
        print(f"  missed: {'; '.join(wrong)}\n{complaints}", file=sys.stderr)
    return int(bool(wrong))


def asked(arguments: list[str]) -> Asked:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="make chaos ARGS=…", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--short", action="store_true", help="20 seconds on each database, and seconds of the others")
    names = ("postgresql", "sqlite", "outage", "crashes", "clock", "replies", "import", "events", "rules", "soak")
    parser.add_argument("--only", choices=names, help="one of them alone")
    parser.add_argument("--minutes", type=float, help="how long the steady stream lasts; 120 to see that nothing grows")
    parser.add_argument("--seed", type=int, help="the same victims at the same moments (what happens then is still up to the machine)")
    given = parser.parse_args(arguments)
    only: Callable[[str], bool] = lambda name: given.only in (None, name)  # noqa: E731
    return Asked(
        tuple(plan for plan in (SHORT if given.short else LONG) if only(plan.dialect)), given.seed,
        (outage.SHORT if given.short else outage.LONG) if only("outage") else None,
        (2 if given.short else 10) if only("crashes") else 0,
        ("sqlite", "postgresql") if only("clock") else (), 3.0 if given.short else 10.0,
        (60 if given.short else 500) if only("replies") else 0,
        (5 if given.short else 100) if only("import") else 0,
        (5 if given.short else 100) if only("events") else 0,
        (30 if given.short else 1000) if only("rules") else 0,
        (given.minutes or (0.5 if given.short else 3)) if only("soak") else 0,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(asyncio.run(main(asked(sys.argv[1:]))))
