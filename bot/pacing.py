"""When each of those that an address's limit holds back may go: one after another, as its limit lets them through."""

from __future__ import annotations

from datetime import datetime, timedelta

FORGET = 1000  # addresses; those whose last turn is over need not be remembered


class Pace:
    """One per process. Without it all that is held back comes at the same moment, and all but one are put back again."""

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

    def turn(self, bucket: str, earliest: datetime, per_minute: float) -> datetime:
        """The next free turn of this bucket; it is taken."""
        last = self._last.get(bucket)
        at = earliest if last is None else max(earliest, last + timedelta(minutes=1) / per_minute)
        if len(self._last) >= FORGET:
            self._last = {name: moment for name, moment in self._last.items() if moment > earliest}
        self._last[bucket] = at
        return at
