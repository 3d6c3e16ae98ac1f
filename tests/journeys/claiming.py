"""Two people claim one ticket at the same instant, one in WeCom and one in Slack: who has it, and what both were told."""

from __future__ import annotations

import asyncio

from tests.world import PEOPLE, World


async def claims_at_once(world: World, rounds: int) -> list[str]:
    """What was wrong, a line each; []: one winner in every round, and the other was told who."""
    wrong = []
    for _ in range(rounds):
        number = (await world.call("POST", "/v1/tickets", {"shop_id": "lights-sg", "subject": "x", "message": "y"}, status=201))["number"]
        before = len(world.wecom.chat("bo"))
        said, _ = await asyncio.gather(
            world.slack.command(f"claim {number}", user=str(PEOPLE["mei"]["slack_user_id"])),
            world.wecom.types("bo", f"claim {number}", world.wecom.app),
        )
        await world.pass_time(seconds=5)  # within what WeCom shows one person in a minute
        told = {"mei": said, "bo": "\n".join(each.seen for each in world.wecom.chat("bo")[before:])}
        owner = (await world.shown(number))["assignee"]
        timeline = (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]
        if owner not in told or sum(each["type"] == "ticket.claimed" for each in timeline) != 1:
            wrong.append(f"T-{number}: {owner}")
            continue
        loser = "bo" if owner == "mei" else "mei"
        if str(PEOPLE[owner]["name"]) not in told[loser]:
            wrong.append(f"T-{number}: {loser} heard {told[loser][:80]!r}")
    return wrong
