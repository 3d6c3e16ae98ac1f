"""A desk with shops, for files: no edges are needed. Its rows, and files of them."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bot.jobs import Job
from bot.messages import Enable, FindTickets, ListOf, Put, TicketFilter
from bot.settings import read
from run_bot import Deskbell, assembled
from tests.clock import PushedClock
from tests.world import MERCHANT

HEADER = "external_id,shop_id,subject,message,state,created_at,closed_at,order_no,buyer.phone\r\n"


@asynccontextmanager
async def desk(url: str, clock: PushedClock | None = None) -> AsyncIterator[Deskbell]:
    """Merchants `lumiere` (lights-sg, lights-my) and `other` (other-shop), an agent mei, and a finance person."""
    given = {"database_url": url, "secret_key": "files-secret-key-", "sla_warn": "", "locale": "en", "role": "worker"}
    settings = read({f"DESKBELL_{name.upper()}": value for name, value in given.items()})
    async with assembled(settings, clock or PushedClock(), edges=["email"]) as bot:
        for merchant, shops in (("lumiere", ("lights-sg", "lights-my")), ("other", ("other-shop",))):
            await bot.desk.configure(Put("merchants", merchant, {**MERCHANT, "name": merchant}))
            await bot.desk.configure(Enable(merchant))
            for shop in shops:
                await bot.desk.configure(Put("shops", shop, {"merchant_id": merchant, "platform": "shopee", "name": shop}))
        await bot.desk.configure(Put("agents", "mei", {"name": "Mei", "role": "agent", "merchant_id": "lumiere"}))
        yield bot


async def taken(
    bot: Deskbell, data: bytes | str, *, within: str | None = None, kind: Any = "import", **options: Any
) -> tuple[Job, list[str]]:
    """Works a file to its end: the job, and each row that was left out as `7 field: what is wrong`."""
    stream = io.BytesIO(data.encode() if isinstance(data, str) else data)
    run = await bot.desk.files.local(stream, kind, "file.csv", by="test", within=within, options=options)
    said: list[str] = []
    run.said = lambda errors: said.extend(f"{each['row']} {each['field']}: {each['message']}" for each in errors)
    while (await run.step()).state != "done":
        pass
    return run.job, said


async def all_tickets(bot: Deskbell, merchant: str | None = None) -> list[dict[str, Any]]:
    """By number."""
    found, cursor = [], None
    while True:
        page = await bot.desk.ask(FindTickets(TicketFilter(merchant=merchant), 200, cursor))
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return sorted(found, key=lambda doc: doc["number"])


async def all_orders(bot: Deskbell) -> list[dict[str, Any]]:
    """By shop and number, without their tickets."""
    page = await bot.desk.ask(ListOf("orders", limit=200))
    return [{name: value for name, value in doc.items() if name != "tickets"} for doc in page.items]


async def exported(bot: Deskbell, what: Any, form: Any, within: str | None = None) -> str:
    """The whole file."""
    return "".join([part async for part in bot.desk.files.export(what, form, within)])
