"""Stand-in channels: what they keep, what they change in place, what they never show."""

from __future__ import annotations

import json

import pytest

from bot.card import Button, Card
from bot.clock import PausableClock
from bot.messages import Address, Notice
from bot.ports import Channel, Updates
from handlers.playground.feed import Feed
from handlers.playground.standin import channels


@pytest.fixture
def feed():
    return Feed()


@pytest.fixture
def by_name(feed):
    return {each.name: each for each in channels(feed, PausableClock())}


def notice(**more):
    card = Card("T-1 · Lamp", buttons=(Button("Claim", "claim 1"),))
    return Notice(
        **{"id": "dlv_1", "address": Address("slack", "#after-sales"), "kind": "alert", "text": "T-1 · Lamp", "card": card, **more}
    )


def shown(feed):
    return [thing for _, thing in feed.after(0)]


def test_each_is_a_channel_and_slack_alone_changes_what_it_sent(by_name):
    assert {"slack", "email", "webhooks"} <= set(by_name)
    assert [name for name, each in by_name.items() if isinstance(each, Updates)] == ["slack"]
    checked: list[Channel] = list(by_name.values())
    assert by_name["slack"].abilities.edits
    assert len(checked) == len(by_name)


def test_slack_has_the_real_ones_limit_per_address(by_name):
    abilities = by_name["slack"].abilities
    assert (abilities.burst, abilities.per_minute) == (5, 60)


async def test_what_was_sent_is_kept_with_its_buttons(by_name, feed):
    receipt = await by_name["slack"].send(notice())
    (found,) = shown(feed)
    assert (found["channel"], found["target"], found["ts"], found["edits"]) == ("slack", "#after-sales", receipt["ts"], 0)
    assert found["card"]["buttons"][0]["words"] == "claim 1"


async def test_an_update_shows_the_new_card_in_the_old_ones_place(by_name, feed):
    slack = by_name["slack"]
    receipt = await slack.send(notice())
    await slack.update(receipt, notice(card=Card("T-1 · Lamp", tone="good"), text="T-1 · Lamp"))
    (found,) = shown(feed)
    assert (found["edits"], found["card"]["tone"]) == (1, "good")
    await slack.update(receipt, notice(card=Card("T-1 · Lamp", tone="good"), text="T-1 · Lamp"))
    assert shown(feed)[0]["edits"] == 1, "the same card again is no edit"


async def test_a_card_from_an_earlier_start_is_shown_again_instead_of_lost(by_name, feed):
    await by_name["slack"].update({"channel": "#after-sales", "ts": "12.000001"}, notice())
    assert [each["ts"] for each in shown(feed)] == ["12.000001"]


async def test_receipts_differ_while_time_stands_still(feed):
    clock = PausableClock()
    clock.pause()
    slack = channels(feed, clock)[0]
    assert len({(await slack.send(notice()))["ts"] for _ in range(20)}) == 20


async def test_what_belongs_to_a_thread_says_so(by_name, feed):
    first = await by_name["slack"].send(notice())
    await by_name["slack"].send(notice(kind="warning", thread=first))
    assert [each["thread"] for each in shown(feed)] == [None, first["ts"]]


async def test_a_webhooks_secret_never_reaches_the_page(by_name, feed):
    route = {"url": "https://erp.example/hook", "secrets": ["whsec_c2VjcmV0"]}
    await by_name["webhooks"].send(
        notice(address=Address("webhooks", "wh_1"), kind="event", card=None, data={"type": "ticket.created"}, route=route)
    )
    assert "whsec" not in json.dumps(shown(feed))
    assert shown(feed)[0]["url"] == "https://erp.example/hook"
