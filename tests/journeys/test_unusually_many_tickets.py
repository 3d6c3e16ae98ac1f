"""Risk rule 1: a shop with far more tickets than usual is reviewed by people for risk, once a day."""

from __future__ import annotations

from typing import Any

from tests.world import PEOPLE, World

RIA: dict[str, Any] = {"name": "Ria", "role": "risk", "slack_user_id": "U0RIA", "locale": "en"}


async def day_of(world: World, many: int) -> list[int]:
    return [await world.ticket(f"no {place}", category="other") for place in range(many)]


async def reviews(world: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.call("GET", "/v1/reviews"))["items"]
    return found


async def test_a_surge_opens_one_review_a_day_which_risk_decides_in_slack(database_url: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(PEOPLE, "ria", RIA)
    async with World(database_url) as world:
        for _ in range(3):
            await day_of(world, 1)
            await world.pass_time(hours=24)
        await day_of(world, 9)
        assert await reviews(world) == [], "nine are fewer than ten"
        await day_of(world, 2)
        (review,) = await reviews(world)
        assert (review["shop_id"], review["count"], review["mean"], review["state"]) == ("lights-sg", 10, 1.0, "open")
        told = [each for each in world.slack.dms("U0RIA") if "Unusually many tickets" in each.seen]
        assert len(told) == 1
        assert "10 tickets" in told[0].seen
        assert review["id"] in await world.says("reviews", by="ria")
        assert "people for risk" in await world.says(f"confirm {review['id']} no", by="chen")
        assert "dismiss R why" in await world.says(f"dismiss {review['id']}", by="ria"), "there is no decision without a reason"
        assert "is dismissed" in await world.says(f"驳回 {review['id']} a sale day", by="ria")
        assert "decided already" in await world.says(f"confirm {review['id']} again", by="ria")
        (review,) = await reviews(world)
        assert (review["state"], review["agent"], review["reason"]) == ("closed", "ria", "a sale day")
