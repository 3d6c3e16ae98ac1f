"""The program is killed while institutions' events come in and are worked, again and again: what was lost, and what was done twice."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import aiohttp
from sqlalchemy import Connection, text

from bot.clock import SystemClock
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, merchant_id
from tests.payments.sending import SECRETS, sample, signed

SENDERS = 8  # connections
SOONEST, SPAN = 0.3, 1.2  # seconds: when the program is killed after the first event was sent
UPDATES = 3  # events of each case: told, told again, ended
ALERT = sample("uqpay_alert")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of it. `under_way`: kills that left events kept and not worked."""

    dialect: str
    kills: int
    under_way: int
    events: int
    lost: int
    doubled: int
    faults: tuple[str, ...]

    def line(self) -> str:
        """The one line."""
        return (
            f"chaos events on {self.dialect}: kills {self.kills}, with events being worked {self.under_way}  events {self.events:,}  "
            f"lost {self.lost}  doubled {self.doubled}"
        )

    def missed(self, kills: int) -> list[str]:
        """Every goal that was missed, in words."""
        checks = {
            f"{self.under_way} of {kills} kills while events were worked": self.under_way < kills,
            f"{self.lost} lost": self.lost > 0,
            f"{self.doubled} doubled": self.doubled > 0,
            "; ".join(self.faults): bool(self.faults),
        }
        return [said for said, wrong in checks.items() if wrong]


async def run(dialect: str, kills: int, databases: Databases, *, seed: int | None = None) -> Told:
    """Until `kills` of the kills have met events being worked; then all that is left is worked, and counted."""
    url, chance = await databases.new(dialect), random.Random(seed)
    await inside(url, lambda connection: add_merchants(connection, 1, SystemClock().now()))
    port = program.free_port()
    settings = {"database_url": url, "port": str(port), "edges": "api,payments"}
    source, met, killed, faults = _Source(port), 0, 0, list[str]()
    while met < kills and killed < 4 * kills + 4:
        process = await _served(databases, settings, port)
        if not killed:
            await _connected(port)
        sending = [asyncio.create_task(source.send()) for _ in range(SENDERS)]
        await asyncio.sleep(SOONEST + chance.random() * SPAN)
        process.kill()
        process.wait()
        killed += 1
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        met += bool(await inside(url, _unworked))
    process = await _served(databases, settings, port)
    await source.rest()
    for _ in range(600):
        if not await inside(url, _unworked):
            break
        await asyncio.sleep(0.1)
    else:
        faults.append("events left unworked")
    program.end(process)
    return _told(dialect, killed, met, source, await inside(url, _found), faults)


class _Source:
    """Sends as UQPAY does: what was not answered 200 comes again, by the same id."""

    def __init__(self, port: int) -> None:
        self._url = f"http://127.0.0.1:{port}/v1/events/uqpay?connection=uqpay"
        self._again: list[bytes] = []
        self.count = 0

    async def send(self) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                await self._post(session, self._next())

    async def rest(self) -> None:
        """What has not been answered; of cases that have begun, all of it."""
        while self.count % UPDATES:
            self._again.append(self._made())
        async with aiohttp.ClientSession() as session:
            while self._again:
                await self._post(session, self._again.pop())

    def _next(self) -> bytes:
        return self._again.pop(0) if self._again and self.count % 2 else self._made()

    def _made(self) -> bytes:
        case, step = divmod(self.count, UPDATES)
        self.count += 1
        data = {
            **ALERT["data"], "payment_intent_id": f"PI-{case}", "merchant_order_id": f"O-{case}",
            "alert_update_time": f"2026-11-23T08:{33 + step}:13+08:00", "appeal_status": ("NOT_APPEAL", "APPEALED", "FAILED")[step],
        }  # fmt: skip
        return json.dumps({**ALERT, "event_id": f"{case}-{step}", "source_id": f"Case{case}", "data": data}).encode()

    async def _post(self, session: aiohttp.ClientSession, raw: bytes) -> None:
        taken = False
        try:
            headers = signed("uqpay", raw, SystemClock().now())
            with suppress(aiohttp.ClientError, OSError):
                async with session.post(self._url, data=raw, headers=headers) as answer:
                    taken = answer.status == 200
        finally:
            if not taken:
                self._again.append(raw)
        if not taken:
            await asyncio.sleep(0.02)


async def _served(databases: Databases, settings: dict[str, str], port: int) -> Any:
    process = program.serve(databases.folder, settings, level="error")
    await asyncio.to_thread(program.wait_ready, process, port, "/healthz")
    return process


async def _connected(port: int) -> None:
    body = {"merchant_id": merchant_id(0), "kind": "uqpay", "secret": SECRETS["uqpay"], "shop_id": f"shop-{merchant_id(0)}"}
    headers = {"Authorization": f"Bearer {program.ADMIN}"}
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session, session.put(
        "/v1/connections/uqpay", json=body, headers=headers
    ) as answer:  # fmt: skip
        assert answer.status == 200, await answer.text()


def _unworked(connection: Connection) -> int:
    return int(connection.execute(text("SELECT count(*) FROM happenings WHERE state = 'waiting'")).scalar_one())


def _found(connection: Connection) -> dict[str, Any]:
    if connection.dialect.name == "sqlite":
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    rows = lambda sql: [tuple(row) for row in connection.execute(text(sql))]  # noqa: E731
    return {
        "tickets": Counter(order for (order,) in rows("SELECT order_no FROM tickets")),
        "states": Counter(state for (state,) in rows("SELECT state FROM happenings")),
        "ends": Counter(outcome for (outcome,) in rows("SELECT outcome FROM cases")),
        "logged": rows("SELECT count(*) FROM timeline WHERE type = 'ticket.created'")[0][0],
    }  # fmt: skip


def _told(dialect: str, kills: int, met: int, source: _Source, found: dict[str, Any], faults: list[str]) -> Told:
    cases = source.count // UPDATES
    wanted = {f"O-{case}" for case in range(cases)}
    tickets: Counter[str] = found["tickets"]
    lost = len(wanted - tickets.keys()) + (source.count - sum(found["states"].values()))
    doubled = sum(many - 1 for many in tickets.values()) + len(tickets.keys() - wanted) + (found["logged"] - tickets.total())
    ends = ("cases lost in the end", found["ends"]["lost"], cases)
    for name, value, right in (("events done", found["states"]["done"], source.count), ends):
        faults += [f"{name}: {value} instead of {right}"] if value != right else []
    return Told(dialect, kills, met, source.count, lost, doubled, tuple(faults))
