"""When a zone's clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


@lru_cache(maxsize=1024)
def offsets(timezone: str, year: int) -> tuple[tuple[int, int, int], ...]:
    """A UTC year cut where the zone's clocks change: (from, to, offset), in seconds. Looks once a day: none changed twice in one."""
    zone = ZoneInfo(timezone)

    def offset(at: int) -> int:
        return int(((_EPOCH + at * _SECOND).astimezone(zone).utcoffset() or timedelta()).total_seconds())

    begin, end = ((datetime(each, 1, 1, tzinfo=UTC) - _EPOCH) // _SECOND for each in (year, year + 1))
    found, since, before = [], begin, offset(begin)
    for at in range(begin + DAY, end + 1, DAY):
        now = offset(at) if at < end else offset(end - 1)
        if now != before:
            low, high = at - DAY, min(at, end - 1)
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(middle) == before else (low, middle)
            found.append((since, high, before))
            since, before = high, now
    return (*found, (since, end, before))
