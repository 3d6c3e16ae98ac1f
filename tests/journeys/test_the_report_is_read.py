"""The service anomaly report, read as who files it reads it: its words are taken from the PDF again."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from bot.report import Part, Report, paper
from bot.report.paper import pdf
from tests.fakes.sms import FakeSms
from tests.fakes.wecom_people import WecomMessage
from tests.world import World

ORDER = {
    "total": {"amount": "1299.00", "currency": "SGD"},
    "payment": {"provider": "uqpay", "channel_id": "ch-9", "transaction_id": "tx-77", "paid_at": "2026-11-20T08:00:00Z"},
    "buyer": {"name": "张三丰", "phone": "13900001111"},
}  # fmt: skip
HOSTILE = {
    "lines": "a\n" * 4000, "ends of every kind": "a\r\nb\u2028c\x0bd\x85" * 800, "one word": "W" * 20_000, "Chinese": "退款未到账" * 4000,
    "emoji": "😀👨‍👩‍👧" * 2000, "marks": "e" + "\u0301" * 19_999, "Thai": "ภาษาไทย" * 2000, "turned": "abc\u202egnp.exe\u2066",
    "control": "a\x00b\x1b[31m\ud800", "markup": "<script>alert(1)</script> **b** __u__ {page} %s", "blank": " \t\n" * 5000,
}  # fmt: skip


@pytest.fixture
async def sms() -> AsyncIterator[FakeSms]:
    service = FakeSms()
    await service.start()
    yield service
    await service.stop()


def words(body: bytes) -> str:
    """What it says without its white space, which is wherever a line or a cell ends. pypdf leaves the zero bytes of two-byte text."""
    return _close("".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages).replace("\0", ""))


async def read(world: World, number: int, locale: str) -> str:
    """Over the API."""
    async with world.api.get(f"/v1/tickets/{number}/anomaly-report", params={"locale": locale}, headers=world.admin) as answer:
        assert answer.status == 200, await answer.text()
        return words(await answer.read())


def _close(text: str) -> str:
    return "".join(text.split())


async def test_it_tells_the_ticket_its_order_its_clocks_who_was_told_what_happened_and_what_is_frozen(
    sqlite_url: str, sms: FakeSms
) -> None:
    async with World(sqlite_url, sms_url=sms.apprise_url, remind_every="12h", sla_warn="0.8") as world:
        await world.call("PUT", "/v1/orders/lights-sg/SP-1", ORDER)
        number = await world.ticket("退款三周未到账", message="我要投诉 <b>，ภาษาไทย 😀", order_no="SP-1", category="refund_delay")
        await world.pass_time(hours=3)
        await world.says(f"claim {number}")
        await world.says(f"reply {number} we are looking into it")
        await world.pass_time(hours=70)
        english, chinese = await read(world, number, "en"), await read(world, number, "zh")
        for said in (
            "Service anomaly report", f"T-{number} · Lumière Lights · lights-sg", "was not closed within 72 h",
            "fell due on 2026-11-26 09:00", "switched off until 2026-11-27 00:00",
            "退款三周未到账", "refund delay", "Mei Lin", "张**", "139****1111", "我要投诉 <b>，ภาษาไทย □",
            "SP-1", "1299.00 SGD", "uqpay", "tx-77", "ch-9", "2026-11-20 16:00",
            "first response 2 h Tier 1", "met late, 2026-11-23 12:00, after 3 h",
            "closure 72 h Tier 3 (closure, 72 h): missed; it was due 2026-11-26 09:00",
            "legal representative sent", "Sara Tan", "ops@lumiere.example", "text message", "tier 2: not resolved in time",
            "answered the buyer Mei Lin", "refund permission switched off Deskbell", "reminded",
            "lights-sg 2026-11-26 09:00 2026-11-27 00:00", "in force", "warning · resolution 80% Slack Mei Lin", "page 1 of",
        ):  # fmt: skip
            assert _close(said) in english, (said, english)
        for said in (
            "服务异常报告", "未在 72 h 内关闭", "退款延迟", "法定代表人", "短信", "已发送", "三级：未按时关闭", "关闭退款权限", "冻结中",
            "回复买家",
        ):  # fmt: skip
            assert _close(said) in chinese, (said, chinese)
        assert "13900001111" not in english + chinese
        await world.says("unfreeze shop:lights-sg settled with the buyer", by="sara")
        assert _close("by Sara Tan: settled with the buyer") in await read(world, number, "en")


async def test_a_reopened_ticket_keeps_the_report_of_what_was_missed_and_its_link(sqlite_url: str, sms: FakeSms) -> None:
    async with World(sqlite_url, sms_url=sms.apprise_url) as world:
        number = await world.ticket()
        await world.pass_time(hours=73)
        (link,) = re.findall(r"http://127.0.0.1:8080(/reports/\S+)", sms.taken[0]["message"])
        await world.says(f"close {number} done", by="chen")
        await world.pass_time(minutes=1)
        await world.says(f"reopen {number} it was not", by="chen")
        async with world.api.get(link) as answer:
            assert answer.status == 200
            said = words(await answer.read())
        assert _close("closure target fell due on 2026-11-26 09:00") in said
        assert _close("Before it was reopened (1): Tier 3") in said


async def test_of_very_many_lines_the_first_and_the_last_are_shown_and_how_many_are_not(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        number = await world.ticket()
        for place in range(310):
            await world.call(
                "POST", f"/v1/tickets/{number}/messages", {"from": "agent", "public": False, "text": f"note {place}", "agent": "mei"}
            )
        await world.pass_time(hours=73)
        said = await read(world, number, "en")
        assert re.search(r"…[0-9]+moreareleftouthere", said)
        assert _close("tier 3: not closed in time") in said


def test_a_text_of_very_many_different_characters_takes_none_from_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "_MOST_SHAPES", 80)  # each costs time, and pypdf reads no more than a few hundred
    odd = "".join(chr(0x4E00 + place) for place in range(400))
    parts = Part("订单", (("主题", odd),), (24, 76)), Part("龘鱻麤", (("龍", "靐齉"),), (24, 76))
    found = words(pdf(Report("报告", "T-1", "摘要", parts, "as of", "{page} / {pages}", datetime(2026, 11, 23, tzinfo=UTC))))
    assert "龘鱻麤" in found
    assert "龍靐齉" in found
    assert 300 < found.count("□") < 400


@pytest.mark.parametrize("what", HOSTILE)
def test_nothing_that_somebody_writes_keeps_it_from_being_made(what: str) -> None:
    text = HOSTILE[what]
    cells = tuple(text[:300] for _ in range(4))
    made = Report(
        text[:300], text[:300], text[:2000],
        (Part("one", (("message", text),), (24, 76)), Part("two", (cells, cells), (24, 40, 22, 14), ("a", "b", "c", "d"))),
        "as of", "page {page} of {pages}", datetime(2026, 11, 23, tzinfo=UTC),
    )  # fmt: skip
    body = pdf(made)
    assert body == pdf(made)
    found = words(body)
    assert "message" in found
    assert "page1of" in found
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x1b]", found)
    assert len(body) < 300_000


async def test_asked_for_in_wecom_it_comes_as_a_file_and_where_that_fails_its_link_is_there_all_the_same(sqlite_url: str) -> None:
    async with World(sqlite_url, wecom=True) as world:
        number = await world.ticket()
        await world.pass_time(hours=80)
        before = len(world.wecom.chat("bo"))
        await world.wecom.types("bo", f"报告 {number}", world.wecom.app)
        card, file = await _new(world, before, 2)
        assert "报告" in card.seen
        name, body = world.wecom.media[file.body["media_id"]]
        assert name == f"T-{number}.pdf"
        assert f"T-{number}" in words(body)
        world.wecom.fail_next("media/upload", "40006 invalid media size")
        before = len(world.wecom.chat("bo"))
        await world.wecom.types("bo", f"报告 {number}", world.wecom.app)
        await world.stop_bot()  # which waits for what is on its way
        [card] = world.wecom.chat("bo")[before:]
        assert "报告" in card.seen


async def _new(world: World, before: int, wanted: int) -> list[WecomMessage]:
    """What is made in a thread comes when it is done."""
    async with asyncio.timeout(20):
        while len(world.wecom.chat("bo")) < before + wanted:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    return world.wecom.chat("bo")[before:]
