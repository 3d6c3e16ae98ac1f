"""What a channel has missed while it was away: it need not wait out its pauses once the channel takes something again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import DeliveryFailed
from bot.ports import Channel
from bot.records import Outgoing, Waiting
from bot.trying import failed_try

# From its return until they come: what was underway to it when it went away may arrive late, and is looked for before it is said again.
SOON = timedelta(seconds=5)
RETURNING = timedelta(minutes=1)  # for so long connections from before may fail; that is no reason for a long pause
AWAY = 3  # failures in a row: a place that takes some and fails others is not away, and those keep their pauses
MOST = 2_000  # remembered for one place; more than that come by their pauses


class Missed:
    """One per process. Kept in memory: after a restart a pause of five minutes at most is waited out."""

    def __init__(self, channels: Mapping[str, Channel]) -> None:
        self._channels = channels
        self._rows: defaultdict[str, dict[str, Waiting]] = defaultdict(dict)
        self._in_a_row: Counter[str] = Counter()
        self._back: dict[str, datetime] = {}

    def failed(self, row: Outgoing, failed: DeliveryFailed, now: datetime) -> Outgoing:
        """The row after a failure. A pause that the channel itself asked for is kept to, whatever else it takes."""
        after, place = failed_try(row, failed, now, self._schedule(row)), self._place(row)
        returned = self._back.get(place)
        if after.state == "waiting" and failed.retry_after is None and returned is not None and now < returned + RETURNING:
            after = replace(after, available_at=min(after.available_at, max(now, returned) + SOON))
        self._in_a_row[place] += 1
        missed = self._rows[place]
        if after.state == "waiting" and failed.retry_after is None and len(missed) < MOST:
            missed[row.id] = Waiting(row.merchant_id, row.id)
        return after

    def back(self, ended: Sequence[Outgoing], now: datetime) -> list[Waiting]:
        """What need not wait any longer than `SOON`, as these were sent."""
        found: dict[str, Waiting] = {}
        for row in ended:
            if row.state == "sent" and (place := self._place(row)) in self._rows:
                rows, failures = self._rows.pop(place), self._in_a_row.pop(place)
                if failures >= AWAY:
                    found |= rows
                    self._back[place] = now
        return list(found.values())

    def _schedule(self, row: Outgoing) -> tuple[timedelta, ...]:
        channel = self._channels.get(row.channel)
        return channel.abilities.schedule if channel is not None else ()

    def _place(self, row: Outgoing) -> str:
        """A chat platform or a mail server is away as a whole; of systems each for itself."""
        channel = self._channels.get(row.channel)
        return row.channel if channel is None or channel.abilities.digests else f"{row.channel}:{row.target}"
