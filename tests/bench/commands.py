"""`/ticket show` and `claim` over HTTP, through signature, permission, database and card, beside a bare slack-bolt on the same core."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.idle import fill
from tests.bench.load import Load, command, fire
from tests.bench.table import Figure, at_least, at_most, middle

SERVER, CLIENT = 0, 1  # cores; on a machine with one they share it, the floor too
TICKETS, SHOWS, ALONE, CONNECTIONS = 10_000, 4000, 300, 32


async def measured(databases: Databases) -> list[Figure]:
    """The floor first, as shipped and as the desk uses it; then the desk on each database."""
    before = os.sched_getaffinity(0)
    server, client = min(before), max(before)
    try:
        os.sched_setaffinity(0, {client})
        shipped = await _bolt(databases, server)
        quick = await _bolt(databases, server, "--process-before-response")
        sqlite = await _desk(databases, server, "sqlite")
        postgres = await _desk(databases, server, "postgresql")
    finally:
        os.sched_setaffinity(0, before)
    hello, alone = shipped
    show, claim, single = sqlite
    wrong = sum(each.wrong for each in (*sqlite, *postgres, *shipped, *quick))
    first = next((each.first_wrong for each in (*sqlite, *postgres, *shipped, *quick) if each.wrong), b"")
    p50, floor = (1e3 * middle(each.times) for each in (single, alone))
    return [
        at_least("show, SQLite", show.per_second, hello.per_second, 0.5, "/s"),
        at_least("claim, SQLite", claim.per_second, hello.per_second, 0.25, "/s"),
        Figure("show alone, SQLite: p50", f"{p50:.1f} ms", f"{floor:.1f} ms", p50 / floor, "< floor", p50 < floor),
        at_most("wrong answers", wrong, 0, "", floor=repr(first)[:80] if wrong else "", digits=0),
        _known("show, PostgreSQL", postgres[0].per_second, hello.per_second),
        _known("claim, PostgreSQL", postgres[1].per_second, hello.per_second),
        Figure("show alone, PostgreSQL: p50", f"{1e3 * middle(postgres[2].times):.1f} ms", f"{floor:.1f} ms"),
        _known("show, SQLite, by bolt with process_before_response", show.per_second, quick[0].per_second),
    ]


def _known(name: str, value: float, floor: float) -> Figure:
    return Figure(name, f"{value:,.0f}/s", f"{floor:,.0f}/s", value / floor)


async def _bolt(databases: Databases, core: int, *options: str) -> tuple[Load, Load]:
    port = program.free_port()
    with _running(program.start(["-m", "tests.bench.bolt_hello", "--port", str(port), *options], databases.folder, core=core)) as process:
        await asyncio.to_thread(_answers, process, port)
        many = await _shows(port, SHOWS, CONNECTIONS, b"hello")
        return many, await _shows(port, ALONE, 1, b"hello")


async def _desk(databases: Databases, core: int, dialect: str) -> tuple[Load, Load, Load]:
    url = await databases.new(dialect)
    await inside(url, lambda connection: fill(connection, TICKETS))
    new = await inside(url, _unclaimed)
    port = program.free_port()
    settings = {"database_url": url, "port": str(port), **program.slack("http://127.0.0.1:9/api/")}
    with _running(program.serve(databases.folder, settings, core=core)) as process:
        await asyncio.to_thread(program.wait_ready, process, port)
        show = await _shows(port, SHOWS, CONNECTIONS, b"T-")
        claim = await fire(port, [command(f"claim {number}", f"claim.{number}") for number in new], CONNECTIONS, b"T-")
        return show, claim, await _shows(port, ALONE, 1, b"T-")


async def _shows(port: int, many: int, connections: int, words: bytes) -> Load:
    await fire(port, [_show(index, "warm") for index in range(connections * 10)], connections, words)
    return await fire(port, [_show(index, f"{connections}") for index in range(many)], connections, words)


def _show(index: int, mark: str) -> bytes:
    return command(f"show {1001 + index * 7919 % TICKETS}", f"show.{mark}.{index}")


def _unclaimed(connection: Connection) -> list[int]:
    return [row[0] for row in connection.execute(text("SELECT number FROM tickets WHERE state = 'new' ORDER BY number"))]


def _answers(process: subprocess.Popen[bytes], port: int) -> None:
    """bolt has nothing to GET: any answer at all will do."""
    import socket
    import time

    for _ in range(1000):
        assert process.poll() is None, "the floor's server ended"
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)


@contextmanager
def _running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    try:
        yield process
    finally:
        program.end(process)
