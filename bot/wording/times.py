"""How moments are written for people: in their merchant's zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


def dated(at: datetime, timezone: str) -> str:
    """`11-24 15:04`, for what is read on other days as well."""
    return at.astimezone(ZoneInfo(timezone)).strftime("%m-%d %H:%M")


def full(at: datetime, timezone: str) -> str:
    """`2026-11-24 15:04`, for what is read years later."""
    return at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")


def offset(at: datetime, timezone: str) -> str:
    """`UTC+8`, for what is read in other zones as well: a channel has readers everywhere, and a senior manager many merchants."""
    minutes = int((at.astimezone(ZoneInfo(timezone)).utcoffset() or timedelta()).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}{f':{rest:02}' if rest else ''}"


def clock_time(at: datetime, timezone: str, now: datetime) -> str:
    """`15:04` today, `11-24 15:04` on another day, with seconds when it is less than ten minutes away."""
    zone = ZoneInfo(timezone)
    local, today = at.astimezone(zone), now.astimezone(zone)
    shape = "%H:%M:%S" if abs((at - now).total_seconds()) < 600 else "%H:%M"
    if local.date() != today.date():
        shape = "%m-%d " + shape if local.year == today.year else "%Y-%m-%d " + shape
    return local.strftime(shape)
