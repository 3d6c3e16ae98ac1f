"""What a limit holds back goes one after another."""

from __future__ import annotations

from datetime import timedelta

from bot.pacing import FORGET, Pace
from tests.bot.test_ticket import NOW

SECOND = timedelta(seconds=1)


def test_each_has_a_turn_of_its_own_and_addresses_do_not_wait_for_each_other() -> None:
    pace = Pace()
    turns = [pace.turn("a", NOW, 60) for _ in range(500)]
    assert turns == [NOW + SECOND * count for count in range(500)]
    assert pace.turn("b", NOW, 60) == NOW
    assert pace.turn("a", NOW + timedelta(hours=1), 60) == NOW + timedelta(hours=1), "what is over holds nobody back"


def test_it_remembers_no_more_addresses_than_have_turns_to_come() -> None:
    pace = Pace()
    for count in range(10 * FORGET):
        pace.turn(f"old{count}", NOW + SECOND * count, 60)
    assert len(pace._last) <= FORGET
