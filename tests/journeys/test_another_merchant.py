"""Another merchant's key and people: nothing of a merchant can be read, changed or guessed by them, whichever way they try."""

from __future__ import annotations

import pytest

from tests.api.samples import ORDER
from tests.world import CHANNEL, PEOPLE, World

SCOPES = [
    f"{name}:{way}" for name in ("tickets", "orders", "people", "webhooks", "freezes", "settings") for way in ("read", "write")
]  # fmt: skip


async def _theirs(world: World) -> str:
    made = await world.call("POST", "/v1/api-keys", {"name": "theirs", "merchant_id": "other", "scopes": SCOPES}, status=201)
    return str(made["token"])


async def test_another_merchants_key_acts_on_nothing_and_as_nobody(world: World) -> None:
    key, number = await _theirs(world), await world.ticket()
    own = (await world.call("POST", "/v1/tickets", {"shop_id": "other-shop", "subject": "Own", "message": "x"}, status=201))["number"]
    for name, body in {
        "claim": {}, "release": {}, "assign": {"to": "eve"}, "pending": {}, "resolve": {}, "close": {}, "reopen": {}, "escalate": {},
        "snooze": {"for": "1h"}, "merge": {"into": own}, "category": {"category": "other"},
    }.items():  # fmt: skip
        await world.call("POST", f"/v1/tickets/{number}/{name}", {"agent": "eve", **body}, key=key, status=404)
        for stranger in ("mei", "sara", "ada", "nobody"):
            await world.call("POST", f"/v1/tickets/{own}/{name}", {"agent": stranger, **body}, key=key, status=404)
    as_a_manager = {"from": "agent", "agent": "sara", "text": "x", "public": True}
    await world.call("POST", f"/v1/tickets/{own}/messages", as_a_manager, key=key, status=404)
    await world.call("POST", f"/v1/tickets/{number}/messages", {"from": "buyer", "text": "x"}, key=key, status=404)
    assert (await world.shown(number))["state"] == "new"


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PUT", "/v1/agents/boss", {"name": "B", "role": "senior_manager"}, 404),
        ("PUT", "/v1/agents/boss", {"name": "B", "role": "risk", "merchant_id": "other"}, 422),
        ("PUT", "/v1/agents/boss", {"name": "B", "role": "admin", "merchant_id": "lumiere"}, 404),
        ("PUT", "/v1/agents/sara", {"name": "B", "role": "agent"}, 404),
        ("PUT", "/v1/agents/mei", {"name": "B", "role": "agent"}, 404),
        ("PUT", "/v1/agents/mine", {"name": "B", "role": "agent", "slack_user_id": "U0SARA"}, 409),
        ("GET", "/v1/agents/sara", None, 404),
        ("DELETE", "/v1/agents/sara", None, 404),
        ("POST", "/v1/api-keys", {"name": "k", "merchant_id": "lumiere", "scopes": ["tickets:read"]}, 404),
        ("POST", "/v1/api-keys", {"name": "k", "scopes": ["audit:read"]}, 403),
        ("PUT", "/v1/shops/lights-sg", {"merchant_id": "other", "platform": "shopee", "name": "x"}, 404),
        ("PUT", "/v1/merchants/lumiere", {"name": "x"}, 404),
        ("PUT", "/v1/orders/lights-sg/1", ORDER, 404),
        ("GET", "/v1/shops/lights-sg/refund-permission", None, 404),
        ("DELETE", "/v1/shops/lights-sg/freeze?reason=x&agent=sara", None, 404),
        ("DELETE", "/v1/shops/other-shop/freeze?reason=x&agent=sara", None, 404),
        ("POST", "/v1/webhooks", {"url": "https://example.com", "events": ["*"], "merchant_id": "lumiere"}, 404),
    ],
)
async def test_another_merchants_key_makes_itself_nothing_more(
    world: World, method: str, path: str, body: dict[str, object] | None, status: int
) -> None:
    await world.call(method, path, body, key=await _theirs(world), status=status)


async def test_lists_of_another_merchants_key_hold_only_its_own(world: World) -> None:
    key = await _theirs(world)
    await world.ticket()
    await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["*"]}, status=201)
    for what in ("tickets", "agents", "shops", "merchants", "orders", "deliveries", "freezes", "webhooks", "api-keys"):
        items = (await world.call("GET", f"/v1/{what}?limit=200", key=key))["items"]
        assert {each.get("merchant_id", each.get("id")) for each in items} <= {"other"}, what


async def test_their_people_cannot_even_tell_that_a_ticket_exists(world: World) -> None:
    world.slack.refusing[CHANNEL] = "channel_not_found"
    number = await world.ticket()
    del world.slack.refusing[CHANNEL]
    [delivery] = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    await world.call("PUT", "/v1/agents/eve", {**PEOPLE["eve"], "role": "admin"})
    for words in (
        "show N", "claim N", "release N", "priority N high", "assign N eve", "note N x", "reply N x", "pending N", "resolve N", "close N",
        "reopen N", "escalate N", "why N", "merge N into N", "snooze N 1h", "unsnooze N", "tag N other",
    ):  # fmt: skip
        known, unknown = [await world.says(words.replace("N", str(each)), by="eve") for each in (number, 999_999)]
        assert known.replace(str(number), "N") == unknown.replace("999999", "N"), words
    for words in ("list", "list shop:lights-sg", "list state:all refund", "deliveries", "freezes"):
        assert str(number) not in await world.says(words, by="eve")
        assert "lights-sg" not in await world.says(words, by="eve")
    assert delivery["id"] in await world.says(f"retry {delivery['id']}", by="eve")
    assert not world.slack.channel(CHANNEL)
    assert "lights-sg" in await world.says("new shop:lights-sg x", by="eve")
    assert "lights-sg" in await world.says("unfreeze shop:lights-sg x", by="eve")
    assert (await world.shown(number))["state"] == "new"


async def test_what_they_say_in_the_thread_of_anothers_card_is_kept_nowhere(world: World) -> None:
    number = await world.ticket()
    card = world.slack.channel(CHANNEL)[0]
    await world.slack.thread_reply(card, "I was here", user="U0EVE")
    await world.settle()
    assert "I was here" not in await world.says(f"show {number}")
    assert f"T-{number}" in world.slack.ephemerals("U0EVE")[-1].seen


async def test_what_falls_due_at_once_for_two_merchants_is_told_to_the_systems_of_each_alone(world: World) -> None:
    hooks = {"url": world.receiver.url, "events": ["*"]}
    hook = await world.call("POST", "/v1/webhooks", {**hooks, "merchant_id": "other"}, status=201)
    world.receiver.secrets.append(hook["secret"])
    await world.ticket()
    own = await world.ticket("Own", shop_id="other-shop")
    await world.pass_time(hours=73)
    told = [event.body for event in world.receiver.events]
    assert {body["data"]["number"] for body in told} == {own}
    assert "sla.tier3" in [body["type"] for body in told]


async def test_a_key_opens_with_its_whole_token_and_until_it_is_revoked(world: World) -> None:
    key = await _theirs(world)
    _, id, secret = key.split("_", 2)
    for forged in (f"dk_{id}_{secret[:-1]}", f"dk_{id}_", f"dk_{id}_{'A' * len(secret)}", f"dk_00000000_{secret}", secret, f"{key}x"):
        await world.call("GET", "/v1/tickets", key=forged, status=401)
    await world.call("GET", "/v1/tickets", key=key, status=200)
    await world.call("DELETE", f"/v1/api-keys/{id}", status=204)
    await world.call("GET", "/v1/tickets", key=key, status=401)


async def test_a_key_does_what_its_scopes_name_and_no_more(world: World) -> None:
    asked = {"name": "reader", "merchant_id": "lumiere", "scopes": ["tickets:read"]}
    key = (await world.call("POST", "/v1/api-keys", asked, status=201))["token"]
    number = await world.ticket()
    await world.call("GET", f"/v1/tickets/{number}", key=key, status=200)
    for method, path, body in (
        ("POST", f"/v1/tickets/{number}/claim", {"agent": "mei"}), ("GET", "/v1/agents", None), ("GET", "/v1/deliveries", None),
        ("POST", "/v1/api-keys", asked),
    ):  # fmt: skip
        assert (await world.call(method, path, body, key=key, status=403))["code"] == "missing_scope"
