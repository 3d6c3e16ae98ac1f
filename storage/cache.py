"""Token buckets: in this process, or shared over Redis. They may forget everything at any moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.ports import Cache, Clock

MOST = 20_000  # buckets; full ones are forgotten first, as a forgotten bucket is a full one


class OpenCache(Cache, Protocol):
    """A cache and its end."""

    async def take(self, key: str, burst: int, per_minute: float) -> timedelta:
        """bot.ports.Cache."""
        ...

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

    async def take(self, key: str, burst: int, per_minute: float) -> timedelta:
        """Zero, or how long until there is one."""
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
        return timedelta() if taken else timedelta(seconds=min((1 - bucket.tokens) / rate, 1e8))

    async def close(self) -> None:
        """Nothing to let go of."""

    def _forget(self, now: datetime) -> None:
        if len(self._buckets) >= MOST:
            self._buckets = {key: bucket for key, bucket in self._buckets.items() if bucket.full_at > now}
        if len(self._buckets) >= MOST:
            self._buckets.clear()
