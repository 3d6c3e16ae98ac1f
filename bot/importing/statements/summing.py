"""What a statement adds up to, by type and currency: amounts as decimal text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from bot.importing.statements.line import EXACT, Line

CURRENCIES = 60  # are added up; a file with more is full of mistakes


def added(summary: Mapping[str, Any], lines: Sequence[Line]) -> dict[str, Any]:
    """The summary with these lines in it."""
    totals = {type: {currency: dict(sums) for currency, sums in found.items()} for type, found in (summary.get("totals") or {}).items()}
    for line in lines:
        found = totals.setdefault(line.type, {})
        if line.currency not in found and len(found) >= CURRENCIES:
            continue
        sums = found.setdefault(line.currency, {"lines": 0, "gross": "0"})
        sums["lines"] += 1
        sums["gross"] = f"{EXACT.add(Decimal(sums['gross']), line.gross):f}"
    return {**summary, "lines": count(summary, "lines") + len(lines), "totals": totals}


def count(summary: Mapping[str, Any], name: str) -> int:
    """A number in it, 0 where there is none yet."""
    return int(summary.get(name) or 0)
