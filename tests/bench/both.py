"""Two people claim one ticket at the same instant, one in WeCom and one in Slack, 500 times."""

from __future__ import annotations

from tests.bench.databases import Databases
from tests.bench.table import Figure, at_most
from tests.journeys.claiming import claims_at_once
from tests.world import World

ROUNDS = 500


async def measured(databases: Databases) -> list[Figure]:
    """On both databases."""
    found = []
    for dialect in ("sqlite", "postgresql"):
        async with World(await databases.new(dialect), wecom=True) as world:
            wrong = await claims_at_once(world, ROUNDS)
        found.append(at_most(f"of {ROUNDS} claims at once in both chats, without one winner ({dialect})", len(wrong), 0, "", digits=0))
    return found
