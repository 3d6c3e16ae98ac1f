"""The machine's clock is set an hour forwards, an hour back, and right again: nothing rings early, nothing is lost, nothing doubled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.clock import SteppedClock
from tests.world import CHANNEL, World, at


async def test_tiers_ring_at_their_true_moments_each_once_however_the_clock_is_set(make_world: Callable[..., World]) -> None:
    clock = SteppedClock()
    async with make_world(clock=clock, sla_tier1="30m", sla_tier2="60m", sla_tier3="90m") as world:
        numbers = [await world.ticket(f"Case {each}") for each in range(5)]
        created = clock.true()
        await world.call("POST", f"/v1/tickets/{numbers[0]}/claim", {"agent": "mei"})
        for minutes, hours in ((20, 1), (9, 0), (9, -1), (9, 0), (20, 1), (9, -1), (9, 0), (15, 0)):
            await world.pass_time(minutes=minutes)
            clock.set_by = timedelta(hours=hours)
            await world.settle()
        for number in numbers:
            told = (await world.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]
            rung = [(each["type"], at(each["at"]) - created) for each in told if each["type"].startswith("sla.")]
            tiers = [(f"sla.tier{tier}", timedelta(minutes=30 * tier)) for tier in (1, 2, 3)]
            assert rung == tiers[1 if number == numbers[0] else 0 :]
        posted = [message.seen for message in world.slack.channel(CHANNEL) if "missed its" in message.seen]
        assert len(posted) == 14
        assert not any("(late)" in each for each in posted)
        assert clock.now() == clock.true()
