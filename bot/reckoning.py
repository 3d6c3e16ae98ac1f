"""The figures of a period beside the one before and the year before: for the API's answer and for chat."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import BadUsage, NotFound
from bot.figures import periods
from bot.figures.adding import KINDS, OPERATOR, added
from bot.figures.periods import Period
from bot.figures.telling import TARGETS, ages, figures
from bot.house import House
from bot.messages import Doc, StatsOf
from bot.stores import Stores


def stats(stores: Stores, house: House, query: StatsOf) -> Doc:
    """Raises BadUsage for a bad period or two subjects at once, NotFound for what is another merchant's."""
    merchant_id, zone = _book(stores, house, query)
    kind, subject = _subject(stores, query, merchant_id)
    today = house.clock.now().astimezone(ZoneInfo(zone)).date()
    period = _period(query, today)

    def of(each: Period) -> dict[str, Any]:
        months, spans = periods.covering(each)
        sums = added(*stores.figures.sums(merchant_id or OPERATOR, kind, subject, months, spans))
        paid = _paid(stores, merchant_id, each, zone) if kind == "all" else None
        return {"from": each.first.isoformat(), "to": each.last.isoformat(), **figures(sums, paid)}

    opened = stores.figures.open(merchant_id or OPERATOR, kind, subject)
    return {
        "merchant_id": merchant_id, "by": kind, "subject": subject or None, "timezone": zone,
        **of(period), "open_by_age": ages(opened, today), "previous": of(period.before()), "year_before": of(period.year_before()),
        "targets": dict(TARGETS),
    }  # fmt: skip


def course(stores: Stores, house: House, query: StatsOf) -> list[tuple[str, Doc]]:
    """How a period went: (a label, figures) of its days, or of a dozen stretches of it. Raises what `stats` does."""
    merchant_id, zone = _book(stores, house, query)
    kind, subject = _subject(stores, query, merchant_id)
    period = _period(query, house.clock.now().astimezone(ZoneInfo(zone)).date())
    found = []
    for each in periods.stretches(period):
        sums = added(*stores.figures.sums(merchant_id or OPERATOR, kind, subject, *periods.covering(each)))
        label = each.first.isoformat()
        found.append((label[5:] if period.days <= 366 else label[2:], figures(sums, None)))
    return found


def _book(stores: Stores, house: House, query: StatsOf) -> tuple[str | None, str]:
    """Whose figures, and by which clock their days begin."""
    wanted = query.merchant or query.within
    if wanted is None:
        return None, house.settings.timezone
    found = stores.merchants.get(wanted) if query.within in (None, wanted) else None
    if found is None:
        raise NotFound("no_merchant", merchant=wanted[:80])
    return found.id, found.timezone


def _subject(stores: Stores, query: StatsOf, merchant_id: str | None) -> tuple[str, str]:
    given = [(kind, value) for kind in KINDS if (value := getattr(query, kind)) is not None]
    if len(given) > 1:
        raise BadUsage("one_subject", field=given[1][0])
    kind, subject = given[0] if given else ("all", "")
    if kind == "shop" and stores.merchants.shop(subject, merchant_id) is None:
        raise NotFound("no_shop", shop=subject[:80])
    if kind == "agent":
        person = stores.people.get(subject)
        if person is None or (merchant_id is not None and not person.sees(merchant_id)):
            raise NotFound("no_agent", agent=subject[:80])
    return kind, subject


def _period(query: StatsOf, today: date) -> Period:
    if query.first is None and query.last is None:
        return periods.read(query.period or "", today)
    if query.period:
        raise BadUsage("period_twice", field="period")
    last = query.last or today
    return periods.between(query.first or last - timedelta(days=29), last)


def _paid(stores: Stores, merchant_id: str | None, period: Period, zone: str) -> int:
    after = period.last + timedelta(days=1)
    since, until = (datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC) for day in (period.first, after))
    return stores.figures.orders_paid(merchant_id, since, until)
