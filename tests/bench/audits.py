"""R10: a hundred rows stuck in five ways, under a desk that ticks as it does in production: how soon all are found, and healed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import Connection

from bot.clock import SystemClock
from bot.records import Deadline, Inbound, Outgoing
from bot.selfcheck import KINDS, Checked
from bot.stores import Stores
from handlers import logs
from handlers.heartbeat import audits
from handlers.ticker import Ticker
from run_bot import Deskbell
from tests.bench import program
from tests.bench.databases import Databases, inside
from tests.bench.filling import add_merchants, add_tickets, open_ticket
from tests.bench.idle import desk
from tests.bench.table import Figure, at_most

EACH, BACKGROUND = 20, 10_000
FIRST = 1001
AN_HOUR, LONG_AGO = timedelta(hours=1), timedelta(minutes=2)
GHOST = 9_000_001  # a ticket whose merchant is not there: whoever works it fails


async def measured(databases: Databases) -> list[Figure]:
    """Both databases."""
    logs.configure([], level=logging.CRITICAL)  # what cannot be worked is logged with its stack at every try
    found = []
    for dialect in ("sqlite", "postgresql"):
        url = await databases.new(dialect)
        await inside(url, _fill)
        log = databases.folder / f"{dialect}-sink.jsonl"
        sink = program.start(["-m", "tests.fakes.slack", "--port", "0", "--log", str(log)], databases.folder, output=-1)
        try:
            api_url = (await asyncio.to_thread(program.first_line, sink)).split()[-1]
            async with desk(url, **program.slack(api_url)) as bot:
                run = Run(bot)
                found += await run.measured(dialect)
        finally:
            program.end(sink)
    return found


class Run:
    """One desk, its ticker and who listens to its heart."""

    def __init__(self, bot: Deskbell) -> None:
        self.bot, self.beats, self.dirty_beats, self.stuck = bot, 0, 0, False
        self.seen: list[tuple[float, Checked]] = []

    async def measured(self, dialect: str) -> list[Figure]:
        """Seconds from the injection until the audit that found all, and until nothing was left."""
        application = web.Application()
        application.router.add_get("/ping", self._beat)
        async with TestServer(application) as server:
            ticker = self._ticker(str(server.make_url("/ping")))
            ticker.start()
            await self._until(lambda: self.beats > 0, 60)  # a clean audit first
            self.stuck, started = True, time.perf_counter()
            await self.bot.storage.write(_stuck)
            await self._until(lambda: bool(self.seen) and not self.seen[-1][1].clean, 90)
            found_at, found = self.seen[-1]
            healed_at = started
            while await self._left():
                healed_at = time.perf_counter()
                await asyncio.sleep(0.1)
            self.stuck, beats = False, self.beats
            await self._until(lambda: self.beats > beats, 90)
            await ticker.stop()
        count = sum(found.found.values())
        return [
            at_most(f"{dialect}: {count} of {EACH * len(KINDS)} stuck rows found within", found_at - started, 60, " s", digits=1),
            Figure(
                f"{dialect}: of each kind",
                " ".join(f"{kind} {found.found[kind]}" for kind in KINDS),
                "",
                None,
                f"{EACH} each",
                set(found.found.values()) == {EACH},
            ),
            at_most(f"{dialect}: all of them healed within", healed_at - started, 120, " s", digits=1),
            at_most(f"{dialect}: heartbeats while something was stuck", self.dirty_beats, 0, "", digits=0),
        ]

    def _ticker(self, url: str) -> Ticker:
        bot = self.bot
        beating = audits(bot.desk, url)
        check = bot.desk.check_itself

        async def noted() -> tuple[datetime, Checked | None]:
            at, checked = await check()
            if checked is not None:
                self.seen.append((time.perf_counter(), checked))
            return at, checked

        bot.desk.check_itself = noted  # type: ignore[method-assign]  # the same audit, its findings noted
        passes = {
            "escalate": bot.desk.escalate_due,
            "deliver": bot.desk.deliver_waiting,
            "inbox": bot.desk.work_inbox,
            "selfcheck": beating,
        }
        ticker = Ticker(passes, SystemClock())
        bot.desk.on_work(ticker.wake)
        return ticker

    async def _beat(self, request: web.Request) -> web.Response:
        self.beats += 1
        self.dirty_beats += self.stuck
        return web.Response()

    async def _left(self) -> bool:
        return bool(await self.bot.storage.read(_what_is_left))

    async def _until(self, true: Callable[[], bool], limit: float) -> None:
        end = time.perf_counter() + limit
        while not true():
            if time.perf_counter() > end:
                raise TimeoutError("the audit did not come")
            await asyncio.sleep(0.05)


def _fill(connection: Connection) -> None:
    now = SystemClock().now()
    add_merchants(connection, 5, now)
    add_tickets(connection, (open_ticket(index, FIRST + index, 5, now) for index in range(BACKGROUND)))


def _numbers(kind: str) -> list[int]:
    """The tickets that are stuck in this way."""
    first = FIRST + EACH * KINDS.index(kind)
    return list(range(first, first + EACH))


def _stuck(stores: Stores) -> None:
    """What no pass heals: moments behind one that cannot be worked, notices that cannot be read, leases until in an hour, no clock."""
    now = SystemClock().now()
    old = now - LONG_AGO
    tickets = stores.tickets.many([number for kind in KINDS for number in _numbers(kind)])
    due = [Deadline(tickets[number].merchant_id, number, "sla", old) for number in _numbers("overdue")[1:]]
    stores.tickets.add(replace(tickets[FIRST], merchant_id="ghost", number=GHOST), old)
    stores.deadlines.arm([*due, Deadline("ghost", GHOST, "sla", old - LONG_AGO)])
    for number in _numbers("clockless"):
        stores.deadlines.disarm(tickets[number].merchant_id, number, "sla")
    rows = [_row(tickets[number].merchant_id, number, "hoarded", old, now + AN_HOUR, True) for number in _numbers("hoarded")]
    rows += [_row(tickets[number].merchant_id, number, "waiting", old, old, False) for number in _numbers("waiting")]
    stores.outbox.add(rows)
    run = stores.db.connection.exec_driver_sql  # type: ignore[attr-defined]
    run("UPDATE outbox SET payload = '[]' WHERE id LIKE 'waiting%'")  # no document: nobody can read them
    for number in _numbers("unworked"):
        by = {"channel": "slack", "id": "T1/U0AGENT"}
        stores.inbox.add(Inbound("slack", f"Ev{number}", {"command": {"by": by, "words": "help", "once": f"Ev{number}"}}, old))
    stores.inbox.lease(now, now + AN_HOUR, EACH)


def _row(merchant: str, ticket: int, kind: str, made: datetime, available: datetime, leased: bool) -> Outgoing:
    return Outgoing(
        f"{kind}{ticket}", merchant, ticket, f"bench:{kind}:{ticket}", "assigned", "slack", merchant.replace("m", "C"), {}, made, available,
        leased=leased, attempt=int(leased),
    )  # fmt: skip


def _what_is_left(stores: Stores) -> list[str]:
    """What of it is stuck still; the two that cannot be worked are out of the others' way."""
    now = SystemClock().now()
    left = [f"deadline of {each.ticket}" for each in stores.deadlines.due(now - timedelta(seconds=1), 100)]
    left += [each.id for each in stores.checks.hoarded(now + timedelta(minutes=1), 100)]
    left += [each.id for each in stores.checks.waiting(now - timedelta(seconds=5), 100)]
    left += [each.external_id for each in stores.checks.unworked(now, 100)]
    return left + [str(number) for _, number in stores.checks.clockless(None, None, 100)]
