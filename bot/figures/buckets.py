"""A histogram of lengths of time that can be added up and taken apart: by it a median and a p90 are known within 1 %."""

from __future__ import annotations

import math
from collections.abc import Mapping

RATIO = math.log(1.02)  # each bucket ends 2 % above the one before; its middle is told, so that no more than 1 % is wrong


def bucket(seconds: float) -> int:
    """Which bucket a length is in; what is under a second is in the first."""
    return int(math.log(max(seconds, 1.0)) / RATIO)


def middle(place: int) -> float:
    """Seconds, in the middle of a bucket."""
    return math.exp((place + 0.5) * RATIO)


def quantile(counts: Mapping[int, int], share: float) -> float | None:
    """Seconds under which that share of them is; of two in the middle the lower. None where there are none."""
    rank, seen = math.ceil(share * sum(counts.values())), 0
    for place in sorted(counts):
        seen += counts[place]
        if seen >= rank and counts[place]:
            return middle(place)
    return None
