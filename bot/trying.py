"""What a failed send means for its delivery: buried, or tried again when."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import DeliveryFailed
from bot.records import Outgoing

GIVE_UP_AFTER, GIVE_UP_TRIES = timedelta(hours=24), 20  # both: what waited out our own absence has hardly been tried
MIRROR_TRIES = 500  # days of them: what a shop shows must not stay behind for an outage of hours
PREFERS_NONE = frozenset({"answer", "left"})  # kinds that are better lost than said twice


def failed_try(row: Outgoing, failed: DeliveryFailed, now: datetime, schedule: Sequence[timedelta] = ()) -> Outgoing:
    """The row after a failure: buried, or to be tried again when; by the channel's own `schedule` of pauses, where it has one."""
    tries, why = row.failures + 1, _recordable(failed.why)
    tired = tries > len(schedule) if schedule else now - row.created_at > GIVE_UP_AFTER and tries >= GIVE_UP_TRIES
    if row.kind == "mirror":
        tired = tries >= MIRROR_TRIES
    elif row.receipt is not None and (failed.outcome == "rejected" or tired):
        # It was said long ago; a card that cannot be edited is nothing to alarm anybody about.
        return replace(row, state="sent", failures=0, last_error=f"could not be changed: {why}"[:500])
    if failed.outcome == "rejected" or tired or (failed.outcome == "unknown" and row.kind in PREFERS_NONE):
        return replace(row, state="dead", failures=tries, last_error=why)
    # Full jitter between nothing and an exponential ceiling, 1 s to 5 min; a channel's own Retry-After is kept to.
    ceiling = min(300.0, 2.0**tries)
    usual = schedule[tries - 1] * (1 + random.random() / 10) if schedule else timedelta(seconds=max(0.2, random.random() * ceiling))  # noqa: S311
    pause = failed.retry_after or usual
    unsure = row.unsure or failed.outcome == "unknown"
    return replace(row, state="waiting", failures=tries, available_at=now + pause, last_error=why, unsure=unsure)


def _recordable(why: str) -> str:
    """What a server answered may be no text that a database keeps; an outcome that cannot be recorded is sent again for ever."""
    return why.replace("\0", "").encode("utf-8", "replace").decode()[:500]
