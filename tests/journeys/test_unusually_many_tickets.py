"""Risk rule 1: a shop with far more tickets than usual is reviewed by people for risk, once a day."""

from __future__ import annotations

from datetime import timedelta
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
        assert any("Dismissed by Ria: a sale day" in each.seen for each in world.slack.dms("U0RIA"))


async def test_what_came_in_from_a_file_is_a_shops_habit_and_rings_nobody(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        day = world.clock.now() - timedelta(days=2)
        rows = [f"x{each},lights-sg,old,old,closed,{day:%Y-%m-%dT%H:%M:%SZ},{day:%Y-%m-%dT%H:%M:%SZ}" for each in range(8)]
        text = "external_id,shop_id,subject,message,state,created_at,closed_at\n" + "\n".join(rows)
        headers = {**world.admin, "Content-Type": "text/csv"}
        async with world.api.post("/v1/imports", data=text, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
        while await world.desk.files.work() is not None:
            pass
        assert len((await world.call("GET", "/v1/tickets?state=closed"))["items"]) == 8
        await day_of(world, 10)
        assert await reviews(world) == [], "8 tickets on two full days are 4 a day, and 10 are not more than 16"


async def test_in_wecom_the_card_asks_why_and_shows_the_decision(sqlite_url: str, monkeypatch: Any) -> None:
    monkeypatch.setitem(PEOPLE, "ria", {**RIA, "locale": "zh"})
    async with World(sqlite_url, wecom=True, risk_surge_min="2") as world:
        await day_of(world, 2)
        (review,) = await reviews(world)
        assert any("工单异常增多：lights-sg" in each.seen for each in world.wecom.chat("ria"))
        asked = await world.clicks("驳回", by="ria")
        assert "原因" in asked
        assert (await reviews(world))[0]["state"] == "open", "there is no decision without a reason"
        await world.wecom.types("ria", f"驳回 {review['id']} 大促日", world.wecom.app)
        await world.settle()
        (review,) = await reviews(world)
        assert (review["decision"], review["agent"], review["reason"]) == ("dismiss", "ria", "大促日")
