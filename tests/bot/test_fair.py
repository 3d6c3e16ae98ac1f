"""Where more waits than can be done at once, merchants have their turns."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as some

from bot.fair import by_turns, handful
from bot.records import Waiting


def rows(whose: str) -> list[Waiting]:
    return [Waiting(merchant, str(place)) for place, merchant in enumerate(whose)]


def test_a_small_merchant_is_served_within_the_first_round_however_long_the_line_before_it() -> None:
    line = by_turns(rows("a" * 500 + "b" + "c" * 2))
    assert [each.merchant_id for each in line][:5] == ["a", "b", "c", "a", "c"]
    assert handful(line, 2) == [Waiting("a", "0"), Waiting("b", "500")]
    assert len(handful(line, 1000)) == 501


@given(some.text("abcde", max_size=60))
def test_everything_is_served_once_each_merchants_own_in_order_and_nobody_waits_more_than_its_share(whose: str) -> None:
    given_rows = rows(whose)
    line = list(by_turns(given_rows))
    assert sorted(line, key=lambda each: int(each.id)) == given_rows
    many = Counter(whose)
    for merchant in many:
        own = [each for each in line if each.merchant_id == merchant]
        assert own == [each for each in given_rows if each.merchant_id == merchant]
        assert line.index(own[-1]) < len(own) * len(many)
