"""An agent sees at once what is dangerous about a ticket, and why."""

from __future__ import annotations

from tests.world import CHANNEL, World


async def test_hints_stand_on_the_card_in_the_list_and_leave_as_events(database_url: str) -> None:
    async with World(database_url) as world:
        await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["risk.hint_raised"]})
        buyer = {"email": "Tan@example.com"}
        quiet = [await world.ticket(f"no {each}", buyer=buyer, category="other") for each in range(3)]
        assert [(await world.shown(number))["risk"]["level"] for number in quiet] == ["none"] * 3
        number = await world.ticket("Refund me", buyer={"email": "tan@example.com"}, category="refund_delay")
        (hint,) = (await world.shown(number))["risk"]["hints"]
        assert (hint["hint"], hint["level"], hint["evidence"]["count"]) == ("repeated_buyer", "medium", 3)
        await world.call("POST", f"/v1/tickets/{number}/messages", {"from": "buyer", "text": "再不退款我就拒付！"})
        await world.settle()
        risk = (await world.shown(number))["risk"]
        assert (risk["level"], [each["hint"] for each in risk["hints"]]) == ("high", ["repeated_buyer", "chargeback_threat"])
        card = next(each for each in world.slack.channel(CHANNEL) if f"T-{number}" in each.seen)
        assert "Risk high: the buyer threatens a chargeback (“拒付”); this buyer had 3 tickets" in card.seen
        assert [each.body["data"]["event"]["level"] for each in world.receiver.events] == ["medium", "high"]
        found = await world.call("GET", "/v1/tickets?risk=high")
        assert [each["number"] for each in found["items"]] == [number]
        assert f"T-{number}" in await world.says("列表 风险:高", by="bo")
        assert f"T-{quiet[0]}" not in await world.says("list risk:any")
