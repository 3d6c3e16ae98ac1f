"""A clock that somebody sets: not believed at once, followed when it stays so, and time never goes back."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import BELIEVED_AFTER, STEP, SteadyClock
from tests.clock import START

H, M, S = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


class Machine:
    """A counter that nobody sets and a wall clock that anybody may."""

    def __init__(self) -> None:
        self.count, self.set_by = timedelta(days=3), timedelta()
        self.clock = SteadyClock(lambda: START + self.count - timedelta(days=3) + self.set_by, lambda: self.count)

    def later(self, length: timedelta, look: timedelta = S) -> timedelta:
        """So much later, looked at now and then as a bot does; by how much its clock is ahead of the true time."""
        end = self.count + length
        while self.count < end:
            self.count = min(end, self.count + look)
            self.clock.now()
        return self.clock.now() - (START + self.count - timedelta(days=3))


@pytest.mark.parametrize("step", [H, -H, 3 * S, -3 * S])
def test_a_step_is_not_believed_and_when_it_is_taken_back_nothing_has_been(step: timedelta) -> None:
    machine = Machine()
    machine.later(M)
    machine.set_by = step
    assert machine.later(9 * M) == timedelta()
    machine.set_by = timedelta()
    assert machine.later(M) == timedelta()
    machine.set_by = step
    assert machine.later(9 * M) == timedelta(), "the first doubt is forgotten"


def test_a_step_forwards_that_stays_was_a_correction() -> None:
    machine = Machine()
    machine.set_by = H
    assert machine.later(BELIEVED_AFTER + 2 * S) == H


def test_a_step_backwards_that_stays_is_made_up_at_half_speed() -> None:
    machine = Machine()
    machine.set_by = -H
    assert machine.later(BELIEVED_AFTER + H) - -H / 2 <= 2 * S
    assert abs(machine.later(H + M) - -H) <= STEP


def test_drift_is_followed_at_once() -> None:
    machine = Machine()
    for _ in range(30):
        machine.set_by += S
        machine.later(M)
    assert machine.later(M) == 30 * S


def test_the_databases_clock_is_taken_at_the_start_and_followed_from_then_on() -> None:
    machine = Machine()
    machine.set_by = H
    machine.clock.told(START)
    assert machine.later(30 * M) == timedelta(), "this machine is an hour ahead, now as before"
    machine.clock.told(START + 30 * M - 5 * S)
    assert machine.later(M) == timedelta(), "a step of the database's is doubted like any other"


@given(st.lists(st.tuples(st.integers(-7200, 7200), st.integers(0, 3600)), max_size=30))
def test_however_it_is_set_time_never_goes_back(steps: list[tuple[int, int]]) -> None:
    machine = Machine()
    seen = []
    for seconds, wait in steps:
        machine.set_by = timedelta(seconds=seconds)
        machine.count += timedelta(seconds=wait)
        seen.append(machine.clock.now())
    assert all(after >= before for before, after in pairwise(seen))
