"""Between what single tickets count for and the sums of days and months."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from bot.figures.counting import Counted, Place, Sums

OPERATOR = "-"  # as `bot.records` has it, which stands above
KINDS = ("shop", "platform", "category", "agent")


class Key(NamedTuple):
    """One sum: of which merchant (`-`: of all), of what (`all`, or one shop …), on which day (`2026-11-23`) or in which month."""

    merchant_id: str
    kind: str
    subject: str
    at: str


def differences(pairs: Iterable[tuple[Counted | None, Counted | None]]) -> Mapping[Key, Sums]:
    """(what it was counted for, what it counts for) of each ticket → what to add to which sums."""
    found: dict[Key, Counter[str]] = {}
    for before, after in pairs:
        for sign, counted in ((-1, before), (1, after)):
            for key, sums in _of(counted) if counted is not None else ():
                total = found.setdefault(key, Counter())
                for name, value in sums.items():
                    total[name] += sign * value
    return {key: changed for key, total in found.items() if (changed := {name: value for name, value in total.items() if value})}


def added(*many: Sums) -> dict[str, int]:
    """Their sum, without what is zero."""
    total: dict[str, int] = {}
    for sums in many:
        for name, value in sums.items():
            total[name] = total.get(name, 0) + value
    return {name: value for name, value in total.items() if value}


def _of(counted: Counted) -> Iterator[tuple[Key, Sums]]:
    books: tuple[tuple[str, Place], ...] = ((counted.merchant_id, counted.own), (OPERATOR, counted.operator))
    for merchant_id, place in books:
        sums = {**counted.sums, f"@{place.hour}": 1}
        for kind, subject in (("all", ""), *counted.subjects.items()):
            for at in (place.day, place.day[:7]):
                yield Key(merchant_id, kind, subject, at), sums
