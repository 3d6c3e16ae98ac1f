"""The life of a ticket: given a state and a verb, what comes of it, or why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot import ticket as rules
from bot.errors import AlreadyClaimed, BadUsage, Refused, WrongState
from bot.sla.policy import Policy, arm
from bot.target import Target
from bot.ticket import Change, State, Ticket

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
POLICY = Policy("test", (timedelta(hours=2), timedelta(hours=24), timedelta(hours=72)))


def ticket(state: State = State.NEW, **changes: object) -> Ticket:
    made = Ticket("m", 1024, "s", "shopee", "Where is my refund", "…", NOW, NOW, state=state)
    return replace(arm(made, POLICY, NOW), **changes)  # type: ignore[arg-type]


LATER = NOW + timedelta(minutes=5)
VERBS = {
    "claim": lambda it: rules.claim(it, "mei", LATER),
    "release": lambda it: rules.release(it, LATER),
    "assign": lambda it: rules.assign(it, "bo", LATER),
    "pending": lambda it: rules.pending(it, LATER),
    "resolve": lambda it: rules.resolve(it, LATER),
    "close": lambda it: rules.close(it, LATER),
    "reopen": lambda it: rules.reopen(it, LATER),
    "escalate": lambda it: rules.escalate(it, LATER),
}
# verb: the state after, from new, open, pending, resolved, closed, archived; "-" is refused (an unclaimed ticket can't be released)
ARROWS = {
    "claim": "open open open - - -",
    "release": "- - - - - -",
    "assign": "open open pending - - -",
    "pending": "pending pending - - - -",
    "resolve": "resolved resolved resolved - - -",
    "close": "closed closed closed closed - -",
    "reopen": "- - - open open -",
    "escalate": "new open pending - - -",
}
TABLE = [
    (state.value, verb, None if after == "-" else after)
    for verb, afters in ARROWS.items()
    for state, after in zip(State, afters.split(), strict=True)
]


@pytest.mark.parametrize(("state", "verb", "after"), TABLE)
def test_every_verb_leads_where_the_state_machine_says_or_is_refused(state: str, verb: str, after: str | None) -> None:
    given = ticket(State(state))
    if after is None:
        with pytest.raises(Refused):
            VERBS[verb](given)
    else:
        assert VERBS[verb](given).ticket.state == after


@pytest.mark.parametrize(
    ("verb", "met"),
    [
        ("claim", {"first_response"}), ("assign", {"first_response"}), ("resolve", {"resolution"}),
        ("close", {"resolution", "closure"}), ("pending", set()), ("escalate", set()),
    ],
)  # fmt: skip
def test_each_verb_meets_its_own_targets_and_no_other(verb: str, met: set[str]) -> None:
    after = VERBS[verb](ticket()).ticket
    assert {kind for kind in rules.TARGETS if after.target(kind).met_at == LATER} == met


def test_a_second_person_is_told_who_has_it() -> None:
    with pytest.raises(AlreadyClaimed) as refused:
        rules.claim(ticket(State.OPEN, assignee="mei"), "bo", LATER)
    assert refused.value.params["who"] == "mei"


def test_claiming_ones_own_ticket_again_changes_nothing() -> None:
    mine = ticket(State.OPEN, assignee="mei")
    assert rules.claim(mine, "mei", LATER) == rules.Change(mine)


@pytest.mark.parametrize("take", [rules.claim, rules.assign])
def test_a_claim_does_not_meet_tier_1_where_only_a_reply_does(take: Callable[..., Change]) -> None:
    claimed = take(ticket(), "mei", LATER, first_response_by="reply").ticket
    assert claimed.first_response.met_at is None
    assert rules.answer(claimed, LATER).ticket.first_response.met_at == LATER


def test_a_public_reply_opens_a_new_ticket_and_counts_once() -> None:
    first = rules.answer(ticket(), LATER).ticket
    again = rules.answer(first, LATER + timedelta(hours=1)).ticket
    assert (first.state, first.first_responded_at, again.first_responded_at) == (State.OPEN, LATER, LATER)


def test_a_closed_ticket_has_no_running_clock() -> None:
    closed = rules.close(ticket(), LATER).ticket
    assert not any(closed.target(kind).running for kind in rules.TARGETS)
    assert closed.first_response.due_at is None  # never answered: stopped, not met


def test_a_reopened_ticket_starts_a_cycle_with_tiers_2_and_3_to_be_armed() -> None:
    over = rules.close(ticket(tier=3), LATER).ticket
    again = rules.reopen(over, LATER, "the buyer wrote").ticket
    assert (again.cycle, again.tier, again.resolution, again.closure) == (2, 0, Target(), Target())
    assert again.first_response == over.first_response


def test_a_buyers_message_wakes_a_waiting_ticket_and_reopens_a_resolved_one() -> None:
    assert rules.buyer_wrote(ticket(State.PENDING), LATER).ticket.state is State.OPEN
    assert rules.buyer_wrote(ticket(State.RESOLVED), LATER).ticket.cycle == 2
    assert rules.buyer_wrote(ticket(State.CLOSED), LATER).ticket.state is State.CLOSED


def test_a_merged_ticket_closes_stops_its_clocks_and_cannot_come_back() -> None:
    gone, kept = rules.merge(ticket(), ticket(number=1025), LATER)
    assert (gone.ticket.state, gone.ticket.merged_into, gone.ticket.resolution.met_at) == (State.CLOSED, 1025, None)
    assert not any(gone.ticket.target(kind).running for kind in rules.TARGETS)
    assert kept.ticket.state is State.NEW
    with pytest.raises(WrongState, match="merged_away"):
        rules.reopen(gone.ticket, LATER)


def test_a_ticket_is_not_merged_into_itself() -> None:
    with pytest.raises(BadUsage):
        rules.merge(ticket(), ticket(), LATER)


def test_undoing_a_close_puts_state_and_clocks_back() -> None:
    before = ticket(State.OPEN, assignee="mei")
    back = rules.undo_close(rules.close(before, LATER).ticket, before, LATER).ticket
    assert back == before


def test_escalating_by_hand_leaves_tier_1_running_and_is_refused_twice() -> None:
    raised = rules.escalate(ticket(), LATER, "chargeback").ticket
    assert raised.first_response.running
    assert raised.tier == 2
    with pytest.raises(WrongState):
        rules.escalate(raised, LATER)


@pytest.mark.parametrize("word", ["", "URGENT", "asap", "紧急"])
def test_only_known_priorities_are_set(word: str) -> None:
    with pytest.raises(BadUsage):
        rules.set_priority(ticket(), word, LATER)
