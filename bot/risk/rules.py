"""The two rules: a shop's tickets of today against its habit, and disputes of several orders from one buyer's network."""

from __future__ import annotations

from collections.abc import Sequence

from bot.risk.records import Suspect

DAYS = 7  # full days before today that are a shop's habit


def surges(count: int, past: Sequence[int], above: float, least: int) -> bool:
    """Whether `count` tickets today are too many. `past`: each of the last full days on which the shop existed, DAYS at most.

    More than `above` (3.0: by 300 %) over their mean, and at least `least`; where the mean is 0, `least` alone decides.
    """
    return count >= least and (sum(past) == 0 or count * len(past) > (1 + above) * sum(past))


def mean(past: Sequence[int]) -> float:
    """Tickets a day; 0 where there was no day."""
    return sum(past) / len(past) if past else 0.0


def alike(waiting: Sequence[Suspect], many: int) -> bool:
    """Whether these, of one network, within the window and not yet counted, are on as many different orders."""
    return len({(each.shop_id, each.order_no) for each in waiting}) >= many
