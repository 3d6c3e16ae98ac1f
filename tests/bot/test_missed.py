"""What a channel missed while it was away: called when it is back, not before, and never what keeps a pause of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt
from bot.missed import AWAY, SOON, Missed
from bot.ports import Abilities
from bot.records import Outgoing

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
GONE = DeliveryFailed("unknown", "no answer in time")


@dataclass
class Way:
    """A channel; nothing is sent here."""

    name: str
    abilities: Abilities

    async def send(self, notice: Notice) -> Receipt:
        """Never."""
        raise AssertionError(notice)


@pytest.fixture
def missed() -> Missed:
    return Missed({"slack": Way("slack", Abilities()), "webhooks": Way("webhooks", Abilities(digests=False))})


def row(id: str, channel: str = "slack", target: str = "C1") -> Outgoing:
    return Outgoing(id, "lumiere", 1001, "tier1:1001:1", "tier1", channel, target, {}, NOW, NOW)


def sent(each: Outgoing) -> Outgoing:
    return replace(each, state="sent")


def back(missed: Missed, *ended: Outgoing) -> list[str]:
    return [each.id for each in missed.back(ended, NOW)]


def test_when_it_takes_something_again_all_that_failed_is_called_once(missed: Missed) -> None:
    for each in "abcd":
        assert missed.failed(row(each, target=f"C{each}"), GONE, NOW).state == "waiting"
    assert back(missed, sent(row("e"))) == ["a", "b", "c", "d"]
    assert back(missed, sent(row("f"))) == []


def test_what_fails_while_others_get_through_keeps_its_pauses(missed: Missed) -> None:
    for _ in range(20):
        for _ in range(AWAY - 1):
            missed.failed(row("a"), GONE, NOW)
        assert back(missed, sent(row("b", target="C2"))) == []


def test_a_pause_that_was_asked_for_is_kept_to(missed: Missed) -> None:
    for each in "abc":
        missed.failed(row(each), DeliveryFailed("later", "ratelimited", timedelta(seconds=30)), NOW)
    missed.failed(row("d"), GONE, NOW)
    assert back(missed, sent(row("e"))) == ["d"]


def test_systems_are_away_each_for_itself(missed: Missed) -> None:
    for count in range(AWAY):
        missed.failed(row(f"one{count}", "webhooks", "wh_1"), GONE, NOW)
        missed.failed(row(f"two{count}", "webhooks", "wh_2"), GONE, NOW)
    assert back(missed, sent(row("x", "webhooks", "wh_1"))) == ["one0", "one1", "one2"]


def test_what_is_given_up_is_not_called(missed: Missed) -> None:
    for each in "abc":
        missed.failed(row(each), DeliveryFailed("rejected", "channel_not_found"), NOW)
    assert back(missed, sent(row("d"))) == []


def test_just_after_its_return_a_failure_is_no_reason_for_a_long_pause(missed: Missed) -> None:
    worn = replace(row("a"), failures=15)
    for _ in range(AWAY):
        missed.failed(worn, GONE, NOW)
    back(missed, sent(row("b")))
    for later in (timedelta(), timedelta(seconds=50)):
        assert missed.failed(worn, GONE, NOW + later).available_at <= NOW + later + SOON
    asked = DeliveryFailed("later", "ratelimited", timedelta(seconds=30))
    assert missed.failed(worn, asked, NOW).available_at == NOW + timedelta(seconds=30)
