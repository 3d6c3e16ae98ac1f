"""A ticket is shown on its order in the merchant's Shopify shop, beside what the shop's own people write there."""

from __future__ import annotations

from typing import Any

from tests.fakes.shopify import CLIENT, SECRET, TOKEN, FakeShopify
from tests.world import World

HERS = "VIP since 2019. 请周末送货。\nGift wrap, no invoice."
ORDER = {
    "total": {"amount": "64.00", "currency": "SGD"},
    "payment": {"provider": "uqpay", "channel_id": "uq-sg-01", "transaction_id": "UQ1", "paid_at": "2026-11-01T08:00:00Z"},
}  # fmt: skip
SHOP = {"merchant_id": "lumiere", "platform": "shopify", "name": "Lights SG"}


async def connected(world: World, shop: FakeShopify, **credentials: Any) -> None:
    """The merchant puts its shop's credentials, and an order of that shop."""
    await world.call("PUT", "/v1/shops/lights-sg", {**SHOP, "shopify": {"store_url": shop.url, **credentials}})
    await world.call("PUT", "/v1/orders/lights-sg/1001", ORDER)


async def test_ten_changes_leave_one_block_and_a_persons_own_words(database_url):
    async with World(database_url) as world, FakeShopify(world.clock) as shop:
        order = shop.order("#1001", HERS, "vip")
        await connected(world, shop, access_token=TOKEN)
        shown = await world.call("GET", "/v1/shops/lights-sg")
        assert shown["shopify"] == {"store_url": shop.url, "access_token": "***"}
        await world.call("PUT", "/v1/shops/lights-sg", {**SHOP, "shopify": shown["shopify"]})  # as it was read

        number = await world.ticket(order_no="1001", category="refund_delay")
        first = order.note or ""
        assert first.startswith(f"{HERS}\n\n[Deskbell]\nT-{number} · new · ")
        words = ("claim {n}", "pending {n}", "reopen {n} more", "priority {n} high", "note {n} seen", "tag {n} not_received", "resolve {n}")
        for each in words:
            await world.says(each.format(n=number))
        order.note = (order.note or "").replace("Gift wrap", "Gift wrap (red)") + "\nRefund in cash, asked Mei."
        for each in ("reopen {n} again", "resolve {n} done", "close {n}"):
            await world.says(each.format(n=number))
        note = order.note or ""
        assert note.startswith("VIP since 2019. 请周末送货。\nGift wrap (red), no invoice.\n\n[Deskbell]\n")
        assert note.endswith("[/Deskbell]\nRefund in cash, asked Mei.")
        assert [note.count(each) for each in ("[Deskbell]", f"T-{number} · closed · ", "T-")] == [1, 1, 1]
        assert sorted(order.tags) == ["deskbell:closed", "vip", "售后完成"]

        (told,) = [each for each in (await world.call("GET", "/v1/deliveries"))["items"] if each["channel"] == "shopify"]
        assert (told["state"], told["ticket"], told["kind"]) == ("sent", f"T-{number}", "mirror")


async def test_what_the_shop_missed_in_an_hour_is_shown_once_as_it_is_then(sqlite_url):
    async with World(sqlite_url) as world, FakeShopify(world.clock) as shop:
        order = shop.order("#1001", HERS)
        await connected(world, shop, client_id=CLIENT, client_secret=SECRET)
        shop.fault = "503"
        numbers = [await world.ticket(order_no="1001") for _ in range(3)]
        for number in numbers:
            await world.says(f"claim {number}")
        await world.pass_time(hours=1)
        assert order.note == HERS
        await world.says(f"close {numbers[0]}")
        shop.fault = None
        await world.pass_time(minutes=11)
        lines = (order.note or "").splitlines()[-5:]
        assert [each.split(" · ")[:2] for each in lines[1:-1]] == [
            [f"T-{number}", state] for number, state in zip(reversed(numbers), ("open", "open", "closed"), strict=True)
        ]
        assert order.tags == ["deskbell:open"]

        shop.scopes = ["read_orders"]
        (edge,) = [each for each in world.bot.edges if each.name == "shopify"]
        assert await edge.examine(world.desk) == [  # type: ignore[attr-defined]
            "shop lights-sg: the app lacks write_orders: add them in Shopify and install it again"
        ]


async def test_credentials_that_were_wrong_are_put_again_and_the_order_is_shown(sqlite_url):
    async with World(sqlite_url) as world, FakeShopify(world.clock) as shop:
        order = shop.order("#1001")
        await connected(world, shop, access_token="shpat_wrong")
        number = await world.ticket(order_no="1001")
        (told,) = [each for each in (await world.call("GET", "/v1/deliveries"))["items"] if each["channel"] == "shopify"]
        assert "PUT /v1/shops/" in told["last_error"]
        await connected(world, shop, access_token=TOKEN)
        await world.pass_time(minutes=11)
        assert f"T-{number}" in (order.note or "")
        for each in ("secret", "sealed"):
            assert each not in str(await world.call("GET", "/v1/shops/lights-sg"))
        await world.call("PUT", "/v1/shops/lights-sg", {**SHOP, "shopify": {"store_url": "x", "access_token": "***"}}, status=422)
