"""What Slack and its people do at their worst: everything twice at once, edits, other bots, words that no database keeps."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.world import CHANNEL, World


async def _happened(world: World, number: int) -> list[str]:
    await world.settle()
    return [each["type"] for each in (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]]


async def test_what_comes_several_times_at_the_same_moment_happens_once(world: World) -> None:
    number = await world.ticket()
    [card] = world.slack.channel(CHANNEL)
    command = world.slack.command_body(f"note {number} once", user="U0MEI")
    assert len({await each for each in asyncio.as_completed([world.slack.post_form(command) for _ in range(4)])}) == 1
    press = {"payload": json.dumps(world.slack.press_body(card, "Claim", user="U0MEI"))}
    await asyncio.gather(*(world.slack.post_form(press) for _ in range(4)))
    said: dict[str, Any] = {"type": "message", "channel_type": "channel", "channel": CHANNEL, "user": "U0MEI", "text": "She called."}
    said |= {"ts": world.slack.stamp(), "thread_ts": card.ts, "parent_user_id": "UBOT"}
    assert await asyncio.gather(*(world.slack.event(said, event_id="Ev77") for _ in range(4))) == [200] * 4
    await world.settle()
    form = await world.slack.press_for_view(card, "Resolve", user="U0MEI")
    assert form is not None
    sent = {"payload": json.dumps(world.slack.submit_body(form, {"text": "done"}))}
    await asyncio.gather(*(world.slack.post_form(sent) for _ in range(4)))
    happened = await _happened(world, number)
    assert sorted(happened) == ["note", "note", "ticket.claimed", "ticket.created", "ticket.resolved"]


@pytest.mark.parametrize(
    "said",
    [
        {"subtype": "message_changed", "hidden": True, "message": {"user": "U0MEI", "text": "close", "ts": "2.0"}},
        {"subtype": "message_deleted", "hidden": True, "deleted_ts": "2.0", "previous_message": {"user": "U0MEI", "text": "close"}},
        {"subtype": "bot_message", "bot_id": "B9", "text": "close"},
        {"bot_id": "B2", "user": "U0MEI", "text": "close"},
        {"user": "UBOT", "text": "close"},
        {"user": "USLACKBOT", "text": "Reminder: close"},
        {"subtype": "channel_archive", "user": "U0MEI", "text": "archived the channel"},
    ],
)
async def test_edits_deletions_and_bots_say_nothing_to_the_desk(world: World, said: dict[str, Any]) -> None:
    number = await world.ticket()
    [card] = world.slack.channel(CHANNEL)
    place = {"type": "message", "channel_type": "channel", "channel": CHANNEL, "thread_ts": card.ts, "parent_user_id": "UBOT"}
    assert await world.slack.event({"ts": world.slack.stamp(), **place, **said}) == 200
    assert await _happened(world, number) == ["ticket.created"]
    assert len(world.slack.channel(CHANNEL)) == 1


async def test_words_that_no_database_keeps_are_kept_without_what_it_cannot(world: World) -> None:
    number = await world.ticket()
    [card] = world.slack.channel(CHANNEL)
    assert await world.slack.dm(f"note {number} one\0two\ud800three", user="U0MEI") == 200
    assert await world.slack.thread_reply(card, "four\0five\udfffsix", user="U0MEI") == 200
    assert "Note kept" in await world.says(f"note {number} seven\0eight")
    await world.settle()
    shown = await world.says(f"show {number}")
    assert all(note in shown for note in ("onetwo?three", "fourfive?six", "seveneight"))


async def test_where_a_merchants_channel_is_archived_its_alerts_go_by_mail(world: World) -> None:
    world.slack.refusing[CHANNEL] = "is_archived"
    number = await world.ticket()
    await world.pass_time(hours=3)
    told = [mail.subject for mail in world.smtp.mails if mail.to == ("ops@lumiere.example",)]
    assert len(told) == 2
    assert all(f"T-{number}" in subject for subject in told)
