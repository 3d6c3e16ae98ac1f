"""Shopify's three mandatory topics: a buyer is erased, a shop is, and the merchant hears who asks what is kept."""

from __future__ import annotations

from typing import Any

from tests.payments.sending import connect, send
from tests.world import World

CUSTOMER: dict[str, Any] = {"id": 191167, "email": "rosalind@canary.example", "phone": "+6591234567"}
WISH: dict[str, Any] = {"shop_id": 954889, "shop_domain": "lights.example"}


async def test_shopifys_redactions_are_done_once_and_a_request_for_data_reaches_the_administrators(database_url: str) -> None:
    async with World(database_url) as world:
        await connect(world, "shopify", shop_id="lights-sg")
        first = await world.ticket("A teapot", buyer={"email": CUSTOMER["email"]}, category="refund_delay")
        other = await world.ticket("Another's", buyer={"email": "other@canary.example"}, category="refund_delay")
        asked = {**WISH, "customer": CUSTOMER, "orders_requested": [299938], "data_request": {"id": 9999}}
        await send(world, "shopify", asked, topic="customers/data_request")
        told = "\n".join(str(each) for each in world.slack.dms("U0ADA"))
        assert "9999" in told
        assert f"T-{first}" in told
        assert CUSTOMER["email"] not in told
        redact = {**WISH, "customer": CUSTOMER, "orders_to_redact": [299938]}
        for _ in range(2):
            await send(world, "shopify", redact, topic="customers/redact")
        assert (await world.shown(first))["subject"] == ""
        assert (await world.shown(other))["subject"] == "Another's"
        certificates = (await world.call("GET", "/v1/erasures"))["items"]
        assert sorted(each["subject"]["kind"] for each in certificates) == ["email", "phone"]
        await send(world, "shopify", WISH, topic="shop/redact")
        assert (await world.shown(other))["subject"] == ""
        assert {each["state"] for each in (await world.call("GET", "/v1/erasures"))["items"]} == {"done"}
        async with world.api.post(
            "/v1/events/shopify?connection=shopify", data=b"{}", headers={"X-Shopify-Topic": "shop/redact"}
        ) as answer:
            assert answer.status == 401
