"""Tickets shown on a real GraphQL server's orders, and every way in which that can fail."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ThreadedResolver

from bot.errors import DeliveryFailed
from bot.messages import Address, Notice, Receipt
from handlers.guard import Guard
from handlers.outward import session
from handlers.shopify.channel import ShopifyChannel
from handlers.shopify.client import Admin
from tests.clock import PushedClock
from tests.fakes.shopify import CLIENT, SECRET, TOKEN, FakeShopify

HERS = "请周末送货 · gift wrap"


@pytest.fixture
def clock() -> PushedClock:
    return PushedClock()


@pytest.fixture
async def shop(clock: PushedClock) -> AsyncIterator[FakeShopify]:
    async with FakeShopify(clock) as fake:
        yield fake


@contextlib.asynccontextmanager
async def opened(clock: PushedClock, limit: float = 2.0) -> AsyncIterator[ShopifyChannel]:
    guard = Guard(allow_private=True)
    async with session(guard, ThreadedResolver(), limit) as client:
        yield ShopifyChannel(Admin(client, guard, clock))


def notice(shop: FakeShopify, state: str = "open", number: int = 1, at: int = 0, order: str = "1001", config: Any = None) -> Notice:
    ticket = {"state": state, "updated_at": f"2026-11-23T08:{at:02d}:00.000Z", "order_no": order, "custom_fields": {"why": "late\n parcel"}}
    data = {"ticket": ticket, "name": f"T-{number}", "state": state.title(), "category": "Refund late"}
    account = {"config": json.dumps({"store_url": shop.url, **(config or {"access_token": TOKEN})})}
    return Notice(f"dlv_{number}", Address("shopify", "s1"), "mirror", "T-1", data=data, route={"account": account})


async def refused(clock: PushedClock, what: Notice, limit: float = 2.0) -> DeliveryFailed:
    async with opened(clock, limit) as channel:
        with pytest.raises(DeliveryFailed) as failed:
            await channel.send(what)
    assert TOKEN not in failed.value.why
    assert SECRET not in failed.value.why
    return failed.value


async def test_an_order_shows_its_ticket_in_note_tags_and_metafield(shop, clock):
    order = shop.order("#1001", HERS, "vip")
    shop.order("#10012", "another")
    async with opened(clock) as channel:
        receipt = await channel.send(notice(shop))
        assert order.note == f"{HERS}\n\n[Deskbell]\nT-1 · Open · Refund late · 2026-11-23 08:00Z\n[/Deskbell]"
        assert order.tags == ["vip", "deskbell:open"]
        receipt = await channel.update(receipt, notice(shop, "closed", at=5))
        assert order.note == f"{HERS}\n\n[Deskbell]\nT-1 · Closed · Refund late · 2026-11-23 08:05Z\n[/Deskbell]"
        assert sorted(order.tags) == ["deskbell:closed", "vip", "售后完成"]
        asked = list(shop.asked)
        assert await channel.update(receipt, notice(shop, "closed", at=9)) == receipt
        assert shop.asked == asked
    assert json.loads(order.metafields["deskbell.tickets"])["state"] == "closed"
    assert shop.orders["#10012"].note == "another"


async def test_two_tickets_of_one_order_have_a_line_each_whichever_comes_first(shop, clock):
    order = shop.order("1001")
    async with opened(clock) as one, opened(clock) as other:
        await asyncio.gather(*(channel.send(notice(shop, "open", n)) for n, channel in enumerate((one, other) * 3, 1)))
    assert [each.partition(" ")[0] for each in (order.note or "").splitlines()[1:-1]] == ["T-6", "T-5", "T-4", "T-3", "T-2", "T-1"]


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_what_a_person_writes_between_our_reading_and_our_writing_is_put_back(shop, clock, times):
    order = shop.order("#1001", HERS)
    said: list[str] = []

    def between() -> None:
        if len(said) < times:
            said.append(f"call her at {len(said)}")
            order.note = f"{order.note}\n{said[-1]}"

    shop.between = between
    async with opened(clock) as channel:
        await channel.send(notice(shop))
    for each in (HERS, *said):
        assert (order.note or "").count(each) == 1
    assert (order.note or "").count("[Deskbell]") == 1


async def test_five_hundred_lost_replies_double_no_note_and_no_tag(shop, clock):
    order, states = shop.order("#1001", HERS, "vip"), ("open", "pending", "resolved", "closed")
    lost, at = 0, 0
    receipt: Receipt = {}
    shop.fault = "lost_reply"
    async with opened(clock) as channel:
        while lost < 500:
            told, at = notice(shop, states[at % 4], at=at % 60), at + 1
            for _ in range(12):
                shop.times = 1 + at % 2
                with contextlib.suppress(DeliveryFailed):
                    receipt = await channel.update(receipt, told)
                    lost += 1 + at % 2 - (shop.times or 0)
                    break
                lost += 1 + at % 2 - shop.times
                clock.push(timedelta(seconds=5))
        shop.fault = None
        clock.push(timedelta(minutes=5))
        final = notice(shop, "closed", at=59)
        final.data["ticket"]["updated_at"] = "2026-11-24T00:00:00.000Z"
        await channel.update({}, final)
    note = order.note or ""
    assert note.startswith(HERS)
    assert [note.count(each) for each in (HERS, "[Deskbell]", "[/Deskbell]", "T-1 ")] == [1, 1, 1, 1]
    assert sorted(order.tags) == ["deskbell:closed", "vip", "售后完成"]


@pytest.mark.parametrize(
    ("fault", "outcome", "says"),
    [
        ("throttled", "later", "throttled"), ("429", "later", "throttled"), ("500", "later", "500"), ("503", "later", "503"),
        ("401", "later", "credentials"), ("402", "later", "frozen"), ("403", "later", "write_orders"), ("404", "later", "store_url"),
        ("301", "rejected", "store_url"), ("hang", "later", "in time"), ("lost_reply", "later", "lost"),
    ],
)  # fmt: skip
async def test_a_failure_says_what_to_do_and_when_it_is_tried_again(shop, clock, fault, outcome, says):
    shop.order("#1001")
    shop.fault = fault
    failed = await refused(clock, notice(shop), 0.3 if fault == "hang" else 2.0)
    assert failed.outcome == outcome
    assert says in failed.why


async def test_what_shopify_refuses_is_told_in_its_words(shop, clock):
    shop.order("#1001")
    shop.fault = "user_error"
    failed = await refused(clock, notice(shop))
    assert (failed.outcome, failed.why) == ("rejected", "Shopify refused: input: is not what was wanted")


async def test_an_order_that_is_not_there_is_looked_for_again_and_one_alike_is_no_match(shop, clock):
    shop.order("#10010")
    failed = await refused(clock, notice(shop))
    assert (failed.outcome, failed.why) == ("later", "the shop has no order named 1001")


async def test_the_bucket_is_never_run_dry(shop, clock):
    for each in range(20):
        shop.order(f"#{each}")
    shop.left = 60.0
    waits: list[DeliveryFailed] = []
    async with opened(clock) as channel:
        for each in range(20):
            while not shop.orders[f"#{each}"].tags:
                try:
                    await channel.send(notice(shop, order=str(each)))
                except DeliveryFailed as failed:
                    waits.append(failed)
                    clock.push(failed.retry_after or timedelta())
    assert {each.why for each in waits} == {"waits for the shop's API limit"}
    assert len(waits) <= 20


async def test_a_client_gets_a_token_keeps_it_and_gets_another_in_time(shop, clock):
    shop.order("#1001")
    keys = {"client_id": CLIENT, "client_secret": SECRET}
    async with opened(clock) as channel:
        for at, hours in enumerate((0, 10, 10)):
            clock.push_to(clock.now() + timedelta(hours=hours))
            await channel.send(notice(shop, "open", at=at, config=keys))
        assert shop.asked.count("access_token") == 2
        shop.tokens.clear()  # revoked
        await channel.send(notice(shop, "closed", at=9, config=keys))
    failed = await refused(clock, notice(shop, config={**keys, "client_secret": "wrong"}))
    assert (failed.outcome, failed.retry_after) == ("later", timedelta(minutes=10))
    assert "client_secret" in failed.why


async def test_a_custom_field_goes_to_the_metafield_that_the_shop_maps_it_to(shop, clock):
    order = shop.order("#1001")
    mapped = {"access_token": TOKEN, "metafields": {"custom.reason": "why", "custom.other": "custom_fields.none"}}
    async with opened(clock) as channel:
        await channel.send(notice(shop, config=mapped))
    assert order.metafields["custom.reason"] == "late parcel"
    assert "custom.other" not in order.metafields
