"""Clocks that stand still: nothing that was paused counts, nothing that counted is lost, and the account adds up to the microsecond."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import ticket as rules
from bot.errors import WrongState
from bot.sla.escalation import Fire, Quiet, Warn, carried_out, decide, next_moment, next_tier_at
from bot.sla.explain import Account, earlier, explain
from bot.sla.hours import calendar, windows
from bot.sla.pauses import relaid, settled
from bot.sla.policy import Policy, arm
from bot.ticket import TARGETS, Change, State, Ticket
from storage.ticket_rows import ticket_doc, ticket_from
from tests.bot.test_ticket import NOW, ticket

H = timedelta(hours=1)
DAYTIME = windows({day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})
ROUND = Policy("round", (2 * H, 24 * H, 72 * H), (0.5,), pause_on=("pending",))
OFFICE = replace(ROUND, name="office", targets=(2 * H, 8 * H, 20 * H), calendar=calendar("Asia/Shanghai", DAYTIME, "CN"))
STRICT = replace(ROUND, name="strict", pause_on=())


def paused(after: timedelta = 3 * H, policy: Policy = ROUND) -> Ticket:
    """Claimed at once and waiting for the buyer since."""
    mine = rules.claim(arm(ticket(), policy, NOW), "mei", NOW).ticket
    return settled(rules.pending(mine, NOW + after).ticket, policy, NOW + after)


def test_a_clock_that_stands_still_has_no_due_moment_and_is_not_stopped() -> None:
    it = paused()
    assert (it.resolution.due_at, it.resolution.left, it.resolution.paused, it.resolution.running) == (None, 21 * H, True, False)
    assert it.closure.left == 69 * H
    assert [explain(it, ROUND, NOW + 9 * H)[place].outcome for place in (1, 2)] == ["paused", "paused"]
    assert next_tier_at(it) is None


@pytest.mark.parametrize("after", [0 * H, 100 * H, 10_000 * H])
def test_nothing_rings_or_warns_while_it_stands_still(after: timedelta) -> None:
    it = paused()
    assert decide(it, ROUND, NOW + 3 * H + after) == Quiet("its clocks stand still")
    assert next_moment(it, ROUND) is None


def test_going_on_it_is_due_later_by_what_was_paused_and_warns_at_its_share_of_what_counts() -> None:
    it = settled(rules.buyer_wrote(paused(), NOW + 10 * H).ticket, ROUND, NOW + 10 * H)
    assert (it.resolution.due_at, it.closure.due_at) == (NOW + 31 * H, NOW + 79 * H)
    assert isinstance(decide(it, ROUND, NOW + 18 * H), Quiet), "half of its 24 h have counted only at 19 h"
    assert isinstance(decide(it, ROUND, NOW + 19 * H), Warn)
    assert isinstance(decide(it, ROUND, NOW + 31 * H), Fire)


def test_over_working_hours_only_what_would_have_counted_is_given_back() -> None:
    it = paused(H, OFFICE)  # NOW is a Monday, 16:00 in Shanghai: an hour of the 8 has counted, one more comes before the evening
    assert it.resolution.left == 7 * H
    evening = settled(rules.buyer_wrote(it, NOW + 3 * H).ticket, OFFICE, NOW + 3 * H)
    assert evening.resolution.due_at == datetime.fromisoformat("2026-11-24T17:30:00+08:00"), "7 h from Tuesday, 09:00"


def test_where_the_policy_does_not_say_so_nothing_pauses() -> None:
    it = rules.pending(rules.claim(ticket(), "mei", NOW).ticket, NOW + H).ticket
    assert settled(it, STRICT, NOW + H) == it
    assert isinstance(decide(it, STRICT, NOW + 24 * H), Fire)


def test_the_first_response_is_never_paused_nor_is_what_was_missed_before() -> None:
    it = settled(rules.pending(arm(ticket(), ROUND, NOW), NOW + H).ticket, ROUND, NOW + H)
    assert it.first_response.due_at == NOW + 2 * H
    late = carried_out(ticket(), decide(ticket(), ROUND, NOW + 25 * H), NOW + 25 * H)
    it = settled(rules.pending(late, NOW + 26 * H).ticket, ROUND, NOW + 26 * H)
    assert (it.resolution.due_at, it.closure.left) == (NOW + 24 * H, 46 * H)
    assert explain(it, ROUND, NOW + 30 * H)[1].counted == 30 * H, "the pause began after it was due: all of it counts"


def test_a_miss_that_nobody_has_looked_at_yet_is_not_paused_away() -> None:
    it = settled(rules.pending(rules.claim(ticket(), "mei", NOW).ticket, NOW + 25 * H).ticket, ROUND, NOW + 25 * H)
    decision = decide(it, ROUND, NOW + 25 * H)
    assert isinstance(decision, Fire)
    assert decision.breached == ("resolution",)


@pytest.mark.parametrize(
    ("leave", "state", "met"),
    [
        (rules.resolve, State.RESOLVED, ("resolution",)),
        (rules.close, State.CLOSED, ("resolution", "closure")),
        (lambda it, now: rules.claim(it, "mei", now), State.OPEN, ()),
        (rules.buyer_wrote, State.OPEN, ()),
    ],
)
def test_every_way_out_of_waiting_ends_the_pause_and_what_is_met_is_met_in_time(leave, state: State, met: tuple[str, ...]) -> None:
    now = NOW + 200 * H
    it = settled(leave(paused(), now).ticket, ROUND, now)
    assert it.state is state
    assert it.ledger.standing is None
    assert [kind for kind in TARGETS[1:] if it.target(kind).met_at] == list(met)
    assert all(each.left is None and each.due_at is not None and each.due_at > now for each in (it.resolution, it.closure))


def test_merged_away_while_it_stands_still_it_never_rings_and_can_be_explained() -> None:
    gone = rules.merge(paused(), ticket(number=7), NOW + 5 * H)[0].ticket
    gone = settled(gone, ROUND, NOW + 5 * H)
    assert next_moment(gone, ROUND) is None
    assert [each.outcome for each in explain(gone, ROUND, NOW + 9 * H)] == ["met", "stopped", "stopped"]


def test_a_close_that_is_taken_back_lets_the_pause_go_on_as_if_nothing_had_been() -> None:
    before = paused()
    closed = settled(rules.close(before, NOW + 5 * H).ticket, ROUND, NOW + 5 * H)
    back = settled(rules.undo_close(closed, before, NOW + 5 * H).ticket, ROUND, NOW + 5 * H)
    assert (back.ledger, back.resolution, back.closure) == (before.ledger, before.resolution, before.closure)


@pytest.mark.parametrize("missed", [False, True])
@pytest.mark.parametrize("closed", [False, True])
def test_reopened_after_a_pause_or_a_miss_resolved_or_closed_it_starts_fresh_and_keeps_its_past(missed: bool, closed: bool) -> None:
    it = settled(rules.buyer_wrote(paused(), NOW + 10 * H).ticket, ROUND, NOW + 10 * H)
    now = NOW + (90 if missed else 20) * H
    it = carried_out(it, decide(it, ROUND, now), now)
    it = settled((rules.close if closed else rules.resolve)(it, now).ticket, ROUND, now)
    now += 500 * H
    again = settled(arm(rules.reopen(it, now).ticket, ROUND, now, ("resolution", "closure")), ROUND, now)
    assert (again.tier, again.resolution.due_at, again.closure.due_at) == (0, now + 24 * H, now + 72 * H)
    assert isinstance(decide(again, ROUND, now), Quiet)
    assert isinstance(decide(again, ROUND, now + 24 * H), Fire)
    before = {each.kind: each.outcome for each in earlier(again, ROUND)}
    closure = ("met_late" if missed else "met") if closed else ("missed" if missed else "stopped")
    assert before == {"resolution": "met_late" if missed else "met", "closure": closure}


def test_a_policy_that_comes_later_counts_as_if_it_had_always_been_and_says_what_it_moved() -> None:
    longer = replace(ROUND, name="longer", targets=(2 * H, 48 * H, 90 * H))
    it = relaid(paused(), longer, NOW + 5 * H)
    assert (it.resolution.left, it.closure.left) == (45 * H, 87 * H)
    it = relaid(it, STRICT, NOW + 6 * H)
    assert it.resolution.due_at == NOW + 27 * H, "the three hours that it stood still stay given"
    assert [(each.kind, each.now, each.because) for each in it.ledger.moves][-1] == ("closure", NOW + 75 * H, "strict")
    assert relaid(it, STRICT, NOW + 7 * H) == it


STORY = st.lists(
    st.tuples(
        st.sampled_from(["look", "pending", "buyer", "claim", "resolve", "close", "reopen", "round", "office", "strict"]),
        st.integers(0, 30 * 3600 * 10**6),
    ),
    max_size=25,
)


@given(STORY, st.sampled_from([ROUND, OFFICE, STRICT]))
def test_whatever_happens_the_account_adds_up_and_what_has_counted_when_it_is_due_is_the_target(
    story: list[tuple[str, int]], policy: Policy
) -> None:
    it, now = rules.claim(arm(ticket(), policy, NOW), "mei", NOW).ticket, NOW
    for act, micros in story:
        now += timedelta(microseconds=micros)
        it = carried_out(it, decide(it, policy, now), now)
        if act in ("round", "office", "strict"):
            policy = {"round": ROUND, "office": OFFICE, "strict": STRICT}[act]
            it = relaid(it, policy, now)
        else:
            it = settled(_act(it, act, policy, now), policy, now)
        assert ticket_from(ticket_doc(it)) == it
        for account in explain(it, policy, now):
            _adds_up(account, now)
        for kind in TARGETS[1:]:
            target = it.target(kind)
            assert not (target.paused and target.due_at), kind
            if target.running and target.due_at and target.due_at > now and target.breached_at is None:
                then = _at(it, kind, policy, target.due_at)
                assert then.counted == policy.target(kind), kind


def _act(it: Ticket, act: str, policy: Policy, now: datetime) -> Ticket:
    verbs = {
        "look": lambda: Change(it), "pending": lambda: rules.pending(it, now), "buyer": lambda: rules.buyer_wrote(it, now),
        "claim": lambda: rules.claim(it, "mei", now), "resolve": lambda: rules.resolve(it, now), "close": lambda: rules.close(it, now),
        "reopen": lambda: rules.reopen(it, now),
    }  # fmt: skip
    try:
        after: Ticket = verbs[act]().ticket
    except WrongState:
        return it
    return arm(after, policy, now, ("resolution", "closure")) if after.cycle > it.cycle else after


def _adds_up(account: Account, now: datetime) -> None:
    if account.started_at is None:
        assert account.intervals == ()
        return
    edges = [account.started_at, *(each.end for each in account.intervals)]
    assert [each.start for each in account.intervals] == edges[:-1], "without a gap"
    assert account.counted + account.waited == edges[-1] - account.started_at
    assert edges[-1] <= max(now, account.started_at)


def _at(it: Ticket, kind: str, policy: Policy, due: datetime) -> Account:
    return next(each for each in explain(it, policy, due) if each.kind == kind)
