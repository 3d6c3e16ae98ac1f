"""The count finds what it is there to find: were it blind, a clean line would mean nothing."""

from __future__ import annotations

from tests.chaos.tally import Row, tally

DUE = {(1, 1): 100.0, (2, 1): 101.0, (2, 2): 140.0}
ROWS = [Row("a", 1, "tier1", "C1", "sent"), Row("b", 2, "tier1", "C2", "sent"), Row("c", 2, "tier2", "C2", "sent")]
LOG = [("a", 100.2), ("b", 101.1), ("c", 140.5)]


def test_a_clean_run_counts_clean() -> None:
    found = tally(DUE, ROWS, LOG)
    assert (found.fired, found.lost, found.duplicates, found.early, found.doubled_rows) == (3, 0, 0, 0, 0)
    assert [round(each, 3) for each in found.lateness] == [0.1, 0.2, 0.5]


def test_a_message_that_never_arrived_is_lost_whatever_the_outbox_says() -> None:
    assert tally(DUE, ROWS, LOG[:2]).lost == 1


def test_a_tier_without_a_row_is_neither_fired_nor_told() -> None:
    found = tally(DUE, ROWS[:2], LOG[:2])
    assert (found.fired, found.lost) == (2, 1)


def test_a_doubled_line_is_a_duplicate_and_the_first_arrival_counts_for_lateness() -> None:
    found = tally(DUE, ROWS, [("a", 112.0), *LOG])
    assert (found.lost, found.duplicates, found.late(1)) == (0, 1, 0.5)


def test_the_same_tier_under_two_rows_is_a_duplicate_and_a_tier_fired_twice() -> None:
    found = tally(DUE, [*ROWS, Row("d", 1, "tier1", "C9", "sent")], [*LOG, ("d", 100.9)])
    assert (found.duplicates, found.doubled_rows) == (1, 1)


def test_a_message_that_the_outbox_knows_nothing_of_is_a_duplicate() -> None:
    found = tally(DUE, ROWS, [*LOG, ("x", 120.0)])
    assert (found.strangers, found.duplicates) == (1, 1)


def test_what_went_out_within_a_digest_has_arrived_with_it() -> None:
    rows = [Row("a", 1, "tier1", "C1", "sent", folded="dgs"), Row("b", 2, "tier1", "C1", "sent", folded="dgs"), ROWS[2]]
    assert tally(DUE, rows, [("dgs", 101.5), ("c", 140.1)]).lost == 0


def test_what_rang_before_its_moment_is_early() -> None:
    assert tally(DUE, ROWS, [("a", 99.0), *LOG[1:]]).early == 1


def test_rows_that_ended_otherwise_than_sent_are_told() -> None:
    rows = [*ROWS[:2], Row("c", 2, "tier2", "C2", "dropped")]
    assert tally(DUE, rows, LOG[:2]).ended == {"dropped": 1, "dead": 0, "waiting": 0}
