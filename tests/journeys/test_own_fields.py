"""A merchant says which fields its tickets have; what is none of them is refused by name, and what is one is shown and found."""

from __future__ import annotations

import pytest

from bot.custom import CustomField, check, fits, read
from bot.errors import BadUsage
from tests.storage.samples import NOW
from tests.world import World


def rule(type: str, *choices: str) -> CustomField:
    return CustomField("m1", "f", type, "F", choices, NOW)


@pytest.mark.parametrize(
    ("type", "good", "bad"),
    [
        ("text", ["x", "38"], [38, True]), ("number", [38, -2.5], ["38", True]),
        ("date", ["2024-02-29"], ["2026-02-29", "26-1-1", "２０２６-01-01", 5]), ("choice", ["late"], ["Late", "", 1]),
    ],
)  # fmt: skip
def test_each_type_takes_its_own_and_nothing_else(type, good, bad):
    of = rule(type, "late")
    assert all(fits(of, each) for each in good)
    assert not any(fits(of, each) for each in bad)


def test_a_merchant_with_none_sends_any_and_a_field_that_is_gone_can_still_be_taken_away():
    check((), {"any": "x"})
    check((rule("text"),), {"gone": None, "f": "x"})
    with pytest.raises(BadUsage):
        check((rule("text"),), {"gone": "x"})
    assert [read(rule("number"), each) for each in ("38", "2.5", "x")] == [38, 2.5, "x"]


async def test_own_fields_are_checked_shown_found_and_come_back_when_they_are_put_again(database_url):
    async with World(database_url) as world:
        size, why = "/v1/custom-fields/size", "/v1/custom-fields/why"
        await world.call("PUT", size, {"merchant_id": "lumiere", "type": "number", "label": "尺码"}, status=200)
        await world.call(
            "PUT", why, {"merchant_id": "lumiere", "type": "choice", "label": "Reason", "choices": ["late", "lost"]}, status=200
        )
        base = {"shop_id": "lights-sg", "subject": "S", "message": "M"}
        for given, field in (({"sise": 1}, "sise"), ({"size": "38"}, "size"), ({"why": "other"}, "why")):
            refused = await world.call("POST", "/v1/tickets", {**base, "custom_fields": given}, status=422)
            assert refused["errors"][0]["loc"][-1].endswith(field)
        number = await world.ticket(custom_fields={"size": 38, "why": "late"})
        await world.ticket("another", custom_fields={"size": 39})
        await world.call("PATCH", f"/v1/tickets/{number}", {"custom_fields": {"why": "x"}}, status=422)
        found = await world.call("GET", "/v1/tickets?custom_field[size]=38&custom_field[why]=late")
        assert [each["number"] for each in found["items"]] == [number]
        assert not (await world.call("GET", "/v1/tickets?custom_field[si%22ze]=38"))["items"]
        assert "尺码" in str(await world.says(f"show {number}"))
        assert f"T-{number}" in str(await world.says("list field.size:38"))
        await world.call("DELETE", f"{size}?merchant=lumiere", status=204)
        assert (await world.call("GET", f"/v1/tickets/{number}"))["custom_fields"] == {"size": 38, "why": "late"}
        await world.call("GET", size, status=422)
        await world.call("GET", f"{size}?merchant=lumiere", status=404)
