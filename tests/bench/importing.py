"""A file of a hundred thousand tickets with fifty bad rows: rows per second from the file to the commit, and which rows were told."""

from __future__ import annotations

import time
from pathlib import Path

import run_bot
from bot.clock import SystemClock
from bot.messages import Doc
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, merchant_id
from tests.bench.idle import desk
from tests.bench.table import Figure, at_least, at_most

ROWS, BAD, MERCHANTS = 100_000, 50, 10
LEAST = 5_000.0  # rows per second
HEAD = "external_id,shop_id,order_no,subject,message,state,priority,category,created_at,closed_at,buyer.name,buyer.phone\n"
WRONG = (
    "x,nowhere,,S,M,new,,,,,,\n", "x,{shop},,,M,new,,,,,,\n", "x,{shop},,S,M,lost,,,,,,\n", "x,{shop},,S,M,closed,,,2026-01-05,,,\n",
    'x,{shop},,"never closed,M,new,,,,,,\n',
)  # fmt: skip


async def measured(databases: Databases) -> list[Figure]:
    """Both databases."""
    file = databases.folder / "tickets.csv"
    bad = _write(file)
    found = []
    for dialect in ("sqlite", "postgresql"):
        url = await databases.new(dialect)
        await inside(url, lambda connection: add_merchants(connection, MERCHANTS, SystemClock().now()))
        async with desk(url) as bot:
            run_bot._settled()  # as the command line does
            for turn in ("", ", the same file again"):
                told: list[Doc] = []
                with file.open("rb") as stream:
                    started = time.perf_counter()
                    run = await bot.desk.files.local(stream, "import", file.name, by="bench", within=None, options={})
                    run.said = told.extend
                    while (job := await run.step()).state != "done":
                        pass
                    rate = ROWS / (time.perf_counter() - started)
                came = job.known if turn else job.added
                found += [
                    at_least(f"{dialect}: import of {ROWS:,} tickets{turn}, rows/s", rate, LEAST, 1, ""),
                    at_most(f"{dialect}: rows of it that did not come{turn}", ROWS - BAD - came, 0, "", digits=0),
                    at_most(f"{dialect}: of {BAD} bad rows not told with their number{turn}", _untold(bad, told), 0, "", digits=0),
                ]
    return found


def _untold(bad: set[int], told: list[Doc]) -> int:
    return len(bad ^ {each["row"] for each in told}) + len(told) - len({each["row"] for each in told})


def _write(file: Path) -> set[int]:
    """The rows that are bad."""
    every, bad = ROWS // BAD, set()
    with file.open("w", encoding="utf-8") as out:
        out.write(HEAD)
        for n in range(ROWS):
            shop = f"shop-{merchant_id(n % MERCHANTS)}"
            if n % every == every // 2:
                bad.add(n + 2)
                out.write(WRONG[n // every % len(WRONG)].format(shop=shop))
                continue
            state = ("new", "open", "closed", "archived")[n % 4]
            closed = "2026-01-07 18:00" if n % 4 > 1 else ""
            out.write(
                f'Z-{n},{shop},SP-{n},包裹没有收到 {n},"I paid on the 3rd, it has not come. 请尽快处理。",{state},normal,refund_delay,'
                f"2026-01-05 09:30,{closed},Tan Wei,+65 6123 4567\n"
            )
    return bad
