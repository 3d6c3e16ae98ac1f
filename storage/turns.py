"""Events to other systems: each ticket's in order at each receiver, and again when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, literal_column, select, tuple_, update

from bot.records import TURN, Outgoing
from storage.db import Db
from storage.lists import one_of, one_of_pairs
from storage.rows import pairs
from storage.schema import outbox

EVENTS = outbox.c.channel == literal_column("'webhooks'")
A_MOMENT = timedelta(seconds=1)  # what is being sent just now is done by then, or fails soon
_TYPE = outbox.c.available_at.type
_WAITING = outbox.c.state == literal_column("'waiting'")
_QUEUE = (
    select(outbox.c.id, outbox.c.ticket, outbox.c.target, outbox.c.available_at, outbox.c.leased)
    .where(one_of_pairs(outbox.c.merchant_id, outbox.c.ticket), EVENTS, _WAITING)
    .order_by(outbox.c.seq)
)  # fmt: skip
_NEXT = (
    update(outbox)
    .where(
        one_of_pairs(outbox.c.merchant_id, outbox.c.ticket), EVENTS, _WAITING, ~outbox.c.leased, outbox.c.failures == 0,
        outbox.c.last_error == literal_column(f"'{TURN}'"), outbox.c.available_at > bindparam("now", type_=_TYPE),
    )
    .values(available_at=bindparam("now", type_=_TYPE))
)  # fmt: skip
_AFRESH = {
    "state": "waiting", "available_at": bindparam("now", type_=_TYPE), "failures": 0, "receipt": None, "thread": None,
    "last_error": None, "unsure": False,
}  # fmt: skip
_RESEND = update(outbox).where(outbox.c.id == bindparam("of_id"), ~outbox.c.leased).values(_AFRESH)
_SINCE = (
    select(outbox.c.merchant_id, outbox.c.id)
    .where(
        EVENTS, outbox.c.target == bindparam("of_target"), outbox.c.created_at >= bindparam("since", type_=outbox.c.created_at.type),
        one_of(outbox.c.state, "states"), ~outbox.c.leased,
    )
    .order_by(outbox.c.created_at, outbox.c.seq)
    .limit(bindparam("most"))
)  # fmt: skip
_REPLAY = update(outbox).where(tuple_(outbox.c.merchant_id, outbox.c.id).in_(_SINCE)).values(_AFRESH)


class Turns:
    """The part of bot.stores.Outbox that is about webhooks alone."""

    def __init__(self, db: Db) -> None:
        self._turning = db

    def behind(self, rows: Sequence[Outgoing], now: datetime) -> Mapping[str, datetime]:
        """One read for all of them, of what waits of their tickets."""
        events = [row for row in rows if row.channel == "webhooks" and row.ticket is not None]
        if not events:
            return {}
        heads: dict[tuple[int, str], tuple[str, datetime]] = {}
        for id, ticket, target, at, leased in self._turning.all(_QUEUE, pairs((row.merchant_id, row.ticket) for row in events)):
            heads.setdefault((ticket, target), (id, min(at, now + A_MOMENT) if leased else at))
        found: dict[str, datetime] = {}
        for row in events:
            head, at = heads.get((row.ticket or 0, row.target), (row.id, now))
            if head != row.id:
                found[row.id] = max(at, now)
        return found

    def next_turn(self, rows: Sequence[Outgoing], now: datetime) -> None:
        """One statement, where there are any."""
        ended = [row for row in rows if row.channel == "webhooks" and row.ticket is not None and row.state != "waiting"]
        if ended:
            self._turning.run(_NEXT, {**pairs((row.merchant_id, row.ticket) for row in ended), "now": now})

    def replay(self, target: str, since: datetime, states: Sequence[str], most: int, now: datetime) -> int:
        """By the index of a webhook's."""
        return self._turning.run(_REPLAY, {"of_target": target, "since": since, "states": list(states), "most": most, "now": now})

    def resend(self, id: str, now: datetime) -> None:
        """By its id."""
        self._turning.run(_RESEND, {"of_id": id, "now": now})
