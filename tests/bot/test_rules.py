"""Which policy holds for a ticket: the most specific, and a merchant's own only where it tightens."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.records import OPERATOR
from bot.sla.policy import Policy
from bot.sla.rules import Rule, in_force
from tests.bot.test_ticket import NOW

H = timedelta(hours=1)
DEPLOYMENT = Policy("deployment", (2 * H, 24 * H, 72 * H), (0.5,), labels=("2 h", "24 h", "72 h"))
OFFICE = {"hours": {"mon": [["09:00", "18:00"]]}, "holidays": "CN"}


def rule(id: str, merchant: str | None = None, category: str | None = None, priority: str | None = None, **doc: Any) -> Rule:
    tightens, later = doc.pop("tightens", False), doc.pop("later", 0)
    return Rule(id, merchant or OPERATOR, category, priority, doc, tightens, NOW + later * H)


def holds(*rules: Rule, merchant: str = "m1", category: str = "refund_delay", priority: str = "urgent") -> Policy:
    return in_force(rules, DEPLOYMENT, "Asia/Shanghai", merchant, category, priority)


RANKED = [  # each before all that follow it
    rule("all three", "m1", "refund_delay", "urgent"),
    rule("merchant and category", "m1", "refund_delay"),
    rule("merchant and priority", "m1", None, "urgent"),
    rule("merchant", "m1"),
    rule("category and priority", None, "refund_delay", "urgent"),
    rule("category", None, "refund_delay"),
    rule("priority", None, None, "urgent"),
    rule("everything"),
]


@pytest.mark.parametrize("place", range(len(RANKED)), ids=[each.id for each in RANKED])
def test_the_most_specific_holds(place: int) -> None:
    assert holds(*reversed(RANKED[place:])).name == RANKED[place].id


def test_a_policy_about_other_tickets_holds_for_none_of_these() -> None:
    others = [rule("a", "m2"), rule("b", "m1", "not_received"), rule("c", None, None, "low")]
    assert holds(*others) == DEPLOYMENT
    assert holds(*others, merchant="m2").name == "a"


def test_of_two_about_the_same_tickets_the_one_put_last_holds() -> None:
    assert holds(rule("new", "m1", later=1), rule("old", "m1")).name == "new"


def test_what_a_policy_leaves_out_is_the_deployments_but_hours_are_around_the_clock() -> None:
    found = holds(rule("p", "m1", targets={"resolution": "12h"}))
    assert (found.targets, found.warn, found.calendar, found.pause_on) == ((2 * H, 12 * H, 72 * H), (0.5,), None, ())
    assert found.label("resolution") == "12 h"
    assert holds(rule("p", "m1", targets={"resolution": "24h"})).label("resolution") == "24 h"
    assert holds(rule("p", "m1", warn=[])).warn == ()


def test_a_merchants_own_shortens_targets_and_keeps_the_operators_calendar_and_pauses() -> None:
    theirs = rule("theirs", "m1", targets={"closure": "96h"}, calendar=OFFICE, pause_on=["pending"])
    found = holds(theirs, rule("own", "m1", tightens=True, targets={"first_response": "1h", "closure": "80h"}))
    assert (found.name, found.targets, found.pause_on) == ("own", (H, 24 * H, 80 * H), ("pending",))
    assert found.calendar is not None
    assert (found.calendar.timezone, found.calendar.holidays) == ("Asia/Shanghai", "CN")


def test_no_tier_comes_after_a_later_one_when_the_operator_lengthens_what_a_merchant_left_open() -> None:
    own = rule("own", "m1", tightens=True, targets={"resolution": "3h"})
    theirs = rule("theirs", later=1, targets={"first_response": "4h", "resolution": "24h", "closure": "72h"})
    assert holds(theirs, own).targets == (3 * H, 3 * H, 72 * H)


def test_what_the_operator_tightens_later_holds_over_what_a_merchant_had_set() -> None:
    own = rule("own", "m1", tightens=True, targets={"first_response": "1h", "resolution": "20h"})
    assert holds(own, rule("theirs", "m1", targets={"first_response": "30m"}, later=1)).targets == (H / 2, 20 * H, 72 * H)
    assert holds(own, rule("stricter", None, None, "urgent", targets={"resolution": "4h"})).targets == (H, 4 * H, 72 * H)
    assert holds(own, rule("more specific", "m1", "refund_delay", targets={"first_response": "90m"})).name == "more specific"
