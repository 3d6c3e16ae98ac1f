"""Token buckets and small values: in this process, or shared over Redis. They may forget everything at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.ports import Cache, Clock, Taken

MOST = 20_000  # buckets; full ones are forgotten first, as a forgotten bucket is a full one


class OpenCache(Cache, Protocol):
    """A cache and its end."""

    async def close(self) -> None:
        """Lets go of its connection."""
        ...


def open_cache(redis_url: str | None, clock: Clock) -> OpenCache:
    """Redis where there is one."""
    if redis_url is None:
        return MemoryCache(clock)
    from storage.redis_cache import RedisCache  # noqa: PLC0415  # a library that most starts do without

    return RedisCache(redis_url, MemoryCache(clock))


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: datetime
    full_at: datetime


class MemoryCache:
    """bot.ports.Cache for one process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._kept: dict[str, tuple[str, datetime]] = {}

    async def take(self, key: str, burst: int, per_minute: float) -> timedelta:
        """Zero, or how long until there is one."""
        return (await self.taken(key, burst, per_minute)).wait

    async def taken(self, key: str, burst: int, per_minute: float) -> Taken:
        """Of a bucket that nobody has asked for lately all of it is left."""
        now, rate = self._clock.now(), max(per_minute, 1e-9) / 60
        bucket = self._buckets.get(key)
        if bucket is None:
            self._forget(now)
            bucket = self._buckets[key] = _Bucket(float(burst), now, now)
        elapsed = max(0.0, (now - bucket.at).total_seconds())
        bucket.tokens, bucket.at = min(float(burst), bucket.tokens + elapsed * rate), now
        taken = bucket.tokens >= 1
        if taken:
            bucket.tokens -= 1
        bucket.full_at = now + timedelta(seconds=min((burst - bucket.tokens) / rate, 1e8))
        wait = timedelta(seconds=min(max(1 - bucket.tokens, 0.0) / rate, 1e8))
        return Taken(timedelta() if taken else max(wait, timedelta(microseconds=1)), bucket.tokens)  # never rounded down to "taken"

    async def get(self, key: str) -> str | None:
        """Until its time is over."""
        value, until = self._kept.get(key, (None, self._clock.now()))
        return value if self._clock.now() < until else None

    async def put(self, key: str, value: str, ttl: timedelta) -> None:
        """Over what was there."""
        now = self._clock.now()
        if key not in self._kept and len(self._kept) >= MOST:
            self._kept = {key: kept for key, kept in self._kept.items() if kept[1] > now}
            if len(self._kept) >= MOST:
                self._kept.clear()
        self._kept[key] = (value, now + ttl)

    async def add(self, key: str, value: str, ttl: timedelta) -> bool:
        """Nobody comes between looking and putting: there is no await."""
        if await self.get(key) is not None:
            return False
        await self.put(key, value, ttl)
        return True

    async def drop(self, key: str) -> None:
        """Gone, if it was there."""
        self._kept.pop(key, None)

    async def close(self) -> None:
        """Nothing to let go of."""

    def _forget(self, now: datetime) -> None:
        if len(self._buckets) >= MOST:
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.full_at > now}
        if len(self._buckets) >= MOST:
            self._buckets.clear()
