"""Brings the sample world in through the desk's own doors: what is there already stays as it is."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Literal

from bot.desk import Desk
from bot.errors import AlreadyAnswered, NotFound
from bot.messages import Enable, Get, ListOf, NewTicket, NewWebhook, Once, Put
from bot.ports import Clock
from handlers.playground.samples import FIRST, HOOK, MERCHANTS, ORDERS, PEOPLE, SHOPS, TICKETS

GAP, UNWATCHED_GAP = timedelta(seconds=12), timedelta(seconds=45)
LOOK_EVERY = 0.2  # seconds
BUYER_IP = "203.0.113.24"  # TEST-NET-3 (RFC 5737)


async def fill(desk: Desk, clock: Clock, *, watched: Callable[[], bool] = lambda: True) -> None:
    """The world and its first tickets at once, then one after another; slower while nobody watches, not at all while time stands still."""
    await people_and_shops(desk)
    for number, ticket in enumerate(TICKETS):
        new = await _open(desk, number, ticket)
        if new and number + 1 >= FIRST:
            await _wait(clock, watched)


async def people_and_shops(desk: Desk) -> None:
    """Merchants (enabled), shops, people, orders, one subscription to webhooks."""
    for id, doc in MERCHANTS.items():
        if await _put(desk, "merchants", id, doc):
            await desk.configure(Enable(id))
    for id, doc in SHOPS.items():
        await _put(desk, "shops", id, doc)
    for id, doc in PEOPLE.items():
        await _put(desk, "agents", id, doc)
    for id, doc in ORDERS.items():
        await _put(desk, "orders", id, doc)
    if not (await desk.ask(ListOf("webhooks", limit=1))).items:
        await desk.configure(NewWebhook(HOOK[0], HOOK[1], None))


async def _put(desk: Desk, kind: Literal["merchants", "shops", "agents", "orders"], id: str, doc: Mapping[str, Any]) -> bool:
    try:
        await desk.ask(Get(kind, id))
    except NotFound:
        await desk.configure(Put(kind, id, doc))
        return True
    return False


async def _open(desk: Desk, number: int, ticket: Mapping[str, Any]) -> bool:
    """False: it was opened by an earlier start on the same database."""
    body = json.dumps(ticket, sort_keys=True, ensure_ascii=False).encode()
    once = Once("playground", f"sample-{number}", hashlib.sha256(body).hexdigest(), 201)
    try:
        await desk.open(NewTicket(**ticket, buyer={"ip": BUYER_IP}, by="system", via="playground"), once)
    except AlreadyAnswered:
        return False
    return True


async def _wait(clock: Clock, watched: Callable[[], bool]) -> None:
    since = clock.now()
    while clock.now() - since < (GAP if watched() else UNWATCHED_GAP):  # noqa: ASYNC110  # time that may stand still has no event
        await asyncio.sleep(LOOK_EVERY)
