"""Buyers who write in Malay, Indonesian or Thai, and agents who read Chinese and English."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from tests.fakes.translators import FakeTranslators
from tests.world import CHANNEL, World

THAI = "สินค้าไม่มาเลย ผมจ่ายเงินไปแล้ว 1,290 THB คำสั่งซื้อ SP-1024 โทร 081****567"
MALAY = "Barang saya tak sampai lagi, nak refund duit RM 45.90 untuk pesanan SP-77"


@pytest.fixture
async def fake() -> AsyncIterator[FakeTranslators]:
    server = FakeTranslators()
    await server.start()
    yield server
    await server.stop()


async def events(world: World, number: int) -> list[str]:
    return [each["type"] for each in (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]]


async def test_the_language_rule_translates_by_itself_and_the_card_shows_both_side_by_side(
    make_world: Callable[..., World], fake: FakeTranslators
) -> None:
    async with make_world(translate_url=fake.both) as world:
        number = await world.ticket("Barang tak sampai", message=MALAY)
        shown = await world.shown(number)
        assert shown["language"] == "ms"
        (made,) = shown["translations"]
        assert (made["lang"], made["provider"]) == ("en", "google")
        assert "RM 45.90" in made["text"]
        assert "SP-77" in made["text"]
        assert "45.90" not in str(fake.google)
        (card,) = world.slack.channel(CHANNEL)
        assert MALAY in card.seen
        assert "English · machine (google)" in card.seen
        assert "ms→en" in card.seen
        assert "translated" in await events(world, number)

        quiet = await world.ticket("I paid and got nothing", message="Where is my parcel? It is late.")
        assert (await world.shown(quiet))["language"] == "en"
        assert (await world.shown(quiet))["translations"] == []

        said = {"from": "buyer", "text": "Kenapa belum ada jawapan? Saya dah tunggu lama sangat, tolong pulangkan wang saya"}
        await world.call("POST", f"/v1/tickets/{quiet}/messages", said)
        await world.settle()
        assert any("ms→en: Kenapa" in each.seen for each in world.slack.channel(CHANNEL))
        assert (await world.shown(quiet))["translations"] == []  # of its own text there is none


async def test_a_thai_complaint_is_translated_when_asked_for_in_wecom(sqlite_url: str, fake: FakeTranslators) -> None:
    fake.says = {}
    async with World(sqlite_url, wecom=True, translate_url=fake.tencent_url) as world:
        number = await world.ticket("สินค้าไม่มา", message=THAI)
        assert (await world.shown(number))["language"] == "th"
        assert (await world.shown(number))["translations"] == []  # no rule names Thai
        before = len(world.wecom.chat("bo"))
        await world.wecom.types("bo", f"翻译 {number}", world.wecom.app)
        told = "\n".join(each.seen for each in world.wecom.chat("bo")[before:])
        assert "正在把" in told
        assert "中文 · 机器翻译（tencent）" in told
        assert THAI[:40] in told
        assert "▸ th→zh" in told
        assert "1,290 THB" in told.split("th→zh")[-1]
        asked = len(fake.tencent)
        await world.wecom.types("bo", f"翻译 {number} 中文", world.wecom.app)
        assert len(fake.tencent) == asked  # what is there is shown at once
        refused = len(world.wecom.chat("bo"))
        await world.wecom.types("bo", f"翻译 {number} 泰语", world.wecom.app)
        await world.wecom.types("bo", f"翻译 {number} 法语", world.wecom.app)
        said = "\n".join(each.seen for each in world.wecom.chat("bo")[refused:])
        assert "原文就是泰文" in said
        assert "无法翻译成" in said


async def test_where_no_provider_can_the_original_stands_and_it_is_tried_again(sqlite_url: str, fake: FakeTranslators) -> None:
    fake.google_fault, fake.tencent_fault = "500", "InternalError.BackendTimeout"
    async with World(sqlite_url, translate_url=fake.both) as world:
        number = await world.ticket("Barang tak sampai", message=MALAY)
        (card,) = world.slack.channel(CHANNEL)
        assert MALAY in card.seen
        assert "could not be translated yet" in card.seen
        assert (await world.shown(number))["translations"] == []
        waiting = (await world.call("GET", "/v1/deliveries?state=waiting"))["items"]
        assert [(each["channel"], each["target"]) for each in waiting] == [("translate", "en")]
        assert "Google answered 500" in waiting[0]["last_error"]
        fake.google_fault = None
        await world.pass_time(minutes=10)
        assert [each["provider"] for each in (await world.shown(number))["translations"]] == ["google"]
        (card,) = world.slack.channel(CHANNEL)
        assert "could not be translated" not in card.seen
        assert (await world.call("GET", "/v1/deliveries?state=waiting"))["items"] == []


async def test_a_merchants_own_service_is_asked_by_webhook_and_answers_over_the_api(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        number = await world.ticket("Barang tak sampai", message=MALAY)
        assert "no translator" in await world.says(f"translate {number}")
        hook = await world.call(
            "POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["translation.requested"], "merchant_id": "lumiere"}
        )
        world.receiver.secrets = [hook["secret"]]
        number = await world.ticket("Barang tak sampai", message=MALAY)
        (asked,) = [each.body for each in world.receiver.events if each.body["type"] == "translation.requested"]
        assert asked["data"]["number"] == number
        assert asked["data"]["event"]["lang"] == "en"
        assert MALAY in asked["data"]["event"]["text"]
        made = {"lang": "en-SG", "text": "My goods have not come", "provider": "in-house"}
        for _ in range(2):  # the same again changes nothing
            await world.call("POST", f"/v1/tickets/{number}/translations", made)
        assert (await world.shown(number))["translations"] == [{"lang": "en", "text": "My goods have not come", "provider": "in-house"}]
        await world.settle()
        assert "My goods have not come" in world.slack.channel(CHANNEL)[-1].seen
        assert (await events(world, number)).count("translated") == 1
        refused = await world.call("POST", f"/v1/tickets/{number}/translations", {**made, "lang": "fr"}, status=422)
        assert "fr" in str(refused)


async def test_a_reply_is_seen_in_the_buyers_language_before_it_leaves_and_both_are_kept(sqlite_url: str, fake: FakeTranslators) -> None:
    async with World(sqlite_url, wecom=True, translate_url=fake.google_url) as world:
        number = await world.ticket("สินค้าไม่มา", message=THAI)
        before = len(world.wecom.chat("bo"))
        await world.wecom.types("bo", f"回复 {number} > 今天退款 1,290 THB，订单 SP-1024", world.wecom.app)
        told = "\n".join(each.seen for each in world.wecom.chat("bo")[before:])
        assert "在您确认之前不会发出" in told
        assert "zh-CN→th: 今天退款 1,290 THB，订单 SP-1024" in told
        await world.pass_time(seconds=11)
        assert "ticket.replied" not in await events(world, number)
        await world.wecom.click("bo", "发送译文")
        assert "撤销" in "\n".join(each.seen + str(each.labels) for each in world.wecom.chat("bo")[before:])
        await world.pass_time(seconds=11)
        lines = (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]
        assert {"note", "ticket.replied"} <= {each["type"] for each in lines}
        seen = len(world.wecom.chat("bo"))
        await world.wecom.types("bo", f"查看 {number}", world.wecom.app)
        told = "\n".join(each.seen for each in world.wecom.chat("bo")[seen:])
        assert "zh-CN→th: 今天退款" in told
        assert "泰文回复的原文：今天退款" in told
        fake.google_fault = "400"
        seen = len(world.wecom.chat("bo"))
        await world.wecom.types("bo", f"回复 {number} >ms 明天到", world.wecom.app)
        assert "没有发出" in "\n".join(each.seen for each in world.wecom.chat("bo")[seen:])
