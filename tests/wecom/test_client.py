"""The client: one token for all who need one, each error's meaning, and no secret in any word."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import structlog

from bot.settings import Settings
from handlers import logs
from handlers.edge import World
from handlers.wecom import client
from handlers.wecom.client import Client
from handlers.wecom.edge import connect
from handlers.wecom.errors import WecomFailed
from handlers.wecom.sending import Sender
from storage.cache import open_cache
from tests.fakes.wecom import AGENT, CORP, SECRET
from tests.fakes.wecom_sealing import Sealer
from tests.storage.test_cache import Server
from tests.wecom.conftest import Place

SEALER = Sealer(corp_id=CORP)
BODY = {"touser": "mei", "agentid": AGENT, "msgtype": "text", "text": {"content": "工单"}}


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[Server]:
    """A real Redis."""
    server = Server(tmp_path)
    async with asyncio.timeout(5):
        while not (tmp_path / "redis.sock").exists():  # noqa: ASYNC110  # another process makes it
            await asyncio.sleep(0.01)
    yield server
    server.kill()


async def send(place: Place, talking: Client | None = None) -> None:
    await (talking or place.client).call(place.app, "message/send", BODY)


async def failed(place: Place) -> WecomFailed:
    with pytest.raises(WecomFailed) as found:
        await send(place)
    return found.value


async def test_a_hundred_cold_sends_fetch_one_token(place: Place) -> None:
    place.wecom.slow = 0.02
    await asyncio.gather(*(send(place) for _ in range(100)))
    assert (place.wecom.count("gettoken"), place.wecom.count("message/send")) == (1, 100)
    assert all(len(message.seen) == 2 for message in place.wecom.chat("mei")), "Chinese goes out as it is"


async def test_three_replicas_with_redis_fetch_one_token(place: Place, redis: Server) -> None:
    place.wecom.slow = 0.02
    async with AsyncExitStack() as closing:
        replicas = []
        for _ in range(3):
            cache = open_cache(redis.url, place.clock)
            closing.push_async_callback(cache.close)
            replicas.append(Client(await closing.enter_async_context(client.session()), cache, place.wecom.api_url))
        await asyncio.gather(*(send(place, each) for each in replicas for _ in range(33)))
    assert (place.wecom.count("gettoken"), place.wecom.count("message/send")) == (1, 99)
    assert not [key for key in await redis.keys() if SECRET in key]


async def test_a_token_that_was_revoked_or_ran_out_is_replaced_once_for_all(place: Place) -> None:
    await send(place)
    place.wecom.revoke()
    await asyncio.gather(*(send(place) for _ in range(20)))
    assert place.wecom.count("gettoken") == 2
    place.clock.push(timedelta(hours=2))
    await send(place)
    assert place.wecom.count("gettoken") == 3
    place.wecom.fail_next("message/send", "42001 access_token expired")
    await send(place)
    for _ in range(2):
        place.wecom.fail_next("message/send", "40014 invalid access_token")
    before = place.wecom.count("message/send")
    assert (await failed(place)).outcome == "later"
    assert place.wecom.count("message/send") == before + 2, "one more try, not a thousand"


async def test_a_wrong_secret_is_not_tried_again_and_again(place: Place) -> None:
    place.app = replace(place.app, secret="wrong-secret")
    for _ in range(5):
        said = await failed(place)
        assert (said.outcome, said.code) == ("rejected", 40001)
    await asyncio.gather(*(failed(place) for _ in range(20)))
    assert place.wecom.count("gettoken") == 1, "wrong secrets asked with again and again ban the address for an hour"
    place.app = replace(place.app, secret=SECRET)
    await send(place)


async def test_an_address_that_is_not_trusted_is_told_to_whoever_can_enter_it(place: Place) -> None:
    place.wecom.trusted = set()
    said = await failed(place)
    assert (said.outcome, "203.0.113.9" in said.why, "企业可信IP" in said.why) == ("rejected", True, True)
    place.wecom.trusted = None
    place.clock.push(timedelta(minutes=1))
    await send(place)


MEANINGS = [
    ("-1 system busy", "later", None), ("6000 version clash", "later", None), ("45033 concurrency", "later", None),
    ("45009 api freq out of limit", "later", 60), ("45036 limit", "later", 60), ("48002 no permission", "rejected", None),
    ("60020 not allow, from ip: 1.2.3.4, more", "rejected", None), ("43012 no callback", "rejected", None),
    ("81013 all invalid", "rejected", None), ("40058 invalid", "rejected", None), ("45002 too long", "rejected", None),
    ("60140 used", "rejected", None), ("99999 never heard of", "rejected", None),
]  # fmt: skip


@pytest.mark.parametrize(("error", "outcome", "seconds"), MEANINGS, ids=[each[0].split()[0] for each in MEANINGS])
async def test_each_error_means_one_of_three_things(place: Place, error: str, outcome: str, seconds: int | None) -> None:
    place.wecom.fail_next("message/send", error)
    said = await failed(place)
    assert said.outcome == outcome
    assert said.retry_after == (timedelta(seconds=seconds) if seconds else None)
    assert str(said.code) == error.split(maxsplit=1)[0]


async def test_what_wecom_does_not_answer_may_have_arrived_and_what_never_left_has_not(place: Place) -> None:
    for spoil, outcome in (
        (lambda: place.wecom.http_500_next("message/send"), "unknown"), (lambda: place.wecom.lose_reply_next("message/send"), "unknown"),
    ):  # fmt: skip
        spoil()
        assert (await failed(place)).outcome == outcome
    place.wecom.revoke()
    place.wecom.http_500_next("gettoken")
    assert (await failed(place)).outcome == "later", "without a token nothing was sent"
    await place.wecom.stop()
    assert (await failed(place)).outcome == "later"


async def test_five_hundred_lost_answers_are_no_second_message(place: Place) -> None:
    sender = Sender(place.client, place.cache)
    body = {"msgtype": "text", "text": {"content": "T-1024"}}
    for number in range(500):
        user = f"u{number}"
        place.wecom.lose_reply_next("message/send")
        with pytest.raises(WecomFailed) as lost:
            await sender.message(place.app, user, body, once=f"dlv_{number}")
        assert lost.value.outcome == "unknown"
        other = {"msgtype": "text", "text": {"content": "T-1024, and this may be a repeat"}}
        await sender.message(place.app, user, other, once=f"dlv_{number}")
    doubled = sum(len(place.wecom.chat(f"u{number}")) > 1 for number in range(500))
    print(f"WeCom: {doubled} of 500 messages doubled after a lost answer")
    assert doubled <= 5
    assert all(place.wecom.chat(f"u{number}") for number in range(500))


@pytest.mark.parametrize("attribute", ["unknown", "unlicensed"])
async def test_error_code_0_is_not_delivered(place: Place, attribute: str) -> None:
    getattr(place.wecom, attribute).add("mei")
    with pytest.raises(WecomFailed) as found:
        await Sender(place.client, place.cache).message(place.app, "MEI", {"msgtype": "text", "text": {"content": "x"}})
    assert found.value.outcome == "rejected"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """All that is logged."""
    root, stream = logging.getLogger(), io.StringIO()
    before, level = root.handlers[:], root.level
    logs.configure([], level=logging.DEBUG, stream=stream)
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


async def test_no_secret_gets_into_a_log_or_an_error(place: Place, logged: io.StringIO) -> None:
    key = "693a91f6-secret-robot-key"
    words = []
    for spoil in (
        lambda: place.wecom.fail_next("gettoken", f"40001 invalid credential {SECRET}"), lambda: place.wecom.http_500_next("gettoken"),
        lambda: place.wecom.http_500_next("message/send"),
        lambda: place.wecom.fail_next("message/send", f"60020 corpsecret={SECRET}, from ip: 1.2.3.4"),
    ):  # fmt: skip
        spoil()
        words.append((await failed(place)).why)
        place.clock.push(timedelta(hours=3))
    tokens = list(place.wecom._tokens)
    with pytest.raises(WecomFailed) as robot:
        await place.client.robot(key, {"msgtype": "text", "text": {"content": "x"}})
    await place.wecom.stop()
    words += [robot.value.why, (await failed(place)).why]
    everything = "\n".join([*words, logged.getvalue()])
    assert logged.getvalue()
    assert [each for each in (SECRET, key, CORP, *tokens) if each in everything] == []


async def test_the_doctor_says_what_to_mend(place: Place) -> None:
    async def checked(**settings: str) -> str | None:
        given = {"wecom_corp_id": CORP, "wecom_agent_id": str(AGENT), "wecom_secret": SECRET, "wecom_api_url": place.wecom.api_url}
        given |= {"wecom_token": SEALER.token, "wecom_aes_key": SEALER.aes_key}
        async with AsyncExitStack() as closing:
            edge = await connect(World(Settings(**{**given, **settings}), place.clock, open_cache(None, place.clock), closing))  # type: ignore[arg-type]
            return await edge.check()

    assert await checked() is None
    place.wecom.robots.add("key-1")
    assert await checked(wecom_robot_key="key-1") is None
    assert not place.wecom.messages["key-1"]
    assert "WECOM_ROBOT_KEY" in (await checked(wecom_robot_key="key-2") or "")
    assert "secret is wrong" in (await checked(wecom_secret="x" * 43) or "")
    place.wecom.trusted = set()
    assert "203.0.113.9" in (await checked() or "")
    await place.wecom.stop()
    assert "WECOM_API_URL" in (await checked() or "")
    assert await checked(**dict.fromkeys(("wecom_corp_id", "wecom_agent_id", "wecom_secret", "wecom_token", "wecom_aes_key"), "")) is None


async def test_a_file_goes_up_and_has_an_id(place: Place) -> None:
    id = await place.client.upload(place.app, "file", "报告 1024.pdf", b"%PDF-1.7 content")
    assert place.wecom.media[id] == ("报告 1024.pdf", b"%PDF-1.7 content")
    place.wecom.robots.add("key-1")
    id = await place.client.robot_upload("key-1", "chart.png", b"\x89PNG....")
    assert place.wecom.media[id][1] == b"\x89PNG...."
    with pytest.raises(WecomFailed):
        await place.client.upload(place.app, "file", "x", b"1")
