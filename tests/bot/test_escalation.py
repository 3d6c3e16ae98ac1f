"""The heart: what rings when, once, at the present tier, and what the laws of it are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ticket as rules
from bot.errors import WrongState
from bot.sla.escalation import Fire, Quiet, Warn, carried_out, decide, next_moment, next_tier_at
from bot.sla.explain import explain
from bot.sla.hours import WEEKDAYS, calendar, windows
from bot.sla.policy import Policy, arm, span
from bot.ticket import TARGETS, Ticket
from tests.bot.test_ticket import NOW, POLICY, ticket

H = timedelta(hours=1)


@pytest.mark.parametrize(
    ("after", "kind", "tier"),
    [
        (0.99 * H, Quiet, None), (1 * H, Warn, 1), (1.6 * H, Warn, 1), (2 * H, Fire, 1), (12 * H, Fire, 1), (24 * H, Fire, 2),
        (71 * H, Fire, 2), (72 * H, Fire, 3), (1000 * H, Fire, 3),
    ],
)  # fmt: skip
def test_an_untouched_ticket_rings_at_its_present_tier(after: timedelta, kind: type, tier: int | None) -> None:
    decision = decide(ticket(), POLICY, NOW + after)
    assert isinstance(decision, kind)
    assert getattr(decision, "tier", None) == tier


def test_a_look_after_an_outage_puts_every_missed_target_on_record_and_rings_once() -> None:
    decision = decide(ticket(), POLICY, NOW + 80 * H)
    assert isinstance(decision, Fire)
    assert (decision.tier, decision.late, decision.breached) == (3, True, TARGETS)
    after = carried_out(ticket(), decision, NOW + 80 * H)
    assert [after.target(kind).breached_at for kind in TARGETS] == [NOW + 2 * H, NOW + 24 * H, NOW + 72 * H]
    assert isinstance(decide(after, POLICY, NOW + 1000 * H), Quiet)
    assert next_moment(after, POLICY) is None


def test_a_tier_on_time_is_not_late() -> None:
    decision = decide(ticket(), POLICY, NOW + 2 * H + timedelta(seconds=1))
    assert isinstance(decision, Fire)
    assert not decision.late


def test_a_claimed_ticket_rings_no_tier_1() -> None:
    claimed = rules.claim(ticket(), "mei", NOW + H).ticket
    assert isinstance(decide(claimed, POLICY, NOW + 3 * H), Quiet)
    assert next_tier_at(claimed) == NOW + 24 * H


def test_a_tier_2_raised_by_hand_does_not_ring_again_but_its_miss_is_on_record() -> None:
    raised = rules.claim(rules.escalate(ticket(), NOW + H).ticket, "mei", NOW + H).ticket
    decision = decide(raised, POLICY, NOW + 25 * H)
    assert decision == Quiet("escalated by hand in this cycle already", ("resolution",))
    assert carried_out(raised, decision, NOW + 25 * H).resolution.breached_at == NOW + 24 * H


def test_raising_by_hand_leaves_tier_1_to_ring() -> None:
    raised = rules.escalate(ticket(), NOW + H).ticket
    decision = decide(raised, POLICY, NOW + 2 * H)
    assert isinstance(decision, Fire)
    assert decision.tier == 1
    assert carried_out(raised, decision, NOW + 2 * H).tier == 2


def test_raised_by_hand_and_looked_at_after_both_moments_tier_1_rings_and_tier_2_stays_silent() -> None:
    raised = rules.escalate(ticket(), NOW + H).ticket
    decision = decide(raised, POLICY, NOW + 30 * H)
    assert isinstance(decision, Fire)
    assert (decision.tier, decision.breached) == (1, ("first_response", "resolution"))


def test_a_reopened_ticket_rings_tiers_2_and_3_of_its_new_cycle_only() -> None:
    over = rules.close(rules.claim(ticket(), "mei", NOW).ticket, NOW + H).ticket
    again = arm(rules.reopen(over, NOW + 100 * H).ticket, POLICY, NOW + 100 * H, ("resolution", "closure"))
    assert isinstance(decide(again, POLICY, NOW + 101 * H), Quiet)
    assert next_tier_at(again) == NOW + 124 * H


def test_resolved_but_never_closed_rings_tier_3() -> None:
    solved = rules.resolve(rules.claim(ticket(), "mei", NOW).ticket, NOW + H).ticket
    decision = decide(solved, POLICY, NOW + 72 * H)
    assert isinstance(decision, Fire)
    assert decision.breached == ("closure",)


ACTS = st.sampled_from(["look", "claim", "release", "reply", "pending", "resolve", "close", "reopen", "escalate"])


def _act(it: Ticket, act: str, now: datetime) -> Ticket:
    verbs = {
        "claim": lambda: rules.claim(it, "mei", now, takes_over=True), "release": lambda: rules.release(it, now),
        "reply": lambda: rules.answer(it, now), "pending": lambda: rules.pending(it, now), "resolve": lambda: rules.resolve(it, now),
        "close": lambda: rules.close(it, now), "reopen": lambda: rules.reopen(it, now), "escalate": lambda: rules.escalate(it, now),
    }  # fmt: skip
    try:
        after = verbs[act]().ticket
    except WrongState:
        return it
    return arm(after, POLICY, now, ("resolution", "closure")) if act == "reopen" else after


@given(st.lists(st.tuples(ACTS, st.integers(min_value=0, max_value=40 * 3600)), max_size=40), st.sampled_from([(), (0.5, 0.8), (0.1,)]))
def test_whatever_happens_a_tier_rings_at_most_once_a_cycle_never_early_and_open_tickets_keep_a_clock(
    story: list[tuple[str, int]], warn: tuple[float, ...]
) -> None:
    policy = Policy("test", POLICY.targets, warn)
    it, now, rung = ticket(), NOW, set()
    for act, seconds in story:
        now += timedelta(seconds=seconds)
        decision = decide(it, policy, now)
        if isinstance(decision, Fire):
            # A new cycle arms tiers 2 and 3 anew; tier 1's clock is the ticket's own, once for all.
            key = (it.cycle if decision.tier > 1 else 0, decision.tier)
            assert key not in rung
            assert decision.at <= now
            rung.add(key)
        it = carried_out(it, decision, now)
        upcoming = next_moment(it, policy)
        assert upcoming is None or upcoming > now
        it = _act(it, act, now) if act != "look" else it
        unmissed = [kind for kind in TARGETS if it.target(kind).running and it.target(kind).breached_at is None]
        dues = {kind: due for kind in TARGETS if it.target(kind).running and (due := it.target(kind).due_at)}
        assert next_tier_at(it) == (min(dues[kind] for kind in unmissed) if unmissed else max(dues.values(), default=None))
        if it.state in rules.ENDED:
            assert next_moment(it, policy) is None


@pytest.mark.parametrize(
    ("after", "act", "outcome"),
    [(H, None, "running"), (3 * H, None, "missed"), (H, "claim", "met"), (3 * H, "claim", "met_late"), (H, "close", "stopped")],
)
def test_why_tells_what_became_of_the_first_clock(after: timedelta, act: str | None, outcome: str) -> None:
    now = NOW + after
    it = carried_out(ticket(), decide(ticket(), POLICY, now), now)
    it = _act(it, act, now) if act else it
    account = explain(it, POLICY, now + H)[0]
    assert account.outcome == outcome
    assert account.counted == sum((each.end - each.start for each in account.intervals), timedelta())


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (0, "0 s"), (45, "45 s"), (61, "1 min 1 s"), (1200, "20 min"), (7200, "2 h"), (4800, "1 h 20 min"), (86400, "24 h"),
        (3 * 86400, "72 h"), (5 * 86400 + 7200, "5 d 2 h"),
    ],
)  # fmt: skip
def test_lengths_are_said_in_the_units_that_matter(length: int, said: str) -> None:
    assert span(timedelta(seconds=length)) == said


def test_a_warning_looked_at_does_not_come_again() -> None:
    first = decide(ticket(), POLICY, NOW + H)
    assert isinstance(first, Warn)
    after = carried_out(ticket(), first, NOW + H)
    assert isinstance(decide(after, POLICY, NOW + H), Quiet)
    assert next_moment(after, POLICY) == NOW + 1.6 * H
    assert replace(after, seen_at=None) != after


# The hour after NOW does not count, all else does.
NIGHT = calendar("UTC", windows({"mon": [["00:00", "08:00"], ["09:00", "00:00"]], **{day: [["00:00", "00:00"]] for day in WEEKDAYS[1:]}}))


def test_what_counts_is_asked_of_the_policy_by_arming_deciding_and_explaining_alike() -> None:
    policy = Policy("night", (2 * H, 24 * H, 72 * H), (0.5,), calendar=NIGHT)
    armed = arm(ticket(), policy, NOW)
    assert armed.first_response.due_at == NOW + 3 * H
    assert isinstance(decide(armed, policy, NOW + 1.9 * H), Quiet)
    assert isinstance(decide(armed, policy, NOW + 2 * H), Warn), "half of what counts, not half of what passed"
    assert isinstance(decide(armed, policy, NOW + 3 * H), Fire)
    [first, *_] = explain(armed, policy, NOW + 2 * H)
    assert (first.target, first.counted, first.left, [each.rule for each in first.intervals]) == (
        2 * H,
        H,
        H,
        ["outside_hours", "working_hours"],
    )
