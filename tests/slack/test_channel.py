"""Slack as a way out: what is posted where, and what each failure means."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.card import Button, Card, Field, Quote
from bot.errors import DeliveryFailed
from bot.messages import Address, Notice, Reply, codec
from bot.ports import Channel, Updates
from handlers.slack import api
from handlers.slack.answers import Answers
from handlers.slack.channel import PATIENCE, SlackChannel
from tests.fakes.slack import FakeSlack
from tests.slack.conftest import Place, settings
from tests.slack.recording import always

CARD = Card(
    "T-1 · Where is my refund?",
    "warn",
    ("due in 2 h",),
    (Field("Shop", "lights"),),
    (Quote("Ann", "<!channel> help"),),
    (Button("Claim", "claim 1"),),
)
NOTICE = Notice("dlv_1", Address("slack", "C1"), "alert", "T-1 is new", CARD)


def _answer(**route: str) -> Notice:
    return Notice("dlv_9", Address("slack", "C1"), "answer", "Claimed.", Card("Claimed.", lines=("line",)), route=route)


async def test_it_is_a_channel_that_can_change_what_it_sent(place: Place) -> None:
    channel: Channel = place.channel
    assert isinstance(channel, Updates)
    assert (channel.name, channel.abilities.buttons, channel.abilities.edits) == ("slack", True, True)


async def test_a_card_is_posted_with_its_id_and_nothing_is_expanded(place: Place) -> None:
    receipt = await place.channel.send(NOTICE)
    (message,) = place.slack.channel("C1")
    assert receipt == {"channel": "C1", "ts": message.ts, "thread": message.ts}
    assert message.outbox_id == "dlv_1"
    assert message.text == "T-1 is new"
    assert message.labels == ["Claim"]
    assert "<!channel> help" in message.seen
    _, given = next(call for call in place.slack.calls if call[0] == "chat.postMessage")
    assert {name: given[name] for name in ("unfurl_links", "unfurl_media", "link_names", "parse", "mrkdwn")} == {
        "unfurl_links": False, "unfurl_media": False, "link_names": False, "parse": "none", "mrkdwn": False,
    }  # fmt: skip


async def test_a_notice_for_a_person_is_a_direct_message(place: Place) -> None:
    receipt = await place.channel.send(replace(NOTICE, address=Address("slack", "U7")))
    assert [message.text for message in place.slack.dms("U7")] == ["T-1 is new"]
    assert receipt["channel"] == "D7"


@pytest.mark.parametrize(
    ("kind", "threaded"), [("warning", True), ("message", True), ("note", True), ("tier1", False), ("tier3", False), ("alert", False)]
)
async def test_a_tier_rings_anew_and_lesser_news_goes_on_in_the_thread(place: Place, kind: str, threaded: bool) -> None:
    first = await place.channel.send(NOTICE)
    await place.channel.send(replace(NOTICE, id="dlv_2", kind=kind, thread=first))
    assert place.slack.channel("C1")[1].thread_ts == (first["ts"] if threaded else None)


async def test_when_the_first_card_was_deleted_the_news_is_posted_all_the_same(place: Place) -> None:
    await place.channel.send(replace(NOTICE, kind="warning", thread={"channel": "C1", "ts": "1.0"}))
    assert [message.thread_ts for message in place.slack.channel("C1")] == [None]


async def test_a_card_is_edited_in_place(place: Place) -> None:
    receipt = await place.channel.send(NOTICE)
    assert await place.channel.update(receipt, replace(NOTICE, text="T-1 was claimed", card=Card("T-1 · claimed"))) == receipt
    (message,) = place.slack.channel("C1")
    assert (message.text, message.seen, len(message.versions)) == ("T-1 was claimed", "🎫 T-1 · claimed", 1)


FAULTS: list[tuple[str, Callable[[FakeSlack], None], str, str, int | None]] = [
    *[
        (f"Slack says {error}", lambda slack, error=error: slack.fail_next("chat.postMessage", error), outcome, error, None)
        for outcome, errors in {
            "rejected": (
                "channel_not_found", "not_in_channel", "is_archived", "invalid_auth", "account_inactive", "token_revoked",
                "missing_scope", "msg_too_long", "invalid_blocks", "no_text", "restricted_action", "never_heard_of_it",
            ),
            "later": ("ratelimited", "service_unavailable", "request_timeout", "message_limit_exceeded"),
            "unknown": ("internal_error", "fatal_error"),
        }.items()
        for error in errors
    ],
    ("429", lambda slack: slack.rate_limit_next(7), "later", "ratelimited", 7),
    ("429 for a day", lambda slack: slack.rate_limit_next(86_400), "later", "ratelimited", 3600),
    ("500", lambda slack: slack.http_500_next(), "unknown", "HTTP 500", None),
    ("a lost reply", lambda slack: slack.lose_reply_next(), "unknown", "connection lost", None),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "outcome", "why", "seconds"), [each[1:] for each in FAULTS], ids=[each[0] for each in FAULTS])
async def test_each_failure_means_one_of_three_things(
    place: Place, fault: Callable[[FakeSlack], None], outcome: str, why: str, seconds: int | None
) -> None:
    fault(place.slack)
    with pytest.raises(DeliveryFailed) as failed:
        await place.channel.send(NOTICE)
    assert failed.value.outcome == outcome
    assert failed.value.why.startswith(why)
    if seconds is not None:
        assert failed.value.retry_after == timedelta(seconds=seconds)


async def test_a_slack_that_is_down_got_nothing_so_it_is_later(place: Place) -> None:
    await place.slack.down()
    with pytest.raises(DeliveryFailed) as failed:
        await place.channel.send(NOTICE)
    assert failed.value.outcome == "later"
    await place.slack.up()
    await place.channel.send(NOTICE)


async def test_a_slack_that_hangs_may_have_got_it(place: Place) -> None:
    place.slack.hang_next()
    async with api.session() as session:
        web = api.client(settings(place.slack), session)
        with pytest.raises(DeliveryFailed) as failed:
            await SlackChannel(always(web), Answers(always(web), session), patience=0.2).send(NOTICE)
    assert failed.value.outcome == "unknown"


def test_the_client_itself_gives_up_before_the_deliverer_does() -> None:
    assert api.TIMEOUT < PATIENCE < 5


async def test_an_update_of_what_is_gone_is_rejected(place: Place) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        await place.channel.update({"channel": "C1", "ts": "1.0"}, NOTICE)
    assert (failed.value.outcome, failed.value.why) == ("rejected", "message_not_found")


async def test_an_answer_that_follows_reaches_its_asker_alone(place: Place) -> None:
    body = place.slack.command_body("claim 1", user="U1", channel="C1")
    await place.channel.send(_answer(response_url=body["response_url"], channel="C1", user="U1"))
    assert [message.seen for message in place.slack.ephemerals("U1")] == ["Claimed.\n🎫 line"]
    assert not place.slack.channel("C1")


async def test_an_answer_that_comes_whole_has_its_cards_buttons(place: Place) -> None:
    reply = codec.reply_doc(Reply("T-1", (CARD, CARD)))
    await place.channel.send(replace(_answer(channel="C1", user="U1"), data={"reply": reply}))
    assert place.slack.ephemerals("U1")[0].labels == ["Claim", "Claim"]


async def test_an_expired_response_url_is_followed_by_an_ephemeral_message(place: Place) -> None:
    body = place.slack.command_body("claim 1", user="U1", channel="C1")
    place.clock.push(timedelta(minutes=31))
    await place.channel.send(_answer(response_url=body["response_url"], channel="C1", user="U1"))
    assert len(place.slack.ephemerals("U1")) == 1


async def test_a_sixth_answer_to_one_request_takes_another_way(place: Place) -> None:
    url = place.slack.command_body("list", user="U1", channel="C1")["response_url"]
    for _ in range(6):
        await place.channel.send(_answer(response_url=url, channel="C1", user="U1"))
    assert len(place.slack.ephemerals("U1")) == 6
    assert sum(method == "chat.postEphemeral" for method, _ in place.slack.calls) == 1


@pytest.mark.parametrize(
    ("route", "seen"),
    [
        ({"channel": "C1", "user": "U1"}, "ephemeral"),
        ({"channel": "D1", "user": "U1", "direct": "1"}, "dm"),
        ({"user": "U1"}, "dm"),
    ],
)
async def test_an_answer_without_a_response_url_finds_its_asker(place: Place, route: dict[str, str], seen: str) -> None:
    await place.channel.send(_answer(**route))
    assert (len(place.slack.ephemerals("U1")), len(place.slack.dms("U1"))) == ((1, 0) if seen == "ephemeral" else (0, 1))


async def test_where_an_ephemeral_message_is_refused_a_direct_one_follows(place: Place) -> None:
    place.slack.refusing["C1"] = "channel_not_found"
    await place.channel.send(_answer(channel="C1", user="U1"))
    assert len(place.slack.dms("U1")) == 1


@pytest.mark.parametrize("route", [{}, {"response_url": "ftp://x"}, {"response_url": "not a url"}, {"response_url": "http://[bad"}])
async def test_an_answer_to_nobody_is_rejected(place: Place, route: dict[str, Any]) -> None:
    with pytest.raises(DeliveryFailed) as failed:
        await place.channel.send(_answer(**route))
    assert failed.value.outcome == "rejected"


async def test_as_many_messages_at_once_as_are_ever_sent_share_one_session(place: Place) -> None:
    await asyncio.gather(*(place.channel.send(replace(NOTICE, id=f"dlv_{number}")) for number in range(64)))
    assert len({message.outbox_id for message in place.slack.channel("C1")}) == 64


async def test_a_limited_channel_says_when_to_come_again(place: Place) -> None:
    place.slack.limited = True
    outcomes = []
    for number in range(7):
        try:
            await place.channel.send(replace(NOTICE, id=f"dlv_{number}"))
            outcomes.append("sent")
        except DeliveryFailed as failed:
            outcomes.append(f"{failed.outcome} {failed.retry_after}")
    assert outcomes == ["sent"] * 5 + ["later 0:00:01"] * 2
