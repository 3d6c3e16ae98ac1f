"""Every command with no, wrong and hostile arguments: a sentence that helps, never a fault, and nothing changed that should not be."""

from __future__ import annotations

import pytest

from bot.commands import registry
from tests.world import CHANNEL, World

HOSTILE = [
    "", "0", "-1", "99999999999999999999", "T-", "T-1e3", "１００１", "1001'; DROP TABLE tickets;--", "<!channel>", "<@U0MEI>", "@nobody",
    "1001 " + "x" * 30_000, "\x00", "1001 \x00\x07", "shop: order:", "shop:nowhere text", "shop:other-shop text", "page:0", "page:x",
    "tag:nonsense", "state:gone", "tier:9", "platform:myspace", "1001 99h99", "1001 -5m", "1001 1000d", "1001 into", "1001 into 1001",
    "1001 1001", "1001 into 5000", "1001 @ghost", "1001 nobody at all", "1001 maybe", "name", "🙂🙂🙂", "\u202e1001", "%s %d {0} {ticket}",
    "*bold* _it_ `code`", "</div><script>alert(1)</script>", "=HYPERLINK(1)", "\n\n\n", "1001\n1002",
]  # fmt: skip
FAULT = ("reference", "went wrong", "出错")


@pytest.mark.parametrize("verb", [verb.name for verb in registry.all_verbs()])
async def test_no_argument_breaks_a_command(sqlite_url: str, verb: str) -> None:
    async with World(sqlite_url) as world:
        await world.ticket()
        words = registry.find(verb)
        assert words is not None
        for by in ("mei", "bo", "ada"):
            for argument in HOSTILE:
                said = await world.slack.command(f"{verb if by != 'bo' else words.chinese[0]} {argument}", user=f"U0{by.upper()}")
                assert said, (verb, argument)
                assert not any(mark in said for mark in FAULT), (verb, argument, said)
                assert "<!channel>" not in said or "&lt;!channel&gt;" not in said
        await world.settle()
        assert world.slack.complaints == []


@pytest.mark.parametrize("verb", [verb.name for verb in registry.all_verbs()])
async def test_a_command_without_its_arguments_says_how_it_is_used_or_answers(world: World, verb: str) -> None:
    said = await world.says(verb, by="chen")
    assert said
    assert "None" not in said


async def test_hostile_text_from_a_buyer_is_only_ever_text(world: World) -> None:
    hostile = "<!channel> <@U0SARA> *urgent* <https://evil.example|refund> &lt;b&gt; \u202e"
    number = await world.ticket(hostile, message=hostile, order_no="A<b>&1")
    [card] = world.slack.channel(CHANNEL)
    assert "<!channel>" in card.seen, "shown as it was typed"
    raw = str(card.blocks) + card.text
    assert "<!channel>" not in raw
    assert "<@U0SARA>" not in raw
    await world.pass_time(hours=3)
    html = world.smtp.mails[-1].part("html")
    assert "<b>&1" not in html
    assert "https://evil.example|refund" not in html or "<a href" not in html
    assert f"T-{number}" in await world.says(f"show {number}")


async def test_a_note_may_say_payload_which_slack_bolt_takes_for_a_button(world: World) -> None:
    number = await world.ticket()
    assert "Note kept" in await world.says(f"note {number} the payload= parcel is lost")
    assert "the payload= parcel is lost" in await world.says(f"show {number}")
