"""The sample world: whole after the first start, and nothing twice after the second."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.messages import FindTickets, ListOf, TicketFilter
from bot.messages.asks import Kind
from handlers.playground import sample
from handlers.playground.samples import HOOK, MERCHANTS, ORDERS, PEOPLE, SHOPS, TICKETS


async def told(desk):
    kinds: tuple[Kind, ...] = ("merchants", "shops", "agents", "orders", "webhooks")
    pages = {kind: await desk.ask(ListOf(kind, limit=100)) for kind in kinds}
    found = {kind: [doc.get("id") or doc["order_no"] for doc in page.items] for kind, page in pages.items()}
    tickets = (await desk.ask(FindTickets(TicketFilter(), limit=100))).items
    return {**found, "tickets": [doc["number"] for doc in tickets]}


async def test_a_first_start_brings_everything_and_a_second_adds_nothing(empty, clock, monkeypatch):
    monkeypatch.setattr(sample, "GAP", timedelta())
    await asyncio.wait_for(sample.fill(empty, clock), 20)
    before = await told(empty)
    wanted = {"merchants": MERCHANTS, "shops": SHOPS, "agents": PEOPLE, "orders": ORDERS, "webhooks": [HOOK], "tickets": TICKETS}
    assert {kind: len(each) for kind, each in before.items()} == {kind: len(each) for kind, each in wanted.items()}
    await asyncio.wait_for(sample.fill(empty, clock), 20)
    assert await told(empty) == before


async def test_both_merchants_are_enabled_and_orders_were_paid_through_the_provider(empty):
    await sample.people_and_shops(empty)
    assert all(doc["enabled"] for doc in (await empty.ask(ListOf("merchants"))).items)
    assert {doc["payment"]["provider"] for doc in (await empty.ask(ListOf("orders"))).items} == {"uqpay"}
