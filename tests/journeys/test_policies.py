"""SLA policies while tickets are open: what changes, what does not, who may set what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.recounting import AGAIN, BATCH
from storage.postgres import PostgresStorage
from tests.world import CHANNEL, World, at

POLICY = "/v1/policies/p"
OFFICE = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


async def put(world: World, id: str = "p", **doc: Any) -> dict[str, Any]:
    found: dict[str, Any] = await world.call("PUT", f"/v1/policies/{id}", {"merchant_id": "lumiere", **doc})
    await world.settle()
    return found


async def clock(world: World, number: int, kind: str = "resolution") -> timedelta:
    """How long after its opening it is due."""
    shown = await world.shown(number)
    return at(shown["sla"][kind]["due_at"]) - at(shown["created_at"])


async def told(world: World, number: int, type: str) -> list[dict[str, Any]]:
    return [each for each in (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"] if each["type"] == type]


async def test_a_changed_policy_moves_the_clocks_of_open_tickets_and_touches_nothing_else(world: World) -> None:
    number, other = await world.ticket(), await world.ticket("Another shop's", shop_id="other-shop")
    before = await world.shown(number)
    await world.pass_time(hours=1)
    await put(world, targets={"first_response": "90m", "resolution": "12h"})
    after = await world.shown(number)
    assert after["updated_at"] == before["updated_at"]
    assert [await clock(world, number, kind) for kind in ("first_response", "resolution", "closure")] == [
        timedelta(minutes=90), timedelta(hours=12), timedelta(hours=72)
    ]  # fmt: skip
    assert await clock(world, other) == timedelta(hours=24)
    assert (await told(world, number, "clocks.moved"))[0]["detail"]["policy"] == "p"
    await world.pass_time(minutes=30)
    assert (await world.shown(number))["tier"] == 1
    assert "“p”" in await world.says(f"why {number}"), "why tells what moved it"


async def test_what_has_fired_stays_fired_and_fires_no_second_time(make_world) -> None:
    async with make_world(sla_warn="0.5") as world:
        number = await world.ticket()
        await world.pass_time(hours=13)  # tier 1 missed at 2 h, tier 2's warning given at 12 h
        heard = len(world.slack.channel(CHANNEL))
        marks = (await world.shown(number))["sla"]["first_response"]
        await put(world, targets={"first_response": "6h", "resolution": "48h", "closure": "96h"})
        assert (await world.shown(number))["sla"]["first_response"] == marks
        await world.pass_time(hours=24)  # half of 48 h has passed: that warning was given
        assert len(world.slack.channel(CHANNEL)) == heard
        assert len(await told(world, number, "sla.warning")) == 2, "tier 1's and tier 2's, each once"
        await world.pass_time(hours=12)  # 49 h
        assert [each["detail"]["late"] for each in await told(world, number, "sla.tier2")] == [False]
        assert len(await told(world, number, "sla.tier1")) == 1


async def test_a_target_that_moves_into_the_past_rings_once_at_the_present_tier_marked_late(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.pass_time(hours=10)
    await put(world, targets={"resolution": "4h", "closure": "8h"})
    await world.pass_time(seconds=1)
    shown = await world.shown(number)
    assert (shown["tier"], shown["sla"]["first_response"]["breached_at"]) == (3, None)
    assert [each["detail"]["late"] for each in await told(world, number, "sla.tier3")] == [True]
    assert not await told(world, number, "sla.tier2"), "only the highest rings; the lower is put on record"
    assert shown["sla"]["resolution"]["breached_at"] == shown["sla"]["resolution"]["due_at"]
    assert "Late" in world.slack.channel(CHANNEL)[-1].seen or "late" in world.slack.channel(CHANNEL)[-1].seen
    posts = len(world.slack.channel(CHANNEL))
    await world.pass_time(seconds=60)
    assert len(world.slack.channel(CHANNEL)) == posts, "the second look finds nothing more"


async def test_more_tickets_than_a_batch_holds_are_all_done_and_those_overdue_ring_one_after_another(make_world) -> None:
    async with make_world(sla_warn="") as world:
        numbers = [
            (await world.call("POST", "/v1/tickets", {"shop_id": "lights-sg", "subject": "Parcel", "message": "…"}))["number"]
            for _ in range(BATCH + 5)
        ]
        await world.pass_time(minutes=90)
        await world.call("PUT", POLICY, {"merchant_id": "lumiere", "targets": {"first_response": "1h"}})
        began = world.clock.now()
        await world.desk.escalate_due()
        assert (await world.shown(numbers[0]))["sla"]["first_response"]["breached_at"] is None, "first the clocks, then the alarms"
        await world.pass_time(seconds=30)
        moments = []
        for number in (numbers[0], numbers[BATCH - 1], numbers[-1]):
            [fired] = await told(world, number, "sla.tier1")
            moments.append((at(fired["at"]) - began).total_seconds())
        assert moments[0] < 1 < moments[1] <= moments[2]
        await world.pass_time(seconds=AGAIN.total_seconds())
        assert len(await told(world, numbers[7], "sla.tier1")) == 1


async def test_a_killed_recount_goes_on_where_it_was(world: World) -> None:
    numbers = [await world.ticket(f"Case {index}") for index in range(3)]
    await world.call("PUT", POLICY, {"merchant_id": "lumiere", "targets": {"closure": "60h"}})
    await world.stop_bot()
    await world.start_bot()
    await world.settle()
    assert {await clock(world, number, "closure") for number in numbers} == {timedelta(hours=60)}


async def test_a_new_category_priority_or_zone_has_its_own_policy_at_once(world: World) -> None:
    number = await world.ticket(category="refund_delay")
    await put(world, "urgent", priority="urgent", targets={"resolution": "6h"})
    await put(world, "fraud", category="unauthorized_payment", targets={"resolution": "3h"})
    assert await clock(world, number) == timedelta(hours=24)
    await world.call("PATCH", f"/v1/tickets/{number}", {"priority": "urgent"})
    assert await clock(world, number) == timedelta(hours=6)
    await world.says(f"tag {number} unauthorized_payment")
    assert await clock(world, number) == timedelta(hours=3)

    await put(world, "p", priority="low", calendar={"hours": OFFICE})
    low = await world.ticket(priority="low", category="other")
    assert await clock(world, low) == timedelta(days=2, hours=6), "24 h are two days of nine hours and six of the third"
    merchant = await world.call("GET", "/v1/merchants/lumiere")
    kept = {key: value for key, value in merchant.items() if key not in ("id", "enabled", "enabled_at")}
    await world.call("PUT", "/v1/merchants/lumiere", {**kept, "timezone": "Europe/Berlin"})
    await world.settle()
    assert await clock(world, low) == timedelta(days=2, hours=13), "it is 02:00 there, and the day begins seven hours later"


async def test_a_preview_says_what_would_change_and_changes_nothing(world: World) -> None:
    claimed, late = await world.ticket(), await world.ticket("Never answered")
    await world.says(f"claim {claimed}")
    await world.pass_time(minutes=90)
    wanted = {"merchant_id": "lumiere", "targets": {"first_response": "1h", "closure": "48h"}}
    before = [await world.shown(number) for number in (claimed, late)]
    found = await world.call("POST", f"{POLICY}/preview", wanted)
    assert (found["looked_at"], found["complete"], found["would_change"], found["would_be_overdue"]) == (2, True, 2, 1)
    first, second = found["changes"]
    assert (first["ticket"], set(first["clocks"]), first["policy"]) == (f"T-{claimed}", {"closure"}, {"from": "deployment", "to": "p"})
    assert second["clocks"]["first_response"]["overdue"] is True
    await world.pass_time(minutes=1)
    assert [await world.shown(number) for number in (claimed, late)] == before
    await world.call("GET", POLICY, status=404)
    await world.call("PUT", POLICY, wanted)
    await world.settle()
    assert (await world.shown(late))["sla"]["first_response"]["due_at"] == second["clocks"]["first_response"]["to"]
    again = await world.call("POST", f"{POLICY}/preview", wanted)
    assert (again["looked_at"], again["would_change"]) == (2, 0)


async def test_a_merchant_may_only_tighten(world: World) -> None:
    made = await world.call("POST", "/v1/api-keys", {"name": "own", "merchant_id": "lumiere", "scopes": ["policies:write", "tickets:read"]})
    own: dict[str, Any] = {"key": made["token"]}
    number = await world.ticket()
    await world.call("PUT", "/v1/policies/own", {"targets": {"resolution": "12h"}}, **own)
    await world.settle()
    assert await clock(world, number) == timedelta(hours=12)
    for wrong, field in (
        ({"targets": {"resolution": "25h"}}, "targets.resolution"),
        ({"calendar": {"hours": OFFICE}}, "calendar"),
        ({"pause_on": ["pending"]}, "pause_on"),
    ):
        refused = await world.call("PUT", "/v1/policies/own", wrong, status=403, **own)
        assert (refused["code"], refused["errors"][0]["loc"]) == ("not_allowed", ["body", *field.split(".")])
        await world.call("POST", "/v1/policies/own/preview", wrong, status=403, **own)
    await world.call("PUT", "/v1/policies/own", {"merchant_id": "other", "targets": {"resolution": "1h"}}, status=404, **own)

    await put(world, "theirs", targets={"resolution": "36h", "closure": "96h"})
    assert await clock(world, number) == timedelta(hours=12), "its own still holds"
    await world.call("PUT", "/v1/policies/own", {"targets": {"resolution": "25h"}}, **own)
    refused = await world.call("PUT", "/v1/policies/theirs", {"targets": {"resolution": "1h"}}, status=403, **own)
    assert refused["errors"][0]["loc"] == ["body", "id"]
    await world.call("DELETE", "/v1/policies/theirs", status=403, **own)
    await world.call("DELETE", "/v1/policies/own", **own)
    await world.settle()
    assert await clock(world, number) == timedelta(hours=36)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"calendar": {"hours": {"mon": [["09:00", "12:00"], ["11:59", "18:00"]]}}}, "calendar.hours.mon"),
    ({"calendar": {"hours": {"tue": [["18:00", "09:00"]]}}}, "calendar.hours.tue.0"),
    ({"calendar": {"hours": {"wed": [["09:00", "24:00"]]}}}, "calendar.hours.wed.0.1"),
    ({"calendar": {"hours": {"wed": [["9:00", "18:00"]]}}}, "calendar.hours.wed.0.0"),
    ({"calendar": {"hours": {"fri": []}}}, "calendar.hours"),
    ({"calendar": {"hours": OFFICE, "timezone": "Asia/Beijing"}}, "calendar.timezone"),
    ({"calendar": {"hours": OFFICE, "holidays": "XX"}}, "calendar.holidays"),
    ({"targets": {"resolution": "2h"}}, "targets.resolution"),
    ({"targets": {"closure": "23h"}}, "targets.closure"),
    ({"targets": {"closure": "400d"}}, "targets.closure"),
    ({"targets": {"first_response": "0s"}}, "targets.first_response"),
    ({"targets": {"closure": "72h"}, "calendar": {"hours": {"mon": [["09:00", "10:00"]]}}}, "targets.closure"),
    ({"pause_on": ["open"]}, "pause_on.0"),
    ({"warn": [1.0]}, "warn.0"),
    ({"category": "returns"}, "category"),
    ({"merchant_id": "nobody"}, "merchant_id"),
]


async def test_what_is_wrong_is_named_and_nothing_is_stored(world: World) -> None:
    for wrong, field in WRONG:
        refused = await world.call("PUT", POLICY, wrong, status=404 if field == "merchant_id" else 422)
        found = [".".join(str(part) for part in each["loc"][1:]) for each in refused["errors"]]
        assert found == [field], refused
        await world.call("GET", POLICY, status=404)


async def test_hours_that_touch_midnight_are_taken(world: World) -> None:
    hours = {"sun": [["18:00", "00:00"]], "mon": [["00:00", "02:00"], ["02:00", "03:00"]]}
    found = await put(world, calendar={"hours": hours, "timezone": "Asia/Tokyo", "holidays": "JP"}, targets={"closure": "3d"})
    assert found["calendar"]["hours"] == hours
    assert await world.call("GET", POLICY) == found
    assert [each["id"] for each in (await world.call("GET", "/v1/policies"))["items"]] == ["p"]


async def test_a_preview_over_more_tickets_than_it_looks_at_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.preview.BATCH", 2)
    monkeypatch.setattr("bot.preview.MOST", 4)
    for index in range(5):
        await world.ticket(f"Case {index}")
    found = await world.call("POST", f"{POLICY}/preview", {"merchant_id": "lumiere", "targets": {"closure": "48h"}})
    assert (found["looked_at"], found["complete"], found["would_change"]) == (4, False, 4)


async def test_a_ticket_that_somebody_is_changing_meanwhile_is_not_passed_over(postgres_url: str) -> None:
    async with World(postgres_url) as world:
        numbers = [await world.ticket(f"Case {index}") for index in range(3)]
        storage = world.bot.storage
        assert isinstance(storage, PostgresStorage)
        await world.call("PUT", POLICY, {"merchant_id": "lumiere", "targets": {"closure": "60h"}})
        async with storage.engine.connect() as held:
            await held.execution_options(isolation_level="READ COMMITTED")
            await held.execute(text("SELECT 1 FROM tickets WHERE number = :number FOR UPDATE"), {"number": numbers[1]})
            await world.desk.escalate_due()
            assert [await clock(world, number, "closure") for number in numbers] == [timedelta(hours=hours) for hours in (60, 72, 72)]
        await world.pass_time(seconds=1)
        assert {await clock(world, number, "closure") for number in numbers} == {timedelta(hours=60)}
