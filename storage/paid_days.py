"""How many orders were paid on each day (UTC): of days that are over, counted once and kept; of the last ones, counted when asked.

An order that comes late to a day that was counted marks it, and it is counted anew. A mark may be lost to a pass that runs at that very
moment, and an order may leave a day, which marks nothing: so one day after the other is counted again, all of two years in half a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import bindparam, delete, func, insert, select, update

from bot.figures.adding import OPERATOR
from bot.records import Order
from storage.db import Db, PerDialect
from storage.order_facts import facts
from storage.schema import merchants, orders, paid_changes, paid_days, paid_state

HOT = 2  # days before today that are still counted when asked
SWEEP = timedelta(minutes=1)
MOST = 30  # days in one transaction
_D, _DAY = paid_days.c, timedelta(days=1)
_STATE = select(paid_state.c.counted_to, paid_state.c.sweeps, paid_state.c.swept_at).where(paid_state.c.merchant_id == OPERATOR)
_BEGIN = PerDialect(lambda insert: insert(paid_state).on_conflict_do_nothing())
_MOVE = (
    update(paid_state)
    .where(paid_state.c.merchant_id == OPERATOR)
    .values(counted_to=bindparam("c"), sweeps=bindparam("w"), swept_at=bindparam("s"))
)
_MARK = PerDialect(lambda insert: insert(paid_changes).on_conflict_do_nothing())
_MARKED = select(paid_changes.c.day).order_by(paid_changes.c.day)
_UNMARK = delete(paid_changes).where(paid_changes.c.day == bindparam("d"))
_OLDEST = select(func.min(orders.c.paid_at)).where(orders.c.merchant_id == merchants.c.id).scalar_subquery()
_FIRST = select(func.min(_OLDEST)).select_from(merchants)
_OF = orders.c.merchant_id.in_(select(merchants.c.id))
_PAID = (orders.c.paid_at >= bindparam("since"), orders.c.paid_at < bindparam("until"))
_COUNT = select(orders.c.merchant_id, func.count()).where(_OF, *_PAID).group_by(orders.c.merchant_id)
_CLEAR = delete(paid_days).where(_D.day == bindparam("d"))
_ADD = insert(paid_days)
_KEPT = select(func.coalesce(func.sum(_D.orders), 0)).where(
    _D.merchant_id == bindparam("m"), _D.day >= bindparam("first"), _D.day < bindparam("end")
)
_LIVE_OWN = select(func.count()).select_from(orders).where(orders.c.merchant_id == bindparam("m"), *_PAID)
_LIVE = select(func.count()).select_from(orders).where(_OF, *_PAID)


def mark(db: Db, written: Iterable[Order]) -> None:
    """Days long over to which these orders belong."""
    days = set()
    for each in written:
        paid_at = facts(each.total, each.payment)["paid_at"]
        if paid_at is not None and each.updated_at is not None and paid_at < _hot(each.updated_at):
            days.add(_text(paid_at))
    db.each(_MARK, [{"merchant_id": OPERATOR, "day": day} for day in sorted(days)])


def waiting(db: Db, now: datetime) -> bool:
    """Whether `count` would find something to do."""
    counted_to, _, swept_at = db.first(_STATE) or (None, None, None)
    if counted_to is None or swept_at is None or counted_to < _hot(now) or now - swept_at >= SWEEP:
        return True
    return db.first(_MARKED.limit(1)) is not None


def count(db: Db, now: datetime) -> bool:
    """Counts some days. Whether there is more to do. Whoever calls it holds the figures' state."""
    state, hot = db.first(_STATE), _hot(now)
    if state is None:
        first = (db.first(_FIRST) or (None,))[0]
        begun = min(_start(first), hot) if first is not None else hot
        db.run(_BEGIN, {"merchant_id": OPERATOR, "counted_to": begun, "sweeps": begun, "swept_at": now})
        state = (begun, begun, now)
    counted_to, sweeps, swept_at = state
    marked = [_moment(row[0]) for row in db.all(_MARKED.limit(MOST))]
    days = [each for each in marked if each < counted_to]
    while len(days) < MOST and counted_to < hot:
        days.append(counted_to)
        counted_to += _DAY
    if now - swept_at >= SWEEP or now < swept_at:
        first = (db.first(_FIRST) or (None,))[0]
        sweeps, swept_at = (sweeps if sweeps < counted_to else _start(first) if first is not None else counted_to), now
        if sweeps < counted_to:
            days.append(sweeps)
            sweeps += _DAY
    for day in sorted(set(days)):
        _day(db, day)
    for day in marked:
        db.run(_UNMARK, {"d": _text(day)})
    db.run(_MOVE, {"c": counted_to, "w": sweeps, "s": swept_at})
    return len(days) >= MOST or len(marked) >= MOST


def paid(db: Db, merchant_id: str | None, since: datetime, until: datetime) -> int:
    """In that time, of one merchant or of all: whole days as they are kept, the rest as it is."""
    counted_to = (db.first(_STATE) or (None,))[0]
    first, end = _start(since + _DAY - timedelta(microseconds=1)), _start(min(until, counted_to)) if counted_to is not None else since
    if end <= first:
        return _live(db, merchant_id, since, until)
    kept = db.first(_KEPT, {"m": merchant_id or OPERATOR, "first": _text(first), "end": _text(end)})
    return int(kept[0] if kept else 0) + _live(db, merchant_id, since, first) + _live(db, merchant_id, end, until)


def _day(db: Db, day: datetime) -> None:
    found = db.all(_COUNT, {"since": day, "until": day + _DAY})
    db.run(_CLEAR, {"d": _text(day)})
    rows = [{"merchant_id": merchant_id, "day": _text(day), "orders": many} for merchant_id, many in found]
    if rows:
        rows.append({"merchant_id": OPERATOR, "day": _text(day), "orders": sum(many for _, many in found)})
    db.each(_ADD, rows)


def _live(db: Db, merchant_id: str | None, since: datetime, until: datetime) -> int:
    if until <= since:
        return 0
    when = {"since": since, "until": until}
    row = db.first(_LIVE, when) if merchant_id is None else db.first(_LIVE_OWN, {"m": merchant_id, **when})
    return int(row[0]) if row else 0


def _hot(now: datetime) -> datetime:
    return _start(now) - HOT * _DAY


def _start(at: datetime) -> datetime:
    return datetime.combine(at.astimezone(UTC).date(), time(), UTC)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _moment(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)
