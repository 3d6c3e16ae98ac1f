"""What may have arrived already is looked for before it is sent again: where, how often, and what else one look tells."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.card import Card
from bot.errors import DeliveryFailed
from bot.messages import Address, Notice
from handlers.slack.channel import SlackChannel
from tests.slack.conftest import Place

NOTICE = Notice("dlv_1", Address("slack", "C1"), "alert", "T-1 is new", Card("T-1"))


@pytest.mark.parametrize(("address", "kind"), [("C1", "alert"), ("U7", "tier2")])
async def test_what_may_have_arrived_is_looked_for_before_it_is_sent_again(place: Place, address: str, kind: str) -> None:
    notice = replace(NOTICE, address=Address("slack", address), kind=kind)
    place.slack.lose_reply_next()
    with pytest.raises(DeliveryFailed):
        await place.channel.send(notice)
    receipt = await place.channel.send(replace(notice, again=True))
    (message,) = place.slack.channel(receipt["channel"])
    assert receipt["ts"] == message.ts


async def test_in_a_thread_it_is_looked_for_there(place: Place) -> None:
    first = await place.channel.send(NOTICE)
    warning = replace(NOTICE, id="dlv_2", kind="warning", thread=first)
    place.slack.lose_reply_next()
    with pytest.raises(DeliveryFailed):
        await place.channel.send(warning)
    receipt = await place.channel.send(replace(warning, again=True))
    assert len(place.slack.channel("C1")) == 2
    assert receipt["ts"] == place.slack.channel("C1")[1].ts


async def test_what_did_not_arrive_is_sent(place: Place) -> None:
    await place.channel.send(replace(NOTICE, id="dlv_other"))
    await place.channel.send(replace(NOTICE, again=True))
    assert [message.outbox_id for message in place.slack.channel("C1")] == ["dlv_other", "dlv_1"]


async def test_where_we_may_not_look_it_is_sent_again_rather_than_never(place: Place) -> None:
    place.slack.scopes.discard("channels:history")
    await place.channel.send(replace(NOTICE, again=True))
    assert len(place.slack.channel("C1")) == 1


async def test_over_the_limit_for_looking_it_waits_a_few_times_before_it_is_sent_blindly(place: Place) -> None:
    for tries in range(4):
        place.slack.rate_limit_next(60, "conversations.history")
        if tries < 3:
            with pytest.raises(DeliveryFailed) as failed:
                await place.channel.send(replace(NOTICE, again=True))
            assert (failed.value.outcome, failed.value.retry_after) == ("later", timedelta(seconds=60))
            assert not place.slack.channel("C1")
    await place.channel.send(replace(NOTICE, again=True))
    assert len(place.slack.channel("C1")) == 1


async def test_one_look_answers_for_all_whose_reply_was_lost_before_it(place: Place) -> None:
    notices = [replace(NOTICE, id=f"dlv_{number}") for number in range(20)]
    for notice in notices:
        place.slack.lose_reply_next()
        with pytest.raises(DeliveryFailed):
            await place.channel.send(notice)
    await asyncio.gather(*(place.channel.send(replace(notice, again=True)) for notice in notices))
    assert len(place.slack.channel("C1")) == 20
    assert sum(method == "conversations.history" for method, _ in place.slack.calls) == 1
    place.slack.lose_reply_next()  # what fails from now on is not in it
    with pytest.raises(DeliveryFailed):
        await place.channel.send(replace(NOTICE, id="dlv_new"))
    await place.channel.send(replace(NOTICE, id="dlv_new", again=True))
    assert len(place.slack.channel("C1")) == 21


async def test_what_was_said_in_a_digest_is_not_said_alone(place: Place) -> None:
    digest = replace(NOTICE, id="dgs_1", kind="digest", data={"ids": ["dlv_1", "dlv_2"]})
    place.slack.lose_reply_next()
    with pytest.raises(DeliveryFailed):
        await place.channel.send(digest)
    assert await place.channel.send(replace(NOTICE, again=True)) == {"folded": "dgs_1"}
    await place.channel.send(replace(NOTICE, id="dlv_3", again=True))
    assert [each.outbox_id for each in place.slack.channel("C1")] == ["dgs_1", "dlv_3"]


async def test_it_is_found_behind_hundreds_of_newer_messages_and_not_looked_for_before_its_time(place: Place) -> None:
    place.slack.lose_reply_next()
    with pytest.raises(DeliveryFailed):
        await place.channel.send(NOTICE)
    for number in range(450):
        place.slack._chat_postMessage({"channel": "C1", "text": f"talk {number}"})
    await place.channel.send(replace(NOTICE, again=True))
    assert len(place.slack.channel("C1")) == 451
    since = place.clock.now() + timedelta(hours=1)
    await place.channel.send(replace(NOTICE, id="dlv_later", address=Address("slack", "C2"), again=True, since=since))
    asked = [given for method, given in place.slack.calls if method == "conversations.history"]
    assert len(asked) == 4
    assert float(asked[-1]["oldest"]) > place.clock.now().timestamp()


async def test_when_the_thread_is_gone_it_is_looked_for_in_the_channel_where_it_went(place: Place) -> None:
    warning = replace(NOTICE, kind="warning", thread={"channel": "C1", "ts": "1.0"})
    place.slack.fail_next("chat.postMessage", "thread_not_found")
    place.slack.lose_reply_next()
    with pytest.raises(DeliveryFailed):
        await place.channel.send(warning)
    await place.channel.send(replace(warning, again=True))
    assert len(place.slack.channel("C1")) == 1


async def test_when_looking_fails_nothing_was_sent_so_it_is_later(place: Place) -> None:
    place.slack.http_500_next("conversations.history")
    with pytest.raises(DeliveryFailed) as failed:
        await place.channel.send(replace(NOTICE, again=True))
    assert failed.value.outcome == "later"
    assert not place.slack.channel("C1")


async def test_after_a_crash_one_look_answers_for_all_that_is_tried_again_at_once(place: Place) -> None:
    notices = [replace(NOTICE, id=f"dlv_{number}") for number in range(20)]
    for notice in notices[:10]:
        await place.channel.send(notice)
    after = SlackChannel(place.edge._workspaces.client, place.edge._answers)  # type: ignore[union-attr, arg-type]
    await asyncio.gather(*(after.send(replace(notice, again=True)) for notice in notices))
    assert len(place.slack.channel("C1")) == 20
    assert sum(method == "conversations.history" for method, _ in place.slack.calls) == 1
