"""How a statement is to be compared: whose orders, which period, how much a conversion may be off, and how many tickets at most."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import BadUsage

MOST = 1000  # tickets of one file, unless it is sent with another number: more are a wrong file rather than wrong payments
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PERCENT = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,4})?")


@dataclass(frozen=True, slots=True)
class Options:
    """`start` and `end`: payments of this time are looked for in the statement, None for none; `end` is no longer part of it.

    `tolerance` is a share of 1. `shop`: whose tickets those of lines are that no order is known for. `channel`: only its payments.
    """

    start: datetime | None
    end: datetime | None
    tolerance: Decimal
    most: int
    shop: str | None
    channel: str | None


def options(given: Mapping[str, Any], zone: str) -> Options:
    """Of `from`, `to`, `fx_tolerance` (percent), `most`, `shop_id`, `channel_id`. Days are the zone's. Raises BadUsage."""
    start, end = _moment(given, "from", zone), _moment(given, "to", zone)
    if (start is None) != (end is None) or (start is not None and end is not None and start >= end):
        raise BadUsage("statement_period", field="from" if start is None else "to")
    percent, most = str(given.get("fx_tolerance") or "0"), given.get("most") or MOST
    if not _PERCENT.fullmatch(percent):
        raise BadUsage("statement_tolerance", field="fx_tolerance", value=percent[:40])
    if not isinstance(most, int) or not 1 <= most <= 1_000_000:
        raise BadUsage("statement_most", field="most")
    return Options(start, end, Decimal(percent) / 100, most, given.get("shop_id"), given.get("channel_id"))


def _moment(given: Mapping[str, Any], name: str, zone: str) -> datetime | None:
    text = given.get(name)
    if text is None:
        return None
    try:
        if _DAY.fullmatch(text):
            day = date.fromisoformat(text) + timedelta(days=name == "to")  # through the end of that day
            return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadUsage("statement_moment", field=name, value=str(text)[:40]) from None
