"""One table of tests that every channel passes, through its harness."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest

from bot.card import Button, Card, Field, Quote
from bot.errors import DeliveryFailed
from bot.messages import Notice
from bot.ports import Updates
from tests.channels import Harness, route_of, trait
from tests.channels.email_ import EmailHarness
from tests.channels.slack import SlackHarness
from tests.channels.sms import SmsHarness
from tests.channels.webhooks import WebhooksHarness
from tests.channels.wecom import WecomGroupHarness, WecomHarness, WecomRobotHarness
from tests.channels.wecom_bot import WecomBotHarness
from tests.clock import PushedClock

HARNESSES: list[Callable[[], Harness]] = [
    EmailHarness, SlackHarness, WebhooksHarness, WecomHarness, WecomGroupHarness, WecomRobotHarness,
    WecomBotHarness, SmsHarness,
]  # fmt: skip

CARDS = {
    "en": Card(
        title="T-1024 · Broken lamp",
        tone="warn",
        lines=("Nobody has answered.",),
        fields=(Field("State", "new"),),
        quotes=(Quote("J*** T**", "It does not shine."),),
        buttons=(Button("Claim", "claim 1024", "primary"),),
        footer="lights.sg · Shopee",
    ),
    "zh": Card(
        title="T-1024 · 台灯坏了",
        tone="warn",
        lines=("尚无人响应。",),
        fields=(Field("状态", "新建"),),
        quotes=(Quote("张**", "灯不亮。"),),
        buttons=(Button("认领", "claim 1024", "primary"),),
        footer="lights.sg · 虾皮",
    ),
}
WORDS = {"en": ("Broken lamp", "Nobody has answered.", "It does not shine."), "zh": ("台灯坏了", "尚无人响应。", "灯不亮。")}
HOSTILE = (
    "<!channel> <!subteam^S1> <@U1> <https://evil.example|click> </td><script>alert(1)</script>\r\nBcc: all@evil.example\r\n\r\n"
    "\x00\u202egnp.exe\u202c"
)


@pytest.fixture(params=HARNESSES, ids=lambda made: made.name)
async def harness(request: pytest.FixtureRequest) -> AsyncIterator[Harness]:
    made: Harness = request.param()
    await made.start(PushedClock())
    yield made
    await made.stop()


def notice(harness: Harness, locale: str = "en", card: Card | None = None, **more) -> Notice:
    shown = card or CARDS[locale]
    words = " ".join((shown.title, *shown.lines, *(quote.text for quote in shown.quotes)))
    data = {
        "type": "ticket.created",
        "timestamp": "2026-11-23T01:00:00Z",
        "data": {"number": 1024, "card": words},
    }
    made = Notice("dlv_1", harness.address(), "alert", shown.title, shown, data, route_of(harness), None, locale)
    return replace(made, **more)


async def failure(harness: Harness, kind: str) -> DeliveryFailed:
    await harness.fault(kind)
    with pytest.raises(DeliveryFailed) as failed:
        await harness.channel.send(notice(harness))
    return failed.value


async def test_its_name_is_its_folders_name(harness):
    assert harness.channel.name == harness.name == harness.address().channel


@pytest.mark.parametrize("locale", ["en", "zh"])
async def test_a_notice_arrives_once_with_the_words_of_its_card(harness, locale):
    receipt = await harness.channel.send(notice(harness, locale))
    (message,) = await harness.received()
    assert [word for word in WORDS[locale] if word not in message] == []
    assert all(isinstance(part, str) for pair in receipt.items() for part in pair)


async def test_hostile_text_arrives_as_text_and_breaks_out_of_nothing(harness):
    card = Card(
        HOSTILE, "alarm", (HOSTILE,), (Field(HOSTILE, HOSTILE),), (Quote(HOSTILE, HOSTILE),), (Button("Claim", "claim 1024"),), HOSTILE
    )
    await harness.channel.send(notice(harness, card=card))
    (message,) = await harness.received()
    assert "alert(1)" in message
    if not trait(harness, "machine", False):
        live = trait(harness, "live", ("<!channel>", "<!subteam", "<@U1>", "<https://evil"))
        assert [each for each in (*live, "\x00", "\u202e", "\u202c") if each in message] == []


async def test_a_digest_of_as_many_as_it_takes_names_every_one_however_long_their_subjects(harness):
    abilities = harness.channel.abilities
    if not abilities.digests or trait(harness, "machine", False):
        return
    lines = tuple(f"T-{1000 + count} · 一级：无人响应 · {'长😀' * 30}" for count in range(abilities.digest))
    card = Card(f"{abilities.digest} notices at once", "alarm", lines)
    await harness.channel.send(notice(harness, card=card, id="dgs_1", kind="digest"))
    said = "\n".join(await harness.received())
    assert [line[:6] for line in lines if line[:6] not in said] == []


async def test_fifty_thousand_characters_are_bounded_and_still_arrive(harness):
    endless = "长x" * 25_000
    card = Card(endless, "info", (endless,), (Field(endless, endless),), (Quote(endless, endless),), (), endless)
    await harness.channel.send(notice(harness, card=card))
    (message,) = await harness.received()
    assert len(message) <= trait(harness, "longest", 150_000)


async def test_a_notice_without_a_card_is_its_one_line(harness):
    line = "T-1024 was merged"
    await harness.channel.send(replace(notice(harness), card=None, text=line))
    (message,) = await harness.received()
    assert trait(harness, "machine", False) or line in message


@pytest.mark.parametrize(
    ("fault", "outcomes"),
    [
        ("rejected", {"rejected"}), ("later", {"later"}), ("down", {"later"}), ("lost_reply", {"unknown"}), ("hang", {"unknown", "later"}),
    ],
)  # fmt: skip
async def test_a_failure_says_truly_whether_it_may_have_arrived(harness, fault, outcomes):
    started = time.perf_counter()
    failed = await failure(harness, fault)
    assert failed.outcome in outcomes
    assert time.perf_counter() - started < 6
    if failed.outcome != "unknown":
        assert await harness.received() == []


@pytest.mark.parametrize("fault", ["rejected", "later", "down", "lost_reply", "hang"])
async def test_an_error_is_one_short_line_without_a_secret(harness, fault):
    why = (await failure(harness, fault)).why
    assert [secret for secret in trait(harness, "secrets", ()) if secret in why] == []
    assert "\n" not in why
    assert 0 < len(why) <= 500


@pytest.mark.parametrize("fault", ["later", "lost_reply", "hang"])
async def test_what_failed_once_goes_through_when_the_fault_is_over(harness, fault):
    await failure(harness, fault)
    await harness.fault("")
    await harness.channel.send(notice(harness, again=True))
    assert await harness.received() != []


async def test_what_may_have_arrived_is_sent_again_recognisably_or_not_at_all(harness):
    """One message, or two that carry the same id, by which their reader's system can tell; a card says so itself."""
    await failure(harness, "lost_reply")
    await harness.fault("")
    await harness.channel.send(notice(harness, again=True))
    messages = await harness.received()
    assert len(messages) == 1 or all("dlv_1" in message for message in messages) or trait(harness, "forgets", False)


async def test_many_at_once_all_arrive(harness):
    many = trait(harness, "at_once", 20)
    await asyncio.gather(*(harness.channel.send(notice(harness, id=f"dlv_{number}")) for number in range(many)))
    assert len(await harness.received()) == many


async def test_a_channel_that_can_edit_shows_the_new_card_in_the_old_ones_place(harness):
    if not harness.channel.abilities.edits:
        assert not isinstance(harness.channel, Updates)
        return
    receipt = await harness.channel.send(notice(harness))
    assert isinstance(harness.channel, Updates)
    if fresh := trait(harness, "fresh", None):
        receipt = await fresh(receipt)
    await harness.channel.update(receipt, notice(harness, card=replace(CARDS["en"], title="T-1024 · Solved", tone="good")))
    (message,) = await harness.received()
    assert "Solved" in message
    assert "Broken lamp" not in message
