"""A month of mixed orders from four platforms and the tickets about them, found by every filter, over the API and in chat."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.clock import START
from tests.world import World, at

PLATFORMS = ("shopee", "lazada", "tiktok_shop", "shopify")
CURRENCIES = ("SGD", "MYR", "CNY")
MANY = 24
SUBJECTS = ("退款延迟 三周", "Where is my parcel?", "汇率异议", "ขอคืนเงิน")
CATEGORIES = ("refund_delay", "not_received", "fx_dispute")
PRIORITIES = ("normal", "high", "urgent")
Row = dict[str, Any]


@pytest.fixture
async def month(world: World) -> tuple[World, list[Row]]:
    """Every order has a ticket, some two; every fifth is closed, every fourth mei's."""
    for platform in PLATFORMS:
        await world.call("PUT", f"/v1/shops/shop-{platform}", {"merchant_id": "lumiere", "platform": platform, "name": platform})
    rows: list[Row] = []
    for index in range(MANY):
        row: Row = {
            "shop": f"shop-{PLATFORMS[index % 4]}", "platform": PLATFORMS[index % 4], "currency": CURRENCIES[index % 3],
            "order_no": f"NO-{100 + index}", "transaction": f"tx-{index}", "sub_merchant": f"sub-{index % 5}" if index % 2 else None,
            "paid_at": world.clock.now(), "subject": SUBJECTS[index % 4], "category": CATEGORIES[index % 3],
            "priority": PRIORITIES[index // 2 % 3],
        }  # fmt: skip
        sub = {"sub_merchant_id": row["sub_merchant"]} if row["sub_merchant"] else {}
        paid = {"transaction_id": row["transaction"], "paid_at": row["paid_at"].isoformat(), **sub}
        order = {"total": {"amount": "9.90", "currency": row["currency"]}, "payment": {"provider": "uqpay", "channel_id": "ch", **paid}}
        await world.call("PUT", f"/v1/orders/{row['shop']}/{row['order_no']}", order)
        ticket = {"shop_id": row["shop"], "order_no": row["order_no"], "subject": row["subject"], "message": f"case {index}"}
        made = await world.call("POST", "/v1/tickets", {**ticket, "category": row["category"], "priority": row["priority"]})
        row |= {"number": made["number"], "state": "new", "assignee": None, "created_at": at(made["created_at"])}
        if index % 4 == 0:
            await world.call("POST", f"/v1/tickets/{row['number']}/claim", {"agent": "mei"})
            row |= {"state": "open", "assignee": "mei"}
        if index % 5 == 0:
            await world.call("POST", f"/v1/tickets/{row['number']}/close", {"agent": "chen", "text": "done"})
            row["state"] = "closed"
        rows.append(row)
        world.clock.push(timedelta(days=1))
    await world.settle()
    return world, rows


MIDDLE = START + timedelta(days=MANY // 2)
TICKETS: tuple[tuple[dict[str, Any], Callable[[Row], bool]], ...] = (
    ({}, lambda row: True),
    ({"platform": "lazada"}, lambda row: row["platform"] == "lazada"),
    ({"currency": "CNY", "platform": "shopee"}, lambda row: (row["currency"], row["platform"]) == ("CNY", "shopee")),
    ({"shop": "shop-shopify", "category": "refund_delay"}, lambda row: (row["shop"], row["category"]) == ("shop-shopify", "refund_delay")),
    ({"order_no": "NO-107"}, lambda row: row["order_no"] == "NO-107"),
    ({"state": "closed", "currency": "SGD"}, lambda row: (row["state"], row["currency"]) == ("closed", "SGD")),
    ({"state": "new,open", "priority": "urgent"}, lambda row: row["state"] in ("new", "open") and row["priority"] == "urgent"),
    ({"assignee": "mei", "platform": "shopee"}, lambda row: (row["assignee"], row["platform"]) == ("mei", "shopee")),
    ({"created_from": MIDDLE}, lambda row: row["created_at"] >= MIDDLE),
    ({"created_to": MIDDLE, "currency": "MYR"}, lambda row: row["created_at"] < MIDDLE and row["currency"] == "MYR"),
    ({"q": "退款", "currency": "SGD"}, lambda row: "退款" in row["subject"] and row["currency"] == "SGD"),
    ({"q": "延迟 case", "priority": "high"}, lambda row: "延迟" in row["subject"] and row["priority"] == "high"),
    ({"q": "คืนเงิน", "state": "new"}, lambda row: "คืนเงิน" in row["subject"] and row["state"] == "new"),
    ({"q": "parc", "merchant": "lumiere"}, lambda row: "parcel" in row["subject"]),
    ({"merchant": "other"}, lambda row: False),
    ({"tier": "3", "platform": "nowhere"}, lambda row: False),
)  # fmt: skip
ORDERS: tuple[tuple[dict[str, Any], Callable[[Row], bool]], ...] = (
    ({}, lambda row: True),
    ({"platform": "tiktok_shop", "currency": "MYR"}, lambda row: (row["platform"], row["currency"]) == ("tiktok_shop", "MYR")),
    ({"shop": "shop-lazada", "sub_merchant": "sub-1"}, lambda row: (row["shop"], row["sub_merchant"]) == ("shop-lazada", "sub-1")),
    ({"transaction": "tx-7"}, lambda row: row["transaction"] == "tx-7"),
    ({"order_no": "NO-103", "merchant": "lumiere"}, lambda row: row["order_no"] == "NO-103"),
    ({"paid_from": MIDDLE, "currency": "SGD"}, lambda row: row["paid_at"] >= MIDDLE and row["currency"] == "SGD"),
    ({"paid_to": MIDDLE, "platform": "shopee"}, lambda row: row["paid_at"] < MIDDLE and row["platform"] == "shopee"),
    ({"q": "tx-11"}, lambda row: row["transaction"] == "tx-11"),
    ({"q": "sub-3"}, lambda row: row["sub_merchant"] == "sub-3"),
    ({"q": "NO-111"}, lambda row: row["order_no"] == "NO-111"),
    ({"merchant": "other"}, lambda row: False),
)  # fmt: skip


async def _all(world: World, path: str, query: dict[str, Any], limit: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = await world.call("GET", f"{path}?{urlencode({**query, 'limit': limit, **cursor})}")
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        cursor = {"cursor": page["next_cursor"]}


async def test_every_ticket_and_order_is_found_by_every_filter_page_by_page(month: tuple[World, list[Row]]) -> None:
    world, rows = month
    for path, cases, name in (("/v1/tickets", TICKETS, "number"), ("/v1/orders", ORDERS, "order_no")):
        for query, wanted in cases:
            if query.get("platform") == "nowhere":
                await world.call("GET", f"{path}?{urlencode(query)}", status=422)
                continue
            given = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in query.items()}
            for limit in (5, 200):
                found = await _all(world, path, given, limit)
                assert sorted(each[name] for each in found) == sorted(row[name] for row in rows if wanted(row)), (path, query, limit)
    orders = await _all(world, "/v1/orders", {}, 200)
    assert {each["order_no"]: [of["number"] for of in each["tickets"]] for each in orders} == {
        row["order_no"]: [row["number"]] for row in rows
    }  # fmt: skip


CHAT = (
    ("list state:all platform:lazada currency:MYR", "列表 状态:全部 平台:Lazada 币种:myr", {"platform": "lazada", "currency": "MYR"}),
    ("list state:closed currency:SGD", "列表 状态:已关闭 币种:SGD", {"state": "closed", "currency": "SGD"}),
    ("list state:all order:NO-105", "查询 状态:全部 订单:NO-105", {"order_no": "NO-105"}),
    ("list platform:shopee mine currency:CNY", "列表 平台:Shopee 负责人:mei 币种:CNY",
     {"platform": "shopee", "state": "open", "currency": "CNY"}),
    ("list 退款 urgent priority:urgent", "列表 退款 urgent 优先级:紧急", None),
)  # fmt: skip
ORDERED = (
    ("order tx-9", "订单 tx-9", {"transaction": "tx-9"}),
    ("order NO-104", "订单 NO-104", {"order_no": "NO-104"}),
    ("order transaction:tx-4", "订单 交易:tx-4", {"transaction": "tx-4"}),
    ("order sub:sub-1 platform:lazada currency:SGD", "订单 子商户:sub-1 平台:lazada 币种:SGD",
     {"sub_merchant": "sub-1", "platform": "lazada", "currency": "SGD"}),
    ("order platform:shopee currency:MYR", "订单 平台:shopee 币种:MYR", {"platform": "shopee", "currency": "MYR"}),
    ("order nothing-like-it", "订单 没有", None),
)  # fmt: skip


async def test_in_chat_too_in_both_languages(month: tuple[World, list[Row]]) -> None:
    world, rows = month
    for cases, name, shape in ((CHAT, "number", r"T-(\d+) ·"), (ORDERED, "order_no", r"(NO-\d+)")):
        for english, chinese, wanted in cases:
            right = [row for row in rows if wanted and all(row[key] == value for key, value in wanted.items())]
            for words in (english, chinese):
                said = await world.says(words)
                if name == "order_no":
                    assert set(re.findall(shape, said)) == {row[name] for row in right}, (words, said)
                else:
                    assert {int(number) for number in re.findall(shape, said)} == {row[name] for row in right}, (words, said)
    assert "more" in await world.says("order platform:shopee")
    assert "no order" in (await world.says("order NO-104", by="eve")).lower(), "another merchant's"
    assert "No order matches" in await world.says("order platform:shopee", by="eve")
    assert "No order matches" in await world.says("order merchant:lumiere", by="eve")
