"""What is risky about a ticket: as tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.risk import Sighting, network, surges
from bot.risk.hints import Known, of
from bot.risk.threats import threats
from bot.ticket import Category
from tests.storage.samples import NOW, ticket


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("I will do a CHARGEBACK tomorrow", "chargeback_threat"), ("refund me or I am calling my bank", "chargeback_threat"),
        ("再不退款我就拒付", "chargeback_threat"), ("我要找银行追回", "chargeback_threat"), ("我要向銀行申訴", "chargeback_threat"),
        ("zai bu tui wo jiu jufu", "chargeback_threat"), ("Saya akan hubungi bank esok", "chargeback_threat"),
        ("saya laporkan ke bank kalau tidak dibalas", "chargeback_threat"), ("ถ้าไม่คืนเงินจะแจ้งธนาคาร", "chargeback_threat"),
        ("My lawyer will write to you", "complaint_threat"), ("我打12315了", "complaint_threat"), ("saya lapor polis", "complaint_threat"),
        ("ผมจะแจ้งความ", "complaint_threat"),
        ("The bank transfer has not arrived", None), ("我的银行卡被扣了两次", None), ("bank saya BCA", None), ("โอนผ่านธนาคาร", None),
    ],
)  # fmt: skip
def test_a_threat_is_heard_in_five_languages_and_a_bank_alone_is_none(said: str, hint: str | None) -> None:
    assert list(threats(said)) == ([hint] if hint else [])


def seen(number: int, *, dispute: bool = False, card: str | None = None) -> Sighting:
    return Sighting("m1", "t", number, NOW - timedelta(days=1), dispute, card)


USUAL = [{"amount": f"{each}.00", "currency": "SGD"} for each in range(10, 30)]
TABLE: list[tuple[dict[str, Any], Known, dict[str, str]]] = [
    ({}, Known(), {}),
    ({"category": Category("unauthorized_payment")}, Known(), {"fraud_claimed": "medium"}),
    ({"dispute": {"kind": "fraud_warning", "case_id": "c", "provider": "stripe"}}, Known(), {"fraud_warning": "high"}),
    ({"dispute": {"kind": "alert", "case_id": "c", "provider": "uqpay"}}, Known(), {"chargeback_alert": "high"}),
    ({}, Known([seen(1), seen(2)]), {}),
    ({}, Known([seen(1), seen(2), seen(3)]), {"repeated_buyer": "medium"}),
    ({}, Known([seen(1, dispute=True), seen(1, dispute=True)]), {}),
    ({}, Known([seen(1, dispute=True), seen(2, dispute=True)]), {"several_disputes": "medium"}),
    ({}, Known([seen(1, card="a"), seen(1, card="b")], card="c"), {"several_cards": "high"}),
    ({}, Known(amount={"amount": "97.5", "currency": "SGD"}, usual=USUAL), {}),
    ({}, Known(amount={"amount": "97.6", "currency": "SGD"}, usual=USUAL), {"unusual_amount": "medium"}),
    ({}, Known(amount={"amount": "97.6", "currency": "MYR"}, usual=USUAL), {}),
    ({}, Known(amount={"amount": "97.6", "currency": "SGD"}, usual=USUAL[:9]), {}),
    ({}, Known(since=NOW - timedelta(days=3)), {}),
    ({"category": Category("not_received")}, Known(since=NOW - timedelta(days=3)), {"new_account": "low"}),
    ({"category": Category("not_received")}, Known(since=NOW - timedelta(days=30)), {}),
]


@pytest.mark.parametrize(("about", "known", "wanted"), TABLE)
def test_each_hint_has_its_ground(about: dict[str, Any], known: Known, wanted: dict[str, str]) -> None:
    found = of(ticket(1, **about), {}, known, None, NOW)
    assert {each.kind: each.level for each in found} == wanted
    assert all(each.evidence for each in found)


@pytest.mark.parametrize(("hours", "level"), [(49, None), (48, "medium"), (25, "medium"), (24, "high"), (-1, "high")])
def test_a_networks_deadline_comes_near(hours: int, level: str | None) -> None:
    found = of(ticket(1), {}, Known(), NOW + timedelta(hours=hours), NOW)
    assert [each.level for each in found] == ([level] if level else [])


@pytest.mark.parametrize(
    ("count", "past", "wanted"),
    [
        (9, [], False), (10, [], True), (10, [0] * 7, True), (10, [2, 3], False), (11, [2, 3], True), (40, [10] * 7, False),
        (41, [10] * 7, True), (10, [3], False), (9, [1], False), (12, [3], False), (13, [3], True),
    ],
)  # fmt: skip
def test_a_surge_is_more_than_four_times_the_mean_and_at_least_ten(count: int, past: list[int], wanted: bool) -> None:
    assert surges(count, past, 3.0, 10) is wanted


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("203.0.113.9", "203.0.113.9"), ("::ffff:203.0.113.9", "203.0.113.9"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"), ("fe80::1%eth0", "fe80::/64"), ("203.0.113.***", None), ("", None), ("x", None),
    ],
)  # fmt: skip
def test_a_household_is_one_network(address: str, found: str | None) -> None:
    assert network(address) == found
