"""`/ticket show` and `claim` over HTTP, through signature, permission, database and card, beside a bare slack-bolt on the same core."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from sqlalchemy import Connection, text

from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.idle import fill
from tests.bench.load import Load, command, fire
from tests.bench.table import Figure, at_most, middle

TICKETS, ROUNDS, SHOWS, ALONE = 10_000, 6, 800, 60
# As shipped, bolt looks every 10 ms whether it has acknowledged, so its rate is that of the connections: sixteen make the 1,300/s that
# are known of it. The more there are, the less its waiting shows, until the core is full: that is printed, too.
FEW, MANY = 16, 32
Make = Callable[[], list[bytes]]


@dataclass(slots=True)
class Series:
    """One kind of load on one server, in rounds that alternate with the others: what the machine does besides then hits all alike."""

    port: int
    make: Make
    connections: int
    words: bytes
    loads: list[Load] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers per second in the middle round."""
        return middle([load.per_second for load in self.loads])

    @property
    def p50(self) -> float:
        """ms."""
        return 1e3 * middle([each for load in self.loads for each in load.times])


async def measured(databases: Databases) -> list[Figure]:
    """All servers on one core, loaded in turn; the generator has the other core, where there is one."""
    before = os.sched_getaffinity(0)
    with ExitStack() as running:
        try:
            os.sched_setaffinity(0, {max(before)})
            series = await _series(databases, running, min(before))
            for turn in range(ROUNDS + 1):
                for each in series.values():
                    load = await fire(each.port, each.make(), each.connections, each.words)
                    each.loads += [load] if turn or load.wrong else []  # the first round warms up
        finally:
            os.sched_setaffinity(0, before)
    return _figures(series)


def _figures(series: dict[str, Series]) -> list[Figure]:
    loads = [load for each in series.values() for load in each.loads]
    wrong, first = sum(load.wrong for load in loads), next((load.first_wrong for load in loads if load.wrong), b"")
    return [
        _rate(series, "show sqlite", "bolt", 0.5), _rate(series, "claim sqlite", "bolt", 0.25), _alone(series, "alone sqlite", goal=True),
        at_most("wrong answers", wrong, 0, "", floor=repr(first)[:80] if wrong else "", digits=0),
        _rate(series, "show sqlite 32", "bolt 32"), _rate(series, "show sqlite", "bolt before"),
        _rate(series, "show postgresql", "bolt"), _rate(series, "claim postgresql", "bolt"), _alone(series, "alone postgresql"),
    ]  # fmt: skip


def _rate(series: dict[str, Series], name: str, floor: str, share: float | None = None) -> Figure:
    """Held to a share of its floor, or only told."""
    mine, other = series[name].rate, series[floor].rate
    goal, ok = (f"≥ {share:g} ×", mine >= share * other) if share else ("", None)
    said = f"{other:,.0f}/s, {floor.replace('before', 'with process_before_response')}"
    return Figure(f"{name}, {series[name].connections} at once", f"{mine:,.0f}/s", said, mine / other, goal, ok)


def _alone(series: dict[str, Series], name: str, *, goal: bool = False) -> Figure:
    mine, other = series[name].p50, series["bolt alone"].p50
    said = (f"{mine:.1f} ms", f"{other:.1f} ms, bolt alone", mine / other)
    return Figure(f"show {name}: p50", *said, "< floor" if goal else "", mine < other if goal else None)


async def _series(databases: Databases, running: ExitStack, core: int) -> dict[str, Series]:
    shipped = _bolt(databases, running, core)
    quick = _bolt(databases, running, core, "--process-before-response")
    found = {
        "bolt": Series(shipped, _shows(SHOWS), FEW, b"hello"), "bolt 32": Series(shipped, _shows(SHOWS), MANY, b"hello"),
        "bolt before": Series(quick, _shows(SHOWS), FEW, b"hello"), "bolt alone": Series(shipped, _shows(ALONE), 1, b"hello"),
    }  # fmt: skip
    for dialect in ("sqlite", "postgresql"):
        port, new = await _desk(databases, running, core, dialect)
        found[f"show {dialect}"] = Series(port, _shows(SHOWS), FEW, b"T-")
        found[f"show {dialect} 32"] = Series(port, _shows(SHOWS), MANY, b"T-")
        found[f"claim {dialect}"] = Series(port, _claims(new), FEW, b"T-")
        found[f"alone {dialect}"] = Series(port, _shows(ALONE), 1, b"T-")
    return found


def _bolt(databases: Databases, running: ExitStack, core: int, *options: str) -> int:
    port = program.free_port()
    process = program.start(["-m", "tests.bench.bolt_hello", "--port", str(port), *options], databases.folder, core=core)
    running.callback(program.end, process)
    _wait_listening(process, port)
    return port


async def _desk(databases: Databases, running: ExitStack, core: int, dialect: str) -> tuple[int, list[int]]:
    """The port of the real program, every edge loaded, logging as it does; and the tickets that nobody has claimed."""
    url = await databases.new(dialect)
    await inside(url, lambda connection: fill(connection, TICKETS))
    new = await inside(url, _unclaimed)
    port = program.free_port()
    settings = {"database_url": url, "port": str(port), **program.slack("http://127.0.0.1:9/api/")}
    process = program.serve(databases.folder, settings, core=core)
    running.callback(program.end, process)
    await asyncio.to_thread(program.wait_ready, process, port)
    return port, new


def _shows(many: int) -> Make:
    turn = iter(range(1_000_000_000))
    return lambda: [command(f"show {1001 + index * 7919 % TICKETS}", f"show.{index}") for index in (next(turn) for _ in range(many))]


def _claims(new: Sequence[int]) -> Make:
    """Each on a ticket of its own."""
    left = iter(new)
    share = len(new) // (ROUNDS + 1)
    return lambda: [command(f"claim {number}", f"claim.{number}") for number in (next(left) for _ in range(share))]


def _unclaimed(connection: Connection) -> list[int]:
    return [row[0] for row in connection.execute(text("SELECT number FROM tickets WHERE state = 'new' ORDER BY number"))]


def _wait_listening(process: subprocess.Popen[bytes], port: int) -> None:
    """bolt has nothing that one could GET."""
    for _ in range(1000):
        assert process.poll() is None, "the floor's server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
