"""What the risk rules remember: counters, reviews, disputes by network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.messages import Page
from bot.risk import Review, Sighting, Suspect
from storage import directory
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.pages import page
from storage.rows import columns, values
from storage.schema import orders, origins, reviews, shop_days, sightings, suspects

_COUNT = PerDialect(
    lambda insert: (
        (new := insert(shop_days))
        .on_conflict_do_update(
            index_elements=["merchant_id", "shop_id", "day"], set_={"tickets": shop_days.c.tickets + new.excluded.tickets}
        )
        .returning(shop_days.c.tickets)
    )
)
_DAYS = select(shop_days.c.day, shop_days.c.tickets).where(
    shop_days.c.merchant_id == bindparam("m"), shop_days.c.shop_id == bindparam("s"), one_of(shop_days.c.day, "days")
)
_REVIEWS = select(*columns(reviews, Review))
_BY_ID = directory.Lookup(reviews, "review", columns(reviews, Review))
_OPEN = PerDialect(lambda insert: insert(reviews).on_conflict_do_nothing(index_elements=["merchant_id", "shop_id", "day"]))
_DECIDE = (
    update(reviews)
    .where(reviews.c.merchant_id == bindparam("m"), reviews.c.id == bindparam("i"), reviews.c.decision.is_(None))
    .values({name: bindparam(name) for name in ("decision", "decided_by", "decided_at", "reason")})
)
_HOLD = PerDialect(
    lambda insert: insert(origins).on_conflict_do_update(index_elements=["merchant_id", "origin"], set_={"tickets": origins.c.tickets + 1})
)
_SUSPECT = PerDialect(lambda insert: insert(suspects).on_conflict_do_nothing())
_OF = (suspects.c.merchant_id == bindparam("m"), suspects.c.origin == bindparam("o"))
_CLEAR = delete(suspects).where(*_OF, suspects.c.ticket == bindparam("t"), suspects.c.freeze_id.is_(None))
_WAITING = (
    select(*columns(suspects, Suspect))
    .where(*_OF, suspects.c.freeze_id.is_(None), suspects.c.at >= bindparam("since"))
    .order_by(suspects.c.at, suspects.c.ticket)
)
_COUNTED = update(suspects).where(*_OF, suspects.c.ticket == bindparam("t")).values(freeze_id=bindparam("by"))
_SAW = insert(sightings)
_SEEN = (
    select(*columns(sightings, Sighting))
    .where(sightings.c.merchant_id == bindparam("m"), one_of(sightings.c.token, "tokens"), sightings.c.at >= bindparam("since"))
    .order_by(sightings.c.at.desc())
    .limit(100)
)
_AMOUNTS = (
    select(orders.c.total)
    .where(orders.c.merchant_id == bindparam("m"), orders.c.shop_id == bindparam("s"))
    .order_by(orders.c.order_no.desc())
    .limit(40)
)


class SqlRisk:
    """bot.stores.Risk."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def count(self, merchant_id: str, shop_id: str, day: str, many: int = 1) -> int:
        """One statement: it waits for who counts the same day, and then sees what they counted."""
        row = self._db.first(_COUNT.of(self._db.dialect), {"merchant_id": merchant_id, "shop_id": shop_id, "day": day, "tickets": many})
        return int(row[0]) if row else 0

    def days(self, merchant_id: str, shop_id: str, days: Sequence[str]) -> Mapping[str, int]:
        """One read by key."""
        rows = self._db.all(_DAYS, {"m": merchant_id, "s": shop_id, "days": list(days)}) if days else []
        return {row[0]: int(row[1]) for row in rows}

    def open_review(self, review: Review) -> bool:
        """The table's key says so."""
        if self._db.run(_OPEN, values(review)) != 1:
            return False
        directory.register_new(self._db, "review", [(review.id, review.merchant_id)])
        return True

    def review(self, id: str, within: str | None = None) -> Review | None:
        """By id."""
        row = _BY_ID.row(self._db, id, within)
        return Review(*row) if row else None

    def reviews(self, ids: Iterable[str]) -> Mapping[str, Review]:
        """Those that exist."""
        wanted = sorted(set(ids))
        rows: Sequence[Any] = self._db.all(_BY_ID.many, {"ids": wanted}) if wanted else []
        return {row[0]: Review(*row) for row in rows}

    def decide(self, review: Review) -> bool:
        """Writes who, when, what and why."""
        said = {name: getattr(review, name) for name in ("decision", "decided_by", "decided_at", "reason")}
        return self._db.run(_DECIDE, {"m": review.merchant_id, "i": review.id, **said}) == 1

    def page(self, within: str | None, open_only: bool, limit: int, cursor: str | None) -> Page[Review]:
        """Newest first."""
        statement = _REVIEWS if within is None else _REVIEWS.where(reviews.c.merchant_id == within)
        if open_only:
            statement = statement.where(reviews.c.decision.is_(None))
        key = [reviews.c.opened_at, reviews.c.id]
        return page(self._db, statement, key, [datetime, str], limit, cursor, lambda row: Review(*row), newest_first=True)

    def suspect(self, found: Suspect) -> None:
        """The network's row is held first: who comes second waits here, and then sees the first one's."""
        self._db.run(_HOLD, {"merchant_id": found.merchant_id, "origin": found.origin, "tickets": 1})
        self._db.run(_SUSPECT, values(found))

    def clear(self, merchant_id: str, origin: str, ticket: int) -> None:
        """By key."""
        self._db.run(_CLEAR, {"m": merchant_id, "o": origin, "t": ticket})

    def waiting(self, merchant_id: str, origin: str, since: datetime) -> Sequence[Suspect]:
        """By an index that has no others."""
        return [Suspect(*row) for row in self._db.all(_WAITING, {"m": merchant_id, "o": origin, "since": since})]

    def counted(self, suspects: Sequence[Suspect], freeze: str) -> None:
        """One call to the driver."""
        self._db.each(_COUNTED, [{"m": each.merchant_id, "o": each.origin, "t": each.ticket, "by": freeze} for each in suspects])

    def saw(self, sightings: Sequence[Sighting]) -> None:
        """One call to the driver."""
        self._db.each(_SAW, [values(each) for each in sightings])

    def seen(self, merchant_id: str, tokens: Sequence[str], since: datetime) -> Sequence[Sighting]:
        """By an index."""
        return [Sighting(*row) for row in self._db.all(_SEEN, {"m": merchant_id, "tokens": list(tokens), "since": since})]

    def amounts(self, merchant_id: str, shop_id: str) -> Sequence[Mapping[str, str]]:
        """Backwards along the table's key."""
        return [row[0] for row in self._db.all(_AMOUNTS, {"m": merchant_id, "s": shop_id})]
