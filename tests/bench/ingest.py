"""Tickets over the API and UQPAY's events, all of the work included, beside bare transactions of two rows at the same database."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
from sqlalchemy import text

from bot.clock import SystemClock
from storage.urls import database, sqlite_file
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, merchant_id
from tests.bench.load import Load, fire
from tests.bench.table import Figure, at_least, at_most, middle
from tests.payments.sending import SECRETS, sample, signed

CONNECTIONS, MANY, HALF_SECONDS = 8, 2_000, 6
SHARE, P99 = 0.1, 100.0  # of the floor's rate; ms at half of our own
ALERT = sample("uqpay_alert")
TABLES = ("CREATE TABLE bare_tickets (id BIGINT PRIMARY KEY, doc TEXT)", "CREATE TABLE bare_events (id BIGINT PRIMARY KEY, doc TEXT)")
DOC = json.dumps(ALERT)


async def measured(databases: Databases) -> list[Figure]:
    """Both databases."""
    return [each for dialect in ("sqlite", "postgresql") for each in await _figures(databases, dialect)]


async def _figures(databases: Databases, dialect: str) -> list[Figure]:
    before = await _bare(await databases.new(dialect), dialect)
    found, waits = {}, {}
    for name in ("tickets", "events"):
        async with AsyncExitStack() as running:
            url, port = await _served(databases, running, dialect)
            await fire(port, list(_requests(name, port, 0, 200)), CONNECTIONS, b"")  # warms up
            await _worked(url, 200)
            started = time.perf_counter()
            load = await fire(port, list(_requests(name, port, 1, MANY)), CONNECTIONS, b"")
            await _worked(url, 200 + MANY)
            found[name] = MANY / (time.perf_counter() - started)
            waits[name] = await _half(port, name, found[name] / 2)
            _right(load, name)
    floor = 2 / (1 / before + 1 / await _bare(await databases.new(dialect), dialect))
    calls = {"tickets": "POST /v1/tickets", "events": "UQPAY's events"}
    return [
        figure
        for name, said in calls.items()
        for figure in (
            at_least(f"{dialect}: {said} over {CONNECTIONS} connections, all worked", found[name], floor, SHARE, "/s"),
            at_most(f"{dialect}: {said} at half that load: p99", waits[name], P99, " ms", digits=1),
        )
    ]


def _right(load: Load, name: str) -> None:
    good = load.wrong == 0 or name == "tickets"  # those are answered 201, which the load does not know
    if not good:
        raise RuntimeError(f"{load.wrong} wrong answers: {load.first_wrong!r}")


def _requests(name: str, port: int, series: int, many: int) -> Iterator[bytes]:
    """Prepared, and signed now: good for five minutes."""
    for number in range(many):
        yield _request(*_call(name, f"{series}-{number}"), port)


def _call(name: str, id: str) -> tuple[str, bytes, dict[str, str]]:
    if name == "tickets":
        body = {"shop_id": f"shop-{merchant_id(0)}", "subject": f"Case {id}", "message": "Nothing has arrived.", "category": "not_received"}
        return "/v1/tickets", json.dumps(body).encode(), {"Authorization": f"Bearer {program.ADMIN}", "Content-Type": "application/json"}
    told = SystemClock().now().isoformat(timespec="seconds")  # of now: an old one's deadline would have passed, and would ring at once
    data = {**ALERT["data"], "payment_intent_id": f"PI-{id}", "merchant_order_id": f"O-{id}"}
    data |= {"alert_create_time": told, "alert_update_time": told}
    raw = json.dumps({**ALERT, "event_id": id, "source_id": f"Case-{id}", "data": data}).encode()
    return "/v1/events/uqpay?connection=uqpay", raw, signed("uqpay", raw, SystemClock().now())


def _request(path: str, body: bytes, headers: dict[str, str], port: int) -> bytes:
    given = {"Host": f"127.0.0.1:{port}", **headers, "Content-Length": str(len(body))}
    head = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def _half(port: int, name: str, rate: float) -> float:
    """p99 in ms, each from when it was due."""
    times: list[float] = []
    connector = aiohttp.TCPConnector(limit=64)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}", connector=connector) as session:
        start = time.perf_counter() + 0.2

        async def one(number: int) -> None:
            path, body, headers = _call(name, f"2-{number}")
            due = start + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            async with session.post(path, data=body, headers=headers) as answer:
                await answer.read()
                assert answer.status in (200, 201), answer.status
            times.append(time.perf_counter() - due)

        await asyncio.gather(*(one(number) for number in range(int(rate * HALF_SECONDS))))
    return 1e3 * middle(times, 0.99)


async def _served(databases: Databases, running: AsyncExitStack, dialect: str) -> tuple[str, int]:
    url, port = await databases.new(dialect), program.free_port()
    await inside(url, lambda connection: add_merchants(connection, 1, SystemClock().now()))
    process = program.serve(databases.folder, {"database_url": url, "port": str(port), "edges": "api,payments"}, level="warning")
    running.callback(program.end, process)
    await asyncio.to_thread(program.wait_ready, process, port)
    body = {"merchant_id": merchant_id(0), "kind": "uqpay", "secret": SECRETS["uqpay"], "shop_id": f"shop-{merchant_id(0)}"}
    headers = {"Authorization": f"Bearer {program.ADMIN}"}
    session = await running.enter_async_context(aiohttp.ClientSession(f"http://127.0.0.1:{port}"))
    async with session.put("/v1/connections/uqpay", json=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
    return url, port


async def _worked(url: str, many: int) -> None:
    """Until so many tickets are there."""
    for _ in range(3000):
        if await inside(url, lambda connection: connection.execute(text("SELECT count(*) FROM tickets")).scalar_one()) >= many:
            return
        await asyncio.sleep(0.02)
    raise RuntimeError("not all became tickets")


async def _bare(url: str, dialect: str) -> float:
    """Transactions of two rows per second: eight connections of asyncpg, or sqlite3 with synchronous=FULL."""
    return await asyncio.to_thread(_sqlite, url) if dialect == "sqlite" else await _postgresql(url)


def _sqlite(url: str) -> float:
    bare = sqlite3.connect(sqlite_file(database(url)), isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", *TABLES):
        bare.execute(statement)
    started = time.perf_counter()
    for number in range(MANY):
        bare.execute("BEGIN IMMEDIATE")
        for table in ("bare_tickets", "bare_events"):
            bare.execute(f"INSERT INTO {table} VALUES (?, ?)", (number, DOC))  # noqa: S608
        bare.execute("COMMIT")
    rate = MANY / (time.perf_counter() - started)
    bare.close()
    return rate


async def _postgresql(url: str) -> float:
    import asyncpg

    left = iter(range(MANY))
    pool: Sequence[Any] = [await asyncpg.connect(url) for _ in range(CONNECTIONS)]
    for statement in TABLES:
        await pool[0].execute(statement)

    async def write(connection: Any) -> None:
        for number in left:
            async with connection.transaction():
                for table in ("bare_tickets", "bare_events"):
                    await connection.execute(f"INSERT INTO {table} VALUES ($1, $2)", number, DOC)  # noqa: S608

    started = time.perf_counter()
    await asyncio.gather(*(write(each) for each in pool))
    rate = MANY / (time.perf_counter() - started)
    for each in pool:
        await each.close()
    return rate
