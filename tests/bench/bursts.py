"""Ten thousand tickets due at one moment: how fast they all ring, and whether one merchant waits for another's storm."""

from __future__ import annotations

import asyncio
import base64
import subprocess
import time
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import aiohttp
from sqlalchemy import Connection, update

from bot.clock import SystemClock
from bot.records import Webhook
from bot.ticket import Ticket
from storage.db import Db
from storage.schema import deadlines, tickets
from storage.stores import SqlStores
from storage.vault import KeyVault
from tests.bench import program
from tests.bench.bare import bare
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, add_tickets, merchant_id
from tests.bench.table import Figure, at_least
from tests.chaos.plan import Plan

DUE, MERCHANTS = 10_000, 2_500  # each merchant has a channel of its own and no more notices than its limit lets through at once
STORM, SMALL, FEW = 4_000, 9, 100  # one merchant's storm beside small ones
LEAD = 5.0  # seconds from the program's start to the moment: it is up and idle when they fall due
LIMIT = 120.0


@dataclass(frozen=True, slots=True)
class Taken:
    """What the sink has: how many, and when the last came, in all and by name."""

    many: dict[str, int]
    last: dict[str, float]


async def measured(databases: Databases) -> list[Figure]:
    """Both databases, each between two runs of a bare client at the same sink."""
    sink = program.start(["-m", "tests.bench.sink"], databases.folder, output=subprocess.PIPE)
    try:
        url = await asyncio.to_thread(program.first_line, sink)
        found = []
        for dialect in ("sqlite", "postgresql"):
            before = await bare(f"{url}/api/", DUE)
            rate = await _burst(databases, dialect, url)
            floor = 2 / (1 / before + 1 / await bare(f"{url}/api/", DUE))  # a machine's speed changes from one second to the next
            found.append(at_least(f"{dialect}: {DUE:,} due at once, fired and delivered", rate, floor, 0.2, "/s"))
            found.append(await _fair(databases, dialect, url))
        return found
    finally:
        program.end(sink)


async def _burst(databases: Databases, dialect: str, sink: str) -> float:
    """Notices per second, from the moment at which all fall due to the last one's arrival."""
    url = await databases.new(dialect)
    plan = Plan(dialect, processes=0, tickets=DUE, seconds=0, kills=0, tiers=1, merchants=MERCHANTS)

    def fill(connection: Connection) -> None:
        add_merchants(connection, MERCHANTS, SystemClock().now())
        add_tickets(connection, plan.made(far(), SystemClock().now() - timedelta(hours=1)))

    await inside(url, fill)
    taken, moment = await _rung(databases, url, sink, wanted=DUE)
    if sum(taken.many.values()) != DUE:
        raise RuntimeError(f"{sum(taken.many.values())} of {DUE} arrived")
    return DUE / (max(taken.last.values()) - moment)


async def _fair(databases: Databases, dialect: str, sink: str) -> Figure:
    """All to systems that take everything at once. A share: were the merchants served one by one, when would this one be done?"""
    url = await databases.new(dialect)
    await inside(url, lambda connection: _storm(connection, sink))
    total = STORM + SMALL * FEW
    taken, moment = await _rung(databases, url, sink, wanted=total, hooks=True)
    hooks = {name: at - moment for name, at in taken.last.items() if name.startswith("m")}
    pace = max(hooks.values()) / total
    small = max(at for name, at in hooks.items() if name != merchant_id(0))
    share = FEW * (SMALL + 1) * pace
    name = f"{dialect}: {SMALL} merchants with {FEW} due beside one with {STORM:,}"
    whole = sum(many for hook, many in taken.many.items() if hook in hooks) == total
    return Figure(name, f"{small:.2f} s", f"{share:.2f} s, their share", small / share, "≤ 2 × share", whole and small <= 2 * share)


def far() -> datetime:
    """Due later than any run; brought forward when the program is up."""
    return SystemClock().now() + timedelta(days=20)


async def _rung(databases: Databases, url: str, sink: str, *, wanted: int, hooks: bool = False) -> tuple[Taken, float]:
    """What the sink has when nothing more comes, and the moment (monotonic) at which all fell due."""
    port = program.free_port()
    settings = {
        "database_url": url, "port": str(port), "edges": "api,slack,webhooks", "webhook_allow_private": "1",
        **program.slack(f"{sink}/api/"),
    }  # fmt: skip
    log = (databases.folder / "burst.log").open("ab")
    taken = Taken({}, {})
    moment = time.monotonic() + LEAD
    at = SystemClock().now() + timedelta(seconds=LEAD)
    await inside(url, lambda connection: _bring_forward(connection, at))
    # A replica per core where there can be replicas.
    apart = [{"role": "worker"}] * 2 if url.startswith("postgresql") else [{"port": str(program.free_port())}]
    desks = [program.serve(databases.folder, {**settings, **each}, level="warning", output=log) for each in apart]
    try:
        async with aiohttp.ClientSession() as session:
            await (await session.delete(f"{sink}/taken")).read()
            while time.monotonic() < moment + LIMIT:
                await asyncio.sleep(0.25)
                async with session.get(f"{sink}/taken") as answer:
                    taken = Taken(**(await answer.json()))
                of = [many for name, many in taken.many.items() if name.startswith("m" if hooks else "C")]
                if sum(of) >= wanted:
                    break
            return taken, moment
    finally:
        for desk in desks:
            await asyncio.to_thread(program.end, desk)
        log.close()


def _bring_forward(connection: Connection, at: datetime) -> None:
    connection.execute(update(deadlines).values(due_at=at))
    for kind in ("first_response", "resolution", "closure"):
        column = tickets.c[f"{kind}_due_at"]
        connection.execute(
            update(tickets)
            .where(column > SystemClock().now() + timedelta(days=10), column < SystemClock().now() + timedelta(days=25))
            .values({column: at})
        )


def _storm(connection: Connection, sink: str) -> None:
    now = SystemClock().now()
    add_merchants(connection, SMALL + 1, now)
    stores = SqlStores(Db(connection, iter(range(10**6, 10**7))))
    vault = KeyVault("bench-secret-key-of-no-use")
    for index in range(SMALL + 1):
        id = f"wh_{index}"
        secret = "whsec_" + base64.b64encode(b"s" * 32).decode()
        sealed = vault.seal(secret.encode(), f"webhooks|secret|{id}")
        stores.webhooks.add(Webhook(id, merchant_id(index), f"{sink}/hook/{merchant_id(index)}", ("sla.tier1",), sealed, now))
    plan = Plan("", processes=0, tickets=STORM + SMALL * FEW, seconds=0, kills=0, tiers=1, merchants=1)
    made = plan.made(far(), now - timedelta(hours=1))
    add_tickets(connection, (_of(ticket, 0 if index < STORM else 1 + (index - STORM) % SMALL) for index, ticket in enumerate(made)))


def _of(ticket: Ticket, index: int) -> Ticket:
    """This merchant's, with its first target alone still open: the oldest numbers are the storm's."""
    id = merchant_id(index)
    first = replace(ticket.first_response, due_at=far(), met_at=None)
    later = far() + timedelta(days=9)
    resolution, closure = (replace(ticket.target(kind), due_at=later, met_at=None) for kind in ("resolution", "closure"))
    return replace(ticket, merchant_id=id, shop_id=f"shop-{id}", first_response=first, resolution=resolution, closure=closure)
