"""`stats` of a year over a million tickets of a hundred merchants, of whom one has a third; how fast the pass counts tickets."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, text

from bot.clock import SystemClock
from bot.figures.adding import OPERATOR, Key, differences
from bot.figures.counting import count
from bot.messages import Command, Identity, StatsOf
from bot.target import Target
from bot.ticket import CATEGORIES, Category, State, Ticket
from storage.db import Db, sequence
from storage.schema import figures
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import AGENT, add_merchants, add_tickets, merchant_id, open_ticket
from tests.bench.idle import desk
from tests.bench.table import Figure, at_most, middle

MERCHANTS, ALL, PART = 100, 1_000_000, 10_000
DAYS = 730  # so that the year before is there, too
MOST, ROUNDS, COUNTED = 200.0, 15, 2000
ZONE = "Asia/Shanghai"
PERIODS = ("365d", "2026", "30d")


async def measured(databases: Databases) -> list[Figure]:
    """On PostgreSQL, with an order for each ticket. The slowest of all rounds but the first two of each."""
    url = await databases.new("postgresql")
    now = SystemClock().now()
    sums = _sums(now)  # before there is a connection: it takes minutes, and the server ends one that is idle in a transaction
    await inside(url, lambda connection: _fill(connection, sums, now))
    found = []
    async with desk(url, **program.slack("http://127.0.0.1:9/api/")) as bot:
        started, rounds = time.perf_counter(), 0
        while await bot.desk.tally.catch_up():  # the tickets, and two years of days on which orders were paid
            rounds += 1
        speed = COUNTED / (time.perf_counter() - started)
        asked: dict[str, Callable[[str], Any]] = {
            "GET /v1/stats of all": lambda said: bot.desk.ask(StatsOf(period=said)),
            "GET /v1/stats of a merchant of 300,000": lambda said: bot.desk.ask(StatsOf(merchant=merchant_id(0), period=said)),
            "stats in chat, of all, with its chart's figures": lambda said: bot.desk.reply(
                Command(Identity("slack", f"T1/{AGENT}"), f"stats {said}", via="slack")
            ),
        }
        for name, ask in asked.items():
            for period in PERIODS:
                times, said = [], None
                for _ in range(ROUNDS):
                    started = time.perf_counter()
                    said = await ask(period)
                    times.append(1e3 * (time.perf_counter() - started))
                assert getattr(said, "ok", True), said
                found.append(at_most(f"postgresql: {name}, {period}, 1,000,000 tickets", middle(times[2:], 0.95), MOST, " ms"))
    return [*found, Figure("postgresql: tickets that the pass counts, a hundred merchants' mixed", f"{speed:,.0f} a second")]


def _sums(now: datetime) -> dict[Key, dict[str, int]]:
    """By the very rules that the pass goes by, of those who are asked about; a ticket's own row is not read by who asks."""
    sums: dict[Key, dict[str, int]] = {}
    for start in range(0, ALL, PART):
        for key, more in differences((None, count(each, now, ZONE, ZONE)) for each in _tickets(start, now)).items():
            if key.merchant_id in (OPERATOR, merchant_id(0)):
                into = sums.setdefault(key, {})
                for name, value in more.items():
                    into[name] = into.get(name, 0) + value
    return sums


def _fill(connection: Connection, sums: dict[Key, dict[str, int]], now: datetime) -> None:
    add_merchants(connection, MERCHANTS, now)
    add_tickets(connection, (open_ticket(place, 1001 + place, MERCHANTS, now) for place in range(COUNTED)))
    rows = [{**key._asdict(), "open": each.get("o", 0), "sums": each} for key, each in sums.items()]
    db = Db(connection, sequence())
    for start in range(0, len(rows), PART):
        db.each(insert(figures), rows[start : start + PART])
    connection.execute(text(
        "INSERT INTO orders (merchant_id, shop_id, order_no, total, payment, buyer, paid_at) "
        "SELECT CASE WHEN i % 10 < 3 THEN 'm0000' ELSE 'm' || lpad((1 + i % 99)::text, 4, '0') END, 'shop', 'SP-' || i, "
        "'{}', '{}', '{}', CAST(:now AS timestamptz) - (i % :days) * interval '1 day' FROM generate_series(1, :all) i"
    ), {"now": now, "all": ALL, "days": DAYS})  # fmt: skip
    connection.execute(text("ANALYZE"))


def _tickets(start: int, now: datetime) -> Iterator[Ticket]:
    """Half replied to within two hours, some late, some never; one in five still open."""
    chance = random.Random(start)
    for place in range(start, start + PART):
        opened = now - timedelta(seconds=chance.random() * DAYS * 86400)
        waited = timedelta(seconds=chance.lognormvariate(8.4, 1.0))
        done = opened + waited + timedelta(hours=chance.random() * 30)
        id = merchant_id(0 if place % 10 < 3 else 1 + place % 99)
        yield Ticket(
            id, place, f"shop-{id}", "shopee", "", "", opened, now, state=State.OPEN if place % 5 == 0 else State.CLOSED,
            category=Category(chance.choice(CATEGORIES)), assignee=f"agent-{id}-{place % 8}",
            first_response=Target(opened, opened + timedelta(hours=2)), first_responded_at=None if place % 11 == 0 else opened + waited,
            resolution=Target(opened, opened + timedelta(hours=24), done), resolved_at=None if place % 5 == 0 else done,
        )  # fmt: skip
