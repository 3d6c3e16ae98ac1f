"""Figures: what tickets count for, worked by hand as docs/stats.md does; percentiles' error; periods."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadUsage
from bot.figures.adding import added, differences
from bot.figures.buckets import bucket, middle, quantile
from bot.figures.counting import count
from bot.figures.periods import Period, covering, read
from bot.figures.telling import ages, figures
from bot.target import Ledger, Past, Target
from bot.ticket import Category, State, Ticket
from tests.storage.samples import ticket

NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)  # 9:00 in Shanghai
TODAY = date(2026, 11, 23)


def at(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


def opened(number: int = 1, label: str = "refund_delay", **more: Any) -> Ticket:
    given: dict[str, Any] = {"created_at": NINE, "category": Category(label), "first_response": Target(NINE, at(2))}
    return ticket(number, **{**given, **more})


def told(*tickets: Ticket, now: datetime = NINE) -> Any:
    counted = [count(each, now, "Asia/Shanghai", "UTC") for each in tickets]
    day = differences((None, each) for each in counted)
    return figures(next(sums for key, sums in day.items() if key[1:] == ("all", "", "2026-11-23") and key.merchant_id == "m1"), 200)


def test_a_day_worked_by_hand() -> None:
    claimed = Target(NINE, at(2), at(0.5))  # the claim met it; figures count the reply
    done: dict[str, Any] = {"state": State.RESOLVED, "resolution": Target(NINE, at(24), at(3))}
    found = told(
        opened(1, first_response=claimed, first_responded_at=at(1), resolved_at=at(3), **done),  # a refund: 0.5 → 3 h, 2.5 h
        opened(2, "not_received", first_response=claimed, first_responded_at=at(3)),  # a dispute, replied to an hour late
        opened(3, "chargeback_alert", first_responded_at=at(2)),  # a dispute, in the last instant
        opened(4, "other", state=State.PENDING),  # nothing to judge yet
        opened(5, "other", state=State.CLOSED, merged_into=1, closed_at=at(1)),  # part of another: only its hour counts
    )
    assert found["tickets"] == 4
    assert found["first_response"]["mean_seconds"] == 2 * 3600
    assert found["tier_attainment"] == {"first_response": round(2 / 3, 6), "resolution": 1.0, "closure": None}
    assert found["dispute_first_response_attainment"] == 0.5
    assert found["refund_handling_mean_seconds"] == 2.5 * 3600
    assert (found["chargebacks"], found["chargeback_rate"]) == (1, 0.005)
    assert found["load_by_hour"][9] == 5
    assert sum(found["load_by_hour"]) == 5


@pytest.mark.parametrize(
    ("more", "now", "kept"),
    [
        ({}, 1, None),
        ({}, 2.1, 0.0),  # nobody replied, and the moment is past, whether or not a claim met the clock
        ({"first_response": Target(NINE, at(2), at(1))}, 2.1, 0.0),
        ({"state": State.CLOSED, "closed_at": at(1)}, 9, None),  # over before a reply was due: nothing to judge
        ({"state": State.CLOSED, "closed_at": at(3)}, 9, 0.0),
        ({"first_response": Target(NINE, at(2), None, at(2)), "first_responded_at": at(1.9)}, 9, 0.0),
        ({"first_response": Target(), "first_responded_at": at(1)}, 9, None),  # history: no clock ran here
        ({"first_response": Target(NINE, None, at(1)), "first_responded_at": at(1)}, 9, 1.0),
    ],
)  # fmt: skip
def test_a_first_reply_is_in_time_or_not_or_open_yet(more: dict[str, Any], now: float, kept: float | None) -> None:
    assert told(opened(**more), now=at(now))["tier_attainment"]["first_response"] == kept


def test_each_cycle_of_a_reopened_ticket_is_judged() -> None:
    past = Past(1, "resolution", at(9), Target(NINE, at(24), at(3)))
    again = opened(cycle=2, state=State.OPEN, ledger=Ledger(past=(past,)), resolution=Target(at(9), at(33), None, at(33)))
    found = told(again)
    assert (found["reopenings"], found["tier_attainment"]["resolution"]) == (1, 0.5)


@given(st.lists(st.floats(1, 1e7), min_size=1, max_size=60), st.sampled_from([0.5, 0.9]))
def test_percentiles_are_within_one_percent_of_the_exact_ones(lengths: list[float], share: float) -> None:
    counts: dict[int, int] = {}
    for each in lengths:
        counts[bucket(each)] = counts.get(bucket(each), 0) + 1
    exact = sorted(lengths)[max(-(-int(share * 10) * len(lengths) // 10), 1) - 1]
    found = quantile(counts, share)
    assert found is not None
    assert abs(found / exact - 1) < 0.011
    assert bucket(middle(7)) == 7


@given(st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["refund_delay", "not_received"]), st.booleans()), max_size=12))
def test_whatever_changes_how_often_the_sums_are_those_of_the_tickets_as_they_are(changes: list[tuple[int, str, bool]]) -> None:
    now: dict[int, Any] = {}
    sums: dict[Any, Any] = {}
    for number, label, replied in changes:
        changed = opened(number, label, first_responded_at=at(number / 2) if replied else None)
        after = count(changed, at(1), "Asia/Shanghai", "UTC")
        for key, more in differences([(now.get(number), after)]).items():
            sums[key] = added(sums.get(key, {}), more)
        now[number] = after
    assert {key: each for key, each in sums.items() if each} == dict(differences((None, each) for each in now.values()))


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("", "2026-10-25", "2026-11-23"), ("7d", "2026-11-17", "2026-11-23"), ("7天", "2026-11-17", "2026-11-23"),
        ("2周", "2026-11-10", "2026-11-23"), ("today", "2026-11-23", "2026-11-23"), ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026", "2026-01-01", "2026-12-31"), ("2026-11-01..2026-11-09", "2026-11-01", "2026-11-09"),
    ],
)  # fmt: skip
def test_periods_are_read_as_people_say_them(said: str, first: str, last: str) -> None:
    assert read(said, TODAY) == Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("said", ["0d", "9999d", "2026-13", "2026-11-09..2026-11-01", "soon", "2026-02-30", "1999"])
def test_what_is_no_period_is_refused(said: str) -> None:
    with pytest.raises(BadUsage):
        read(said, TODAY)


@given(st.dates(date(2020, 1, 1), date(2026, 12, 31)), st.integers(0, 900))
def test_months_and_days_cover_a_period_once(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days))
    months, spans = covering(period)
    covered = [first + timedelta(days=place) for place in range(days + 1) if (first + timedelta(days=place)).isoformat()[:7] in months]
    for start, end in spans:
        covered += [
            first + timedelta(days=place) for place in range(days + 1) if start <= (first + timedelta(days=place)).isoformat() <= end
        ]
    assert sorted(covered) == [first + timedelta(days=place) for place in range(days + 1)]
    assert len(spans) <= 2


def test_beside_a_period_stand_the_one_before_and_the_year_before() -> None:
    leap = Period(date(2024, 2, 1), date(2024, 2, 29))
    assert (leap.before(), leap.year_before()) == (
        Period(date(2024, 1, 3), date(2024, 1, 31)), Period(date(2023, 2, 1), date(2023, 2, 28)),
    )  # fmt: skip


def test_what_is_open_is_told_by_its_age() -> None:
    found = ages({"2026-11-23": 1, "2026-11-20": 2, "2026-11-16": 3, "2026-10-01": 4}, TODAY)
    assert found == {"today": 1, "1-3d": 2, "4-7d": 3, "8-30d": 0, "over_30d": 4}


def test_what_was_counted_is_the_same_for_the_same_ticket() -> None:
    one = opened()
    assert count(one, at(1), "UTC", "UTC") == count(replace(one), at(1), "UTC", "UTC")
