"""A ticket is told to the merchant's ERP, and the ERP moves it."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import parse_qsl

from tests.fakes.mabang import KEY, TOKEN, FakeMabang, FakeOrder
from tests.journeys.test_shown_in_the_shop import ORDER
from tests.world import World

SHOP = {"merchant_id": "lumiere", "platform": "shopee", "name": "Lights SG"}


async def test_mabang_shows_a_ticket_beside_its_peoples_remark_and_never_moves_its_order(sqlite_url):
    async with World(sqlite_url) as world, FakeMabang() as erp:
        order = erp.orders["SP-1"] = FakeOrder("请周末送货")
        config = {"kind": "mabang", "app_key": KEY, "token": TOKEN, "url": erp.url, "labels": {"new": "7", "closed": "8"},
                  "abnormal": {"label": "售后", "states": ["new", "open"]}}  # fmt: skip
        await world.call("PUT", "/v1/shops/lights-sg", {**SHOP, "erp": config})
        assert (await world.call("GET", "/v1/shops/lights-sg"))["erp"]["token"] == "***"
        await world.call("PUT", "/v1/orders/lights-sg/SP-1", ORDER)
        number = await world.ticket(order_no="SP-1", category="refund_delay")
        assert order == FakeOrder(f"请周末送货 [T-{number} new refund delay]", ["7"], "售后", 2)
        order.remark = order.remark.replace("周末", "周日") + " 已打电话"

        erp.fault = "lost_reply"
        await world.says(f"claim {number}")
        await world.says(f"close {number}")
        erp.fault = "503"
        await world.pass_time(hours=1)
        erp.fault = None
        await world.pass_time(minutes=11)
        assert order == FakeOrder(f"请周日送货 已打电话 [T-{number} closed refund delay]", ["8"], None, 2)
        assert not [data for _, data in erp.calls if "orderStatus" in data]

        (told,) = [each for each in (await world.call("GET", "/v1/deliveries"))["items"] if each["channel"] == "erp"]
        assert (told["state"], told["target"]) == ("sent", "lights-sg")
        (edge,) = [each for each in world.bot.edges if each.name == "erp"]
        assert await edge.examine(world.desk) == []  # type: ignore[attr-defined]
        await world.call("PUT", "/v1/shops/lights-sg", {**SHOP, "erp": {**config, "token": "wrong"}})
        assert await edge.examine(world.desk) == ["shop lights-sg: Mabang answered 0: 签名错误"]  # type: ignore[attr-defined]


async def test_an_erp_of_any_kind_is_told_in_its_own_words_and_its_key_resolves_the_ticket(sqlite_url):
    async with World(sqlite_url) as world, FakeMabang() as erp:
        config = {
            "kind": "dianxiaomi", "url": f"{erp.base}/other/order", "secret": "s3cret", "format": "form",
            "body": {"orderId": "{order_no}", "status": "{erp_state}", "memo": "{custom_fields.reason}", "sign": "{sign}"},
            "sign": {"method": "md5", "text": "{secret}{params}"}, "states": {"new": "售后中", "resolved": "售后完成"},
            "ok": {"field": "code", "values": ["0"]},
        }  # fmt: skip
        await world.call("PUT", "/v1/shops/lights-sg", {**SHOP, "erp": config})
        await world.call("PUT", "/v1/orders/lights-sg/SP-1", ORDER)
        made = await world.call(
            "POST", "/v1/api-keys", {"name": "ERP", "merchant_id": "lumiere", "scopes": ["tickets:read", "tickets:write"]}
        )
        number = await world.ticket(order_no="SP-1", custom_fields={"reason": "late"})
        key = made["token"] if "token" in made else made["key"]
        await world.call("POST", f"/v1/tickets/{number}/resolve", {"agent": "mei", "text": "refunded"}, key=key)
        await world.call("PATCH", f"/v1/tickets/{number}", {"custom_fields": {"reason": "refunded"}}, key=key)
        await world.settle()
        assert (await world.shown(number))["state"] == "resolved"
        told = [dict(parse_qsl(body)) for _, body in erp.posts]
        assert (told[0]["status"], told[0]["memo"]) == ("售后中", "late")
        assert told[-1]["memo"] == "refunded"
        assert told[-1]["status"] == "售后完成"
        file = "".join([part async for part in world.desk.files.export("erp", "csv", "lumiere")]).splitlines()
        assert file[0].startswith('\ufeff"平台订单号","店铺","平台","工单号","状态","分类"')
        assert file[1].startswith(f'"SP-1","lights-sg","Shopee","T-{number}","已解决",')
        for each in told:
            clear = f"s3cretmemo={each['memo']}&orderId=SP-1&status={each['status']}"
            assert each["sign"] == hashlib.md5(clear.encode(), usedforsecurity=False).hexdigest()
        assert "s3cret" not in json.dumps(await world.call("GET", "/v1/shops/lights-sg"))
