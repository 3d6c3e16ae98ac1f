"""What is told of a period's sums: means, shares, percentiles; and how old what is open is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.figures.buckets import quantile
from bot.figures.counting import Sums

TARGETS = {"first_response_mean_seconds": 6480.0, "dispute_first_response_attainment": 0.992, "refund_handling_mean_seconds": 492.0}
AGES = (("today", 0), ("1-3d", 3), ("4-7d", 7), ("8-30d", 30), ("over_30d", 10**6))  # name, most days


def figures(sums: Sums, orders: int | None) -> dict[str, Any]:
    """Seconds and shares; None where there is nothing to tell of. `orders`: those paid in the period, None where nobody counts them."""
    waits = {int(name[1:]): value for name, value in sums.items() if name[0] == "f" and name[1:].isdecimal()}
    return {
        "tickets": sums.get("n", 0),
        "first_response": {
            "count": sums.get("fn", 0), "mean_seconds": _ratio(sums, "fs", "fn", 1),
            "median_seconds": _rounded(quantile(waits, 0.5)), "p90_seconds": _rounded(quantile(waits, 0.9)),
        },
        "tier_attainment": {
            "first_response": _ratio(sums, "1k", "1n"), "resolution": _ratio(sums, "2k", "2n"), "closure": _ratio(sums, "3k", "3n"),
        },
        "dispute_first_response_attainment": _ratio(sums, "dk", "dn"),
        "refund_handling_mean_seconds": _ratio(sums, "hs", "hn", 1),
        "chargebacks": sums.get("c", 0),
        "orders_paid": orders,
        "chargeback_rate": round(sums.get("c", 0) / orders, 6) if orders else None,
        "reopenings": sums.get("r", 0),
        "load_by_hour": [sums.get(f"@{hour}", 0) for hour in range(24)],
    }  # fmt: skip


def ages(open_by_day: Mapping[str, int], today: date) -> dict[str, int]:
    """How many tickets that are open now came in how many days ago."""
    found = {name: 0 for name, _ in AGES}
    for day, many in open_by_day.items():
        old = (today - date.fromisoformat(day)).days
        found[next(name for name, most in AGES if old <= most)] += many
    return found


def _ratio(sums: Sums, part: str, whole: str, digits: int = 6) -> float | None:
    return round(sums.get(part, 0) / sums[whole], digits) if sums.get(whole) else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
