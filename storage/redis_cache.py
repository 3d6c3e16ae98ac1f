"""Token buckets and small values that replicas share. When Redis does not answer, each goes on alone, and tries again after a while."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from bot.ports import Cache, Taken

LIMIT = 0.5  # seconds for an answer: a limiter must not be slower than what it limits
PAUSE = 5.0  # seconds without asking, after a failure
log = structlog.get_logger("cache")

# One decision in one step. Redis' own clock, so that replicas' clocks need not agree. Times are in microseconds.
SCRIPT = """
local burst, per_second = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(kept[1]) or burst, tonumber(kept[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * per_second / 1000000)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = math.ceil((1 - tokens) / per_second * 1000000) end
redis.call('HSET', KEYS[1], 'tokens', string.format('%.9f', tokens), 'at', string.format('%.0f', now))
redis.call('PEXPIRE', KEYS[1], math.min(math.ceil((burst - tokens) / per_second * 1000) + 1000, 86400000))
return {string.format('%.0f', wait), string.format('%.9f', tokens)}
"""


class RedisCache:
    """bot.ports.Cache over Redis; `alone` is what stands in for it."""

    def __init__(self, url: str, alone: Cache) -> None:
        # No retries: a lost reply would take a second token.
        self._redis = Redis.from_url(
            url, retry=Retry(NoBackoff(), 0), socket_timeout=LIMIT, socket_connect_timeout=LIMIT, decode_responses=True
        )
        self._script = self._redis.register_script(SCRIPT)
        self._alone = alone
        self._again_at = -math.inf

    async def take(self, key: str, burst: int, per_minute: float) -> timedelta:
        """Zero, or how long until there is one."""
        return (await self.taken(key, burst, per_minute)).wait

    async def taken(self, key: str, burst: int, per_minute: float) -> Taken:
        """Of all replicas' bucket."""
        found = await self._shared(
            lambda: self._script(keys=[f"deskbell:bucket:{key}"], args=[burst, max(per_minute, 1e-9) / 60]),
            lambda: self._alone.taken(key, burst, per_minute),
        )
        return found if isinstance(found, Taken) else Taken(timedelta(microseconds=int(found[0])), float(found[1]))

    async def get(self, key: str) -> str | None:
        """Until its time is over, by Redis' clock."""
        found = await self._shared(lambda: self._redis.get(_kept(key)), lambda: self._alone.get(key))
        return None if found is None else str(found)

    async def put(self, key: str, value: str, ttl: timedelta) -> None:
        """Over what was there."""
        await self._shared(lambda: self._redis.set(_kept(key), value, px=ttl), lambda: self._alone.put(key, value, ttl))

    async def add(self, key: str, value: str, ttl: timedelta) -> bool:
        """One of all replicas."""
        put = lambda: self._redis.set(_kept(key), value, px=ttl, nx=True)  # noqa: E731
        return bool(await self._shared(put, lambda: self._alone.add(key, value, ttl)))

    async def drop(self, key: str) -> None:
        """Gone, if it was there."""
        await self._shared(lambda: self._redis.delete(_kept(key)), lambda: self._alone.drop(key))

    async def ping(self) -> str | None:
        """None: it answers. Otherwise one line that says what is wrong."""
        try:
            async with asyncio.timeout(2):
                await self._redis.ping()
        except (RedisError, OSError, TimeoutError) as error:
            return f"Redis does not answer: {type(error).__name__}"
        return None

    async def close(self) -> None:
        """Its connections."""
        await self._redis.aclose()

    async def _shared(self, asked: Callable[[], Awaitable[Any]], alone: Callable[[], Awaitable[Any]]) -> Any:
        """What Redis answers; where it does not, what this process knows."""
        now = asyncio.get_running_loop().time()
        if now < self._again_at:
            return await alone()
        try:
            async with asyncio.timeout(LIMIT * 2):
                found = await asked()
        except (RedisError, OSError, TimeoutError) as error:
            log.warning("redis does not answer: limits are per process for now", error=type(error).__name__)
            self._again_at = now + PAUSE
            return await alone()
        if self._again_at > -math.inf:
            log.info("redis answers again: limits are shared")
            self._again_at = -math.inf
        return found


def _kept(key: str) -> str:
    return f"deskbell:kept:{key}"
