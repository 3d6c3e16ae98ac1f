"""Tickets that arrive together: every review and every freeze is there, and once."""

from __future__ import annotations

from collections import Counter

from storage.engine import Storage
from tests.risk.histories import freezes_due, histories, reviews_due
from tests.risk.playing import Player, found


async def test_of_tickets_that_arrive_together_none_is_missed_and_none_counted_twice(storage: Storage) -> None:
    made = histories(6, instants=14, seed=1)
    player = Player(storage)
    await player.prepare(made)
    for place in range(max(len(each.instants) for each in made)):
        await player.play([job.doc() for each in made for instant in each.instants[place : place + 1] for job in instant])
    reviews, freezes, told = await found(storage)
    assert reviews == sum((reviews_due(each) for each in made), Counter())
    assert freezes == sum((freezes_due(each) for each in made), Counter())
    assert len(reviews) > 3 < len(freezes), "these histories had something in them"
    assert told == {"risk.review_opened": reviews.total(), "channel.frozen": freezes.total()}
