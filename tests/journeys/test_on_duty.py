"""The duty roster: tiers 2 and 3 go to who is on duty when they fire; put over the API, and by the command line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import CHANNEL, World

HOURS = {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
WEEK = {"agent": "sara", "hours": HOURS, "timezone": "Asia/Singapore"}  # the world begins on a Monday at 09:00 there
TUESDAY: dict[str, Any] = {"agent": "wang", "from": "2026-11-24T00:00:00.000Z", "to": "2026-11-24T03:00:00.000Z"}


async def test_who_is_on_duty_when_a_tier_fires_is_told_in_person_and_the_others_are_not(world: World) -> None:
    rota = {"shifts": [TUESDAY], "weekly": [WEEK]}
    assert await world.call("PUT", "/v1/rota", rota) == await world.call("GET", "/v1/rota") == rota
    number = await world.ticket()
    await world.pass_time(hours=24)
    assert f"T-{number}" in world.slack.dms("U0WANG")[-1].seen, "Tuesday's shift overrides the week"
    assert not world.slack.dms("U0SARA")
    assert "Escalated" in world.slack.channel(CHANNEL)[-1].seen
    await world.pass_time(hours=48)
    assert "Refunds frozen" in world.slack.dms("U0SARA")[-1].seen
    await world.says("escalate " + str(await world.ticket()))
    assert "Escalated by Mei Lin" in world.slack.dms("U0SARA")[-1].seen


async def test_a_manager_who_is_away_is_passed_over_for_the_next(world: World) -> None:
    await world.call("PUT", "/v1/rota", {"weekly": [WEEK]})
    await world.says("away 2h", by="sara")
    number = await world.ticket()
    await world.says(f"escalate {number}")
    assert not world.slack.dms("U0SARA")
    assert f"T-{number}" in world.slack.dms("U0WANG")[-1].seen


async def test_a_manager_who_can_be_told_nowhere_is_passed_over_and_where_none_can_administrators_hear_once_a_day(world: World) -> None:
    await world.call("PUT", "/v1/agents/li", {"name": "Li", "role": "senior_manager"})
    await world.call("PUT", "/v1/rota", {"weekly": [{**WEEK, "agent": "li"}]})
    await world.says(f"escalate {await world.ticket()}")
    assert "Escalated by Mei Lin" in world.slack.dms("U0SARA")[-1].seen, "nobody who can be told is on duty: all are"
    for manager in ("sara", "wang"):
        await world.call("DELETE", f"/v1/agents/{manager}")
    for _ in range(2):
        await world.says(f"escalate {await world.ticket()}")
    await world.ticket()
    await world.pass_time(hours=2)
    told = [message.seen for message in world.slack.dms("U0ADA")]
    assert len(told) == 1
    assert "no senior manager can be told" in told[0]
    assert sum("Escalated" in message.seen for message in world.slack.channel(CHANNEL)) == 3


@pytest.mark.parametrize(
    ("rota", "field"),
    [
        ({"shifts": [{**TUESDAY, "agent": "mei"}]}, ["body", "shifts", "0", "agent"]),
        ({"shifts": [{**TUESDAY, "to": TUESDAY["from"]}]}, ["body", "shifts", "0", "to"]),
        ({"shifts": [{**TUESDAY, "from": "yesterday"}]}, ["body", "shifts", 0, "from"]),
        ({"weekly": [WEEK, {**WEEK, "timezone": "Mars/Olympus"}]}, ["body", "weekly", 1, "timezone"]),
        ({"weekly": [{**WEEK, "hours": {"someday": []}}]}, ["body", "weekly", 0, "hours", "someday"]),
        ({"weekly": [{**WEEK, "hours": {"mon": [["9", "18:00"]]}}]}, ["body", "weekly", 0, "hours", "mon", 0, 0]),
        ({"weekly": [{**WEEK, "hours": {"mon": [["09:00", "09:00"]]}}]}, ["body", "weekly", "0", "hours", "mon"]),
        ({"weekly": [{**WEEK, "hours": {"mon": [["09:00", "12:00"], ["11:00", "18:00"]]}}]}, ["body", "weekly", "0", "hours", "mon"]),
    ],
)
async def test_a_wrong_roster_is_refused_with_its_field_and_the_old_one_stays(sqlite_url: str, rota: Any, field: list[Any]) -> None:
    async with World(sqlite_url) as world:
        before = await world.call("PUT", "/v1/rota", {"weekly": [WEEK]})
        refused = await world.call("PUT", "/v1/rota", rota, status=422)
        assert refused["errors"][0]["loc"] == field
        assert await world.call("GET", "/v1/rota") == before


async def test_the_roster_is_the_operators_and_who_leaves_is_off_it(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        await world.call("PUT", "/v1/rota", {"shifts": [TUESDAY], "weekly": [WEEK]})
        made = await world.call("POST", "/v1/api-keys", {"name": "k", "merchant_id": "lumiere", "scopes": ["people:write"]})
        await world.call("GET", "/v1/rota", key=made["token"], status=404)
        await world.call("PUT", "/v1/rota", {}, key=made["token"], status=404)
        await world.call("DELETE", "/v1/agents/sara")
        assert await world.call("GET", "/v1/rota") == {"shifts": [TUESDAY], "weekly": []}
