"""`import` and `reconcile` killed at random moments and started anew, again and again: what was lost, and what came in twice."""

from __future__ import annotations

import asyncio
import random
import subprocess
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from bot.clock import SystemClock
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, merchant_id

ROWS, WRONG, LINES, AGREE = 30_000, 15, 1_200, 900  # of each file: rows, those that are bad; a statement's lines, those that agree
SPAN = 0.9  # seconds after its start in which a process is killed


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `under_way`: kills that met a file in its midst, and no process that was still starting or about to end."""

    dialect: str
    kills: int
    under_way: int
    rows: int
    lost: int
    doubled: int
    unsaid: int  # bad rows that were not told, or told twice
    faults: tuple[str, ...]

    def line(self) -> str:
        """The one line."""
        return (
            f"chaos files on {self.dialect}: kills {self.kills}, in the midst of a file {self.under_way}  rows {self.rows:,}  "
            f"lost {self.lost}  doubled {self.doubled}  bad rows not told once {self.unsaid}"
        )

    def missed(self, kills: int) -> list[str]:
        """Every goal that was missed, in words."""
        checks = {
            f"{self.under_way} of {kills} kills in the midst of a file": self.under_way < kills,
            f"{self.lost} lost": self.lost > 0,
            f"{self.doubled} doubled": self.doubled > 0,
            f"{self.unsaid} bad rows not told once": self.unsaid > 0,
            "; ".join(self.faults): bool(self.faults),
        }
        return [said for said, wrong in checks.items() if wrong]


async def run(dialect: str, kills: int, databases: Databases, *, rows: int = ROWS, seed: int | None = None) -> Told:
    """Files are imported and statements compared, in turn, until `kills` of the kills have met one in its midst."""
    url = await databases.new(dialect)
    await inside(url, lambda connection: add_merchants(connection, 1, SystemClock().now()))
    killer = _Killer(url, databases.folder, random.Random(seed))
    rounds = 0
    while killer.under_way < kills:
        rounds += 1
        orders, tickets, statement = _files(databases.folder, rounds, rows)
        await killer.whole("import", orders)
        await killer.worked("import", tickets)
        await killer.worked("reconcile", statement, "--merchant", merchant_id(0), "--most", "100000")
        if len(killer.faults) > 3:
            break
    found = await inside(url, _found)
    return _told(dialect, killer, rounds, rows, found)


class _Killer:
    def __init__(self, url: str, folder: Path, chance: random.Random) -> None:
        self._settings, self._url, self._folder, self._chance = {"database_url": url}, url, folder, chance
        self._starting, self._done = 1.0, 0
        self.kills = self.under_way = 0
        self.faults: list[str] = []

    async def whole(self, *words: str | Path) -> None:
        """Not killed; how long a process needs to start is seen by it."""
        began = time.perf_counter()
        process = self._started(words)
        code = await asyncio.to_thread(process.wait, 120)
        self._starting = time.perf_counter() - began
        self._ended(code, words)

    async def worked(self, *words: str | Path) -> None:
        """Killed and started anew until one comes to its end."""
        while True:
            process = self._started(words)
            wait = self._starting * 0.7 + self._chance.random() * SPAN
            try:
                self._ended(await asyncio.to_thread(process.wait, wait), words)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                self.kills += 1
                midst, done = await inside(self._url, _in_the_midst)
                self.under_way += midst
                # On a busy machine a process may need longer: one that is killed before it has done anything would never come to an end.
                self._starting *= 0.95 if done > self._done else 1.2
                self._done = done
            else:
                return

    def _started(self, words: Sequence[str | Path]) -> subprocess.Popen[bytes]:
        return program.start([str(program.ROOT / "run_bot.py"), *map(str, words)], self._folder, self._settings)

    def _ended(self, code: int, words: Sequence[str | Path]) -> None:
        if code != 0:
            self.faults.append(f"{words[0]} ended with {code}")


def _files(folder: Path, number: int, rows: int) -> tuple[Path, Path, Path]:
    """Orders, tickets, and a statement of the orders in which a quarter is unknown. All have names of this round."""
    shop, at = f"shop-{merchant_id(0)}", "2026-11-01T08:00:00Z"
    orders, tickets, statement = (folder / f"{name}{number}.csv" for name in ("orders", "tickets", "statement"))
    head = "shop_id,order_no,total.amount,total.currency,payment.provider,payment.channel_id,payment.transaction_id,payment.paid_at\n"
    orders.write_text(head + "".join(f"{shop},O{number}-{n},5.00,SGD,uqpay,C1,PI{number}-{n},{at}\n" for n in range(AGREE)))
    bad = {n * (rows // WRONG) for n in range(WRONG)}
    lines = (f"{number}-{n},{shop},{'' if n in bad else f'R{number}-{n}'},It broke,new\n" for n in range(rows))
    tickets.write_text("external_id,shop_id,subject,message,state\n" + "".join(lines))
    paid = (f"PI{number}-{n},payment,5.00,SGD\n" for n in range(LINES))
    statement.write_text("transaction_id,type,gross,currency\n" + "".join(paid))
    return orders, tickets, statement


def _in_the_midst(connection: Connection) -> tuple[bool, int]:
    """Whether a file has been begun and not ended; and how far all of them are."""
    midst = connection.execute(text("SELECT count(*) FROM jobs WHERE state = 'local' AND position > 0")).scalar_one()
    return bool(midst), int(connection.execute(text("SELECT coalesce(sum(position), 0) FROM jobs")).scalar_one())


def _found(connection: Connection) -> dict[str, Any]:
    if connection.dialect.name == "sqlite":
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    one = lambda sql: connection.execute(text(sql)).scalar_one()  # noqa: E731
    return {
        "subjects": [row[0] for row in connection.execute(text("SELECT subject FROM tickets"))],
        "logged": one("SELECT count(DISTINCT ticket) FROM timeline"),
        # one that is killed between its last row and its end is started anew, and tells them anew
        "told": connection.execute(text(
            "SELECT bad, (SELECT count(*) FROM job_errors WHERE job = jobs.id) FROM jobs WHERE name LIKE 'tickets%'"
        )).all(),
        "added": one("SELECT coalesce(sum(added), 0) FROM jobs"),
        "undone": one("SELECT count(*) FROM jobs WHERE state <> 'done'"), "lines": one("SELECT count(*) FROM statement_lines"),
    }  # fmt: skip


def _told(dialect: str, killer: _Killer, rounds: int, rows: int, found: dict[str, Any]) -> Told:
    """Counted against what the files hold."""
    came = Counter(subject.rpartition(": ")[2].partition(",")[0] for subject in found["subjects"])
    bad = {n * (rows // WRONG) for n in range(WRONG)}
    due = [f"R{each}-{n}" for each in range(1, rounds + 1) for n in range(rows) if n not in bad]
    due += [f"PI{each}-{n}" for each in range(1, rounds + 1) for n in range(AGREE, LINES)]
    faults = [*killer.faults]
    for name, value, right in (
        ("jobs not done", found["undone"], 0), ("lines left behind", found["lines"], 0),
        ("tickets with a timeline", found["logged"], len(due)), ("rows counted as added", found["added"], len(due) + rounds * AGREE),
    ):  # fmt: skip
        faults += [f"{name}: {value} instead of {right}"] if value != right else []
    return Told(
        dialect, killer.kills, killer.under_way, rounds * (rows + AGREE + LINES), sum(not came[name] for name in due),
        sum(many - 1 for many in came.values()) + len(came.keys() - set(due)),
        sum(abs(each - WRONG) for counts in found["told"] for each in counts), tuple(faults),
    )  # fmt: skip
