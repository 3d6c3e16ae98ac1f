"""Risk rule 2: disputes of several orders from one buyer's network freeze the collection channels of those orders for two hours."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from handlers import cli_risk
from tests.journeys.test_unusually_many_tickets import RIA
from tests.world import PEOPLE, World, at

ORDER: dict[str, Any] = {"total": {"amount": "10.00", "currency": "SGD"}}


async def dispute(world: World, order: str, ip: str, channel: str = "ch-1", shop: str = "lights-sg", **more: Any) -> int:
    payment = {"provider": "uqpay", "channel_id": channel, "transaction_id": f"tx-{order}", "paid_at": "2026-11-20T08:00:00Z"}
    await world.call("PUT", f"/v1/orders/{shop}/{order}", {**ORDER, "payment": payment})
    return await world.ticket(order, **{"shop_id": shop, "order_no": order, "buyer": {"ip": ip}, "category": "not_received", **more})


async def collects(world: World, channel: str, merchant: str = "lumiere") -> dict[str, Any]:
    found: dict[str, Any] = await world.call("GET", f"/v1/channels/{channel}/collection-permission?merchant={merchant}")
    return found


async def _tried(world: World, words: str, capsys: Any) -> Any:
    """`run_bot.py risk …`, on this world's desk."""
    parser = ArgumentParser()
    cli_risk.words(parser)
    capsys.readouterr()
    await cli_risk.run(parser.parse_args(words.split()), world.desk)
    return json.loads(capsys.readouterr().out)


def _rows(stores: Any) -> str:
    return str(stores.db.connection.exec_driver_sql("SELECT * FROM suspects").all())


async def test_the_fifth_dispute_freezes_the_orders_channels_until_two_hours_are_over(
    database_url: str, monkeypatch: Any, capsys: Any
) -> None:
    monkeypatch.setitem(PEOPLE, "ria", RIA)
    async with World(database_url) as world:
        await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["channel.frozen", "channel.unfrozen"]})
        for place in range(4):  # one household: its addresses differ within their /64
            await dispute(world, f"SP-{place}", f"2001:db8:0:1::{place}", f"ch-{place % 2}", ("lights-sg", "lights-my")[place % 2])
        await dispute(world, "SP-0", "2001:db8:0:1::9", "ch-0")
        await dispute(world, "SP-8", "2001:db8:0:2::9", "ch-9")
        assert (await collects(world, "ch-0")) == {"allowed": True}, "the same order again, and a neighbour's, are not a fifth"
        other = await dispute(world, "SP-4", "2001:db8:0:1::4", "ch-2", category="refund_delay")
        assert (await collects(world, "ch-2")) == {"allowed": True}, "asking for a refund is no dispute"
        await world.says(f"tag {other} not_as_described")
        for channel in ("ch-0", "ch-1", "ch-2"):
            answer = await collects(world, channel)
            assert (answer["allowed"], answer["reason"], answer["ticket"]) == (False, "risk_same_ip", f"T-{other}")
            assert (at(answer["frozen_until"]) - world.clock.now()).total_seconds() == 7200
        assert (await collects(world, "ch-9")) == (await collects(world, "ch-0", "other")) == {"allowed": True}
        assert any("Collection frozen: ch-0, ch-1, ch-2" in each.seen for each in world.slack.dms("U0RIA"))
        first = await collects(world, "ch-0")
        await world.pass_time(minutes=30)
        await dispute(world, "SP-6", "2001:db8:0:1::6", "ch-0")
        assert (await collects(world, "ch-0")) == first, "a sixth prolongs nothing"
        assert "收款通道 ch-0 冻结至" in await world.says("冻结", by="bo")
        assert "people for risk" in await world.says("unfreeze channel:ch-1 mine", by="chen")
        assert "may collect again" in await world.says("unfreeze channel:ch-1 known buyer", by="ria")
        assert (await collects(world, "ch-1")) == {"allowed": True}
        await world.pass_time(minutes=90)
        assert (await collects(world, "ch-0")) == {"allowed": True}
        tried = await world.call("GET", "/v1/risk/dry-run?days=2&merchant=lumiere")
        assert [(each["channels"], len(each["tickets"])) for each in tried["freezes"]] == [(["ch-0", "ch-1", "ch-2"], 6)]
        assert (await world.call("GET", "/v1/risk/dry-run?ip_disputes=7&surge_min=7"))["would_freeze"] == 0
        assert (await world.call("GET", "/v1/risk/dry-run?surge_min=5"))["would_open"] == 1
        for words, freezes, reviews in (("--days 2", 1, 0), ("--ip-disputes 7", 0, 0), ("--surge-min 5", 1, 1), ("--merchant other", 0, 0)):
            said = await _tried(world, words, capsys)
            assert (said["would_freeze"], said["would_open"]) == (freezes, reviews), words
        said = [each.body["type"] for each in world.receiver.events]
        assert (said.count("channel.frozen"), said.count("channel.unfrozen")) == (3, 3)


async def test_risk_freezes_a_channel_by_hand_and_no_address_is_kept(database_url: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(PEOPLE, "ria", RIA)
    async with World(database_url) as world:
        refused = await world.call("POST", "/v1/channels/ch-1/freeze?merchant=lumiere&reason=x&agent=chen", status=403)
        assert refused["code"] == "not_allowed"
        assert (await world.call("GET", "/v1/channels/ch-1/collection-permission", status=422))["errors"][0]["loc"] == ["query", "merchant"]
        await world.call("POST", "/v1/channels/ch-1/freeze?merchant=lumiere&reason=stolen%20cards&agent=ria", status=201)
        assert (await collects(world, "ch-1"))["reason"] == "by_hand"
        await world.call("DELETE", "/v1/channels/ch-1/freeze?merchant=lumiere&reason=cleared&agent=ria")
        assert (await collects(world, "ch-1")) == {"allowed": True}
        (freeze,) = (await world.call("GET", "/v1/freezes"))["items"]
        assert (freeze["lifted_by"], freeze["why"]) == ("ria", "cleared")
        await dispute(world, "SP-1", "203.0.113.77")
        kept = await world.bot.storage.read(_rows)
        assert "SP-1" in kept
        assert "203.0.113" not in kept
