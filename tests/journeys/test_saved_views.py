"""Views of the list that people save for themselves, in any script, and what lists are narrowed by in both languages."""

from __future__ import annotations

import re

import pytest

from tests.world import PEOPLE, World


async def test_a_view_is_saved_opened_listed_and_forgotten_by_its_person_alone(world: World) -> None:
    late, other = await world.ticket("退款延迟", category="refund_delay"), await world.ticket("Something else")
    assert "no view" in await world.says("list @晚退款")
    said = await world.says("列表 标签:退款延迟 退款 保存:晚退款", by="mei")
    assert "Saved as @晚退款." in said
    assert f"T-{late}" in said
    for words in ("list @晚退款", "列表 ＠晚退款", "list @晚退款 unclaimed"):
        said = await world.says(words)
        assert f"T-{late}" in said, words
        assert f"T-{other}" not in said, words
    assert "No ticket matches" in await world.says("list @晚退款 mine")
    await world.says('list unclaimed save:"Late Refunds ÜBER"')
    assert f"T-{other}" in await world.says('list @"late refunds über"')
    mine = await world.says("list @")
    assert "Your 2 saved views" in mine
    assert "标签:退款延迟 退款" in mine
    assert "T-" in await world.slack.press(world.slack.ephemerals("U0MEI")[-1], "Show", user="U0MEI")
    assert "还没有保存视图" in await world.says("列表 @", by="bo"), "one's views are one's own"
    assert "没有视图" in await world.says("列表 @晚退款", by="bo")
    assert "is forgotten" in await world.says("list delete:晚退款")
    assert "Yours are @Late Refunds ÜBER" in await world.says("list @晚退款")
    assert "Your saved view" in await world.says("list @"), "one is not told as many"
    await world.stop_bot()
    await world.start_bot()
    assert f"T-{other}" in await world.says('list @"late refunds über"'), "it is kept"


async def test_a_view_by_the_same_name_takes_its_place_and_no_name_is_taken_that_is_none(world: World) -> None:
    await world.ticket()
    await world.says("list mine save:x")
    await world.says("list unclaimed save:X")
    assert "T-1001" in await world.says("list @x")
    for words in ("list save:@", 'list save:""', f"list save:{'长' * 41}", "list save:…"):
        assert "A view's name has" in await world.says(words), words
    for at in range(49):
        assert "Saved" in (await world.desk.reply(_typed(f"list save:v{at}"))).text
    assert "50 views" in await world.says("list save:more")
    assert "Saved" in await world.says("list mine save:x"), "one there is can still be changed"


def _typed(words: str):
    from bot.messages import Command, Identity

    return Command(Identity("slack", "T1/U0MEI"), words, via="slack")


NARROWED: tuple[tuple[str, str, set[str] | None], ...] = (
    ("platform:shopee shop:lights-sg", "平台:Shopee 店铺:lights-sg", {"refund", "rate"}),
    ("tag:refund_delay,", "标签:胡说", None),
    ("tag:fx_dispute currency:SGD order:SP-1", "分类:汇率异议 币种:sgd 订单:SP-1", {"rate"}),
    ("priority:urgent", "优先级:紧急", {"rate"}),
    ("assignee:mei", "负责人:Mei", {"refund"}),
    ("assignee:none shop:lights-my", "负责人:无 店铺:lights-my", {"old"}),
    ("assignee:me", "负责人:me", {"refund"}),
    ("state:new,open priority:urgent,", "状态:胡说", None),
    ("state:open", "状态:处理中", {"refund"}),
    ("state:all from:2026-11-01 to:today", "状态:全部 从:2026年11月1日 到:今天", {"refund", "rate", "old"}),
    ("from:yesterday", "从:昨天", {"refund", "rate"}),
    ("to:7d", "到:7d", {"old"}),
    ("from:2h", "自:2h", {"refund", "rate"}),
    ("tier:3", "级别:3", {"old"}),
    ("overdue", "超时", {"old"}),
    ('"is my refund"', "“is my refund”", {"refund"}),
    ("merchant:lumiere 退款", "商户:lumiere 退款", {"old"}),
    ("merchant:other", "商户:other", set()),
    ("from:someday", "从:胡说", None),
    ("tier:9", "级别:九", None),
    ("assignee:eve", "负责人:Eve", None),
)  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite"])
async def test_every_filter_works_in_both_languages_and_combines(database: str, sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        paid = {"total": {"amount": "5.00", "currency": "SGD"}, "payment": {**PAYMENT}}
        await world.call("PUT", "/v1/orders/lights-sg/SP-1", paid)
        known = {await world.ticket("退款很慢", shop_id="lights-my"): "old"}
        await world.pass_time(days=8)
        known[await world.ticket("Where is my refund?")] = "refund"
        known[await world.ticket("Rate", order_no="SP-1", category="fx_dispute", priority="urgent")] = "rate"
        await world.says("claim 1002")
        for english, chinese, names in NARROWED:
            for words in (f"list {english}", f"列表 {chinese}"):
                said = await world.says(words)
                found = {known[int(number)] for number in re.findall(r"T-(\d+)", said)}
                assert found == (names or set()), (words, said)
                assert (names is None) == (re.search("tickets? (that )?match", said) is None), (words, said)


PAYMENT = {"provider": "uqpay", "channel_id": "ch-1", "transaction_id": "tx-1", "paid_at": "2026-11-20T08:00:00Z"}


async def test_a_list_of_too_many_words_is_refused_and_its_buttons_never_outgrow_a_chat(world: World) -> None:
    for count in range(7):
        await world.ticket(f"退款 {count}")
    assert "too long" in await world.says("list " + f"order:{'长' * 64} " * 8)
    await world.says("list " + "退款 " * 400)
    (following,) = [each for each in world.slack.ephemerals("U0MEI")[-1].labels if each == "Next page"]
    assert following


async def test_the_views_of_who_has_left_are_gone_with_them(world: World) -> None:
    assert "已保存为 @x" in await world.says("列表 保存:x", by="bo")
    await world.call("DELETE", "/v1/agents/bo")
    await world.call("PUT", "/v1/agents/bo", PEOPLE["bo"])
    assert "还没有保存视图" in await world.says("列表 @", by="bo")
