"""Events posted to a real receiver on loopback, and every way in which that can fail."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ThreadedResolver

from bot.clock import SystemClock
from bot.errors import DeliveryFailed
from bot.messages import Address, Notice
from bot.settings import Settings
from handlers.edge import World, load
from handlers.guard import Guard
from handlers.outward import retry_after, session
from handlers.webhooks.channel import WebhooksChannel
from tests.fakes.receiver import FakeReceiver

OLD, NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"
BODY = {
    "type": "ticket.created",
    "timestamp": "2026-03-05T08:30:00Z",
    "data": {"number": 1024, "subject": "坏的台灯 \u2028 </script> \x00"},
}


def event(url: str, *, id: str = "dlv_1", secrets: tuple[str, ...] = (NEW,), body: dict | None = None) -> Notice:
    return Notice(id, Address("webhooks", "wh_1"), "event", "", data=body or BODY, route={"url": url, "secrets": list(secrets)})


@contextlib.asynccontextmanager
async def open_channel(limit: float = 5.0) -> AsyncIterator[WebhooksChannel]:
    guard = Guard(allow_private=True)
    async with session(guard, ThreadedResolver(), limit) as client:
        yield WebhooksChannel(client, guard, SystemClock())


@pytest.fixture
async def receiver() -> AsyncIterator[FakeReceiver]:
    async with FakeReceiver([NEW]) as fake:
        yield fake


async def failure(notice: Notice, limit: float = 5.0) -> DeliveryFailed:
    async with open_channel(limit) as channel:
        with pytest.raises(DeliveryFailed) as failed:
            await channel.send(notice)
    assert "whsec_" not in failed.value.why
    return failed.value


async def test_an_event_arrives_signed_and_as_it_was(receiver):
    async with open_channel() as channel:
        assert await channel.send(event(receiver.url)) == {"status": "204"}
    (taken,) = receiver.events
    assert taken.body == BODY
    assert taken.id == "dlv_1"
    assert taken.headers["Content-Type"] == "application/json"
    assert "Cookie" not in taken.headers


async def test_while_a_secret_is_being_replaced_receivers_with_either_accept():
    async with FakeReceiver([OLD]) as behind, FakeReceiver([NEW]) as ahead, open_channel() as channel:
        for receiver in (behind, ahead):
            await channel.send(event(receiver.url, secrets=(NEW, OLD)))
            assert len(receiver.events[0].headers["webhook-signature"].split(" ")) == 2
            assert receiver.refused == 0


async def test_an_event_sent_again_has_the_same_id(receiver):
    async with open_channel() as channel:
        for _ in range(2):
            await channel.send(event(receiver.url))
    assert [each.id for each in receiver.events] == ["dlv_1", "dlv_1"]


@pytest.mark.parametrize(
    ("fault", "outcome", "taken"),
    [
        ("200", None, 0), ("201", None, 0), ("299", None, 0),
        ("301", "rejected", 0), ("302", "rejected", 0), ("304", "rejected", 0), ("307", "rejected", 0), ("410", "rejected", 0),
        ("400", "later", 0), ("401", "later", 0), ("403", "later", 0), ("404", "later", 0), ("408", "later", 0), ("413", "later", 0),
        ("422", "later", 0), ("429", "later", 0), ("500", "later", 0), ("502", "later", 0), ("503", "later", 0), ("504", "later", 0),
        ("lost_reply", "unknown", 1), ("hang", "unknown", 1),
    ],
)  # fmt: skip
async def test_an_answer_says_whether_to_try_again(receiver, fault, outcome, taken):
    receiver.fault = fault
    if outcome is None:
        async with open_channel() as channel:
            await channel.send(event(receiver.url))
    else:
        assert (await failure(event(receiver.url), limit=0.4 if fault == "hang" else 5.0)).outcome == outcome
    assert len(receiver.events) == taken


async def test_a_receiver_that_is_gone_is_named_so(receiver):
    receiver.fault = "410"
    assert (await failure(event(receiver.url))).why.startswith("gone:")


async def test_a_receiver_that_is_down_is_tried_later(receiver):
    url = receiver.url
    await receiver.stop()
    failed = await failure(event(url))
    assert (failed.outcome, failed.why) == ("later", "no connection to the receiver: refused")


@pytest.mark.parametrize("status", ["429", "503"])
async def test_a_receiver_says_when_to_come_back(receiver, status):
    receiver.fault, receiver.answer_headers = status, {"Retry-After": "17"}
    assert (await failure(event(receiver.url))).retry_after == timedelta(seconds=17)


NOW = datetime(2026, 3, 5, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wait", "seconds"),
    [
        (None, None), ("", None), ("0", 0), ("30", 30), ("9" * 4_000, 3_600), ("Thu, 05 Mar 2026 08:31:00 GMT", 60),
        ("Thu, 05 Mar 2020 08:31:00 GMT", 0), ("Thu, 05 Mar 2036 08:31:00 GMT", 3_600), ("-5", None), ("soon", None), ("1.5", None),
        ("Thu, 05 Mar 2026 08:31:00", None), ("²", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_in_seconds_and_as_a_date(wait, seconds):
    assert retry_after(wait, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("secrets", [(), ("",), ("whsec_",), ("whsec_!",), ("whsec_é",)])
async def test_an_unusable_secret_is_rejected_before_anything_is_sent(receiver, secrets):
    assert (await failure(event(receiver.url, secrets=secrets))).outcome == "rejected"
    assert receiver.requests == 0


async def test_a_subscription_that_is_gone_is_rejected():
    assert (await failure(Notice("dlv_1", Address("webhooks", "wh_1"), "event", ""))).outcome == "rejected"


async def test_an_endless_answer_is_not_read_to_its_end(receiver):
    receiver.fault = "bomb"
    started = time.perf_counter()
    async with open_channel() as channel:
        await channel.send(event(receiver.url))
    assert time.perf_counter() - started < 2


async def test_connections_are_used_again(receiver):
    async with open_channel() as channel:
        for number in range(5):
            await channel.send(event(receiver.url, id=f"dlv_{number}"))
        kept = channel._session.connector
        assert kept is not None
        assert sum(len(each) for each in kept._conns.values()) == 1


async def test_the_edge_gives_one_channel_and_its_setting_opens_the_guard(receiver):
    async with AsyncExitStack() as closing:
        for allowed in (False, True):
            world = World(Settings(webhook_allow_private=allowed), SystemClock(), None, closing)  # type: ignore[arg-type]
            edge = await load("webhooks", world)
            (channel,) = edge.channels
            if allowed:
                await channel.send(event(receiver.url))
            else:
                with pytest.raises(DeliveryFailed, match="https"):
                    await channel.send(event(receiver.url))
            assert await edge.check() is None
            assert edge.routes(None) == []  # type: ignore[arg-type]
    assert len(receiver.events) == 1


async def test_the_receiver_as_a_process_logs_what_it_accepted_before_it_answers(tmp_path):
    log = tmp_path / "sink.jsonl"
    command = [sys.executable, "-m", "tests.fakes.receiver", "--port", "0", "--delay", "0.01", "--log", str(log), "--secret", NEW]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().split()[-1]
        async with open_channel() as channel:
            await channel.send(event(url))
            with pytest.raises(DeliveryFailed):
                await channel.send(event(url, secrets=(OLD,)))
        (line,) = map(json.loads, log.read_text().splitlines())
        assert (line["id"], line["type"], line["ticket"]) == ("dlv_1", "ticket.created", 1024)
        assert 0 <= time.monotonic() - line["at"] < 5
    finally:
        process.kill()
        await process.wait()
