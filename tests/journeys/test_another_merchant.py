"""Another merchant's key and people: nothing of a merchant can be read, changed or guessed by them, whichever way they try."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from io import BytesIO

import pytest

from bot.views import moment
from tests.api.samples import BODIES, NO_BODY, ORDER, POLICY, READS, REMOVALS, WECOM_APP
from tests.payments.sending import connect, sample, send
from tests.world import ADMIN, CHANNEL, PEOPLE, World

SCOPES = [
    f"{name}:{way}"
    for name in ("tickets", "orders", "people", "policies", "webhooks", "connections", "freezes", "settings")
    for way in ("read", "write")
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


async def test_to_another_merchants_key_what_is_not_its_own_is_as_what_is_nowhere(world: World) -> None:
    """Every call that there is (`tests/api/samples.py` has one of each), about the first merchant's rows and about none."""
    key, rows = await _theirs(world), await _rows(world)
    reads = [_about(path, rows) for path in READS if _about(path, rows) != path]
    before = [await _told(world, "GET", path, None, ADMIN) for path in reads]
    calls: list[tuple[str, str, dict[str, object] | None]] = [*BODIES, *((method, path, None) for method, path in NO_BODY)]
    calls += [*(("GET", path, None) for path in READS), *(("DELETE", path, None) for path in REMOVALS)]
    for method, path, body in calls:
        if _about(path, dict.fromkeys(rows, "x")) == path:
            continue  # it is about no row; lists are looked at below
        own = json.loads(json.dumps(body).replace('"lights"', '"other"').replace("lights.sg", "other-shop")) if body else None
        theirs = await _told(world, method, _about(path, rows), own, key)
        assert theirs[0] == 404 or (method == "PUT" and theirs[0] == 409), (method, path, theirs)
        if method != "PUT" and not path.endswith("/preview"):  # an id of one's own choosing may be taken: that much has to be told
            assert theirs == await _told(world, method, _about(path, dict.fromkeys(rows, "999999")), own, key), (method, path)
    assert [await _told(world, "GET", path, None, ADMIN) for path in reads] == before


def _about(path: str, rows: Mapping[str, str]) -> str:
    for called, id in rows.items():
        path = re.sub(rf"(?<=/){re.escape(called)}(?=[/?]|$)", id, path)
    return path


async def _told(world: World, method: str, path: str, body: object, key: str) -> tuple[int, str]:
    """Status and answer, without what differs by the path alone."""
    async with world.api.request(method, path, json=body, headers={"Authorization": f"Bearer {key}"}) as answer:
        told = json.loads(await answer.text() or "{}")
    said = json.dumps({name: value for name, value in told.items() if name != "request_id"}, ensure_ascii=False)
    for part in path.partition("?")[0].split("/")[3:]:
        said = re.sub(rf"(?<![\w-]){re.escape(part)}(?![\w-])", "ID", said.replace(f"T-{part}", "ID"))
    return answer.status, said


async def _rows(world: World) -> dict[str, str]:
    """One of everything, the first merchant's: how samples call it → its id."""
    number = await world.ticket()
    await world.call("PUT", "/v1/orders/lights-sg/SP-1", ORDER)
    await world.call("PUT", "/v1/policies/vip", {**POLICY, "merchant_id": "lumiere"})
    await world.call("PUT", "/v1/wecom-apps/lights-app", {**WECOM_APP, "merchant_id": "lumiere"})
    await connect(world, "uqpay", shop_id="lights-sg")
    await send(world, "uqpay", sample("uqpay_intent"))
    hook = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["*"], "merchant_id": "lumiere"}, status=201)
    made = await world.call("POST", "/v1/api-keys", {"name": "k", "merchant_id": "lumiere", "scopes": ["orders:write", "tickets:write"]})
    jobs = {}
    files = {
        "imports": b"id,shop_id,subject,message,state\n",
        "reconciliations": b"transaction_id,order_no,type,gross,fee,net,currency,settled_at\n"
        b"PI1,SP-1,payment,1.00,0.10,0.90,SGD,2026-11-05\n",
    }
    for what, data in files.items():
        headers = {"Authorization": f"Bearer {made['token']}", "Content-Type": "text/csv"}
        async with world.api.post(f"/v1/{what}", data=BytesIO(data), headers=headers) as answer:
            jobs[what] = (await answer.json())["id"]
    delivery = (await world.call("GET", "/v1/deliveries"))["items"][0]["id"]
    event = (await world.call("GET", "/v1/events"))["items"][0]["id"]
    return {
        "7": str(number), "lights.sg": "lights-sg", "lights-uq": "uqpay", "lights-app": "lights-app", "lights": "lumiere", "SP-1": "SP-1",
        "mei": "mei", "vip": "vip", "key_1": made["id"], "wh_1": hook["id"], "dlv_1": delivery, "evt_1": event,
        "imp_1": jobs["imports"], "rec_1": jobs["reconciliations"],
    }  # fmt: skip


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


async def test_a_key_ends_on_its_day_and_tells_when_it_was_used_last(world: World) -> None:
    asked = {"name": "k", "merchant_id": "other", "scopes": ["tickets:read"]}
    await world.call("POST", "/v1/api-keys", {**asked, "expires_at": moment(world.clock.now())}, status=422)
    until = world.clock.now() + timedelta(days=1)
    made = await world.call("POST", "/v1/api-keys", {**asked, "expires_at": moment(until)}, status=201)
    assert (made["expires_at"], made["used_at"]) == (moment(until), None)
    used = moment(world.clock.now())
    await world.call("GET", "/v1/tickets", key=made["token"], status=200)
    world.clock.push(timedelta(seconds=59))
    await world.call("GET", "/v1/tickets", key=made["token"], status=200)
    async with asyncio.timeout(20):  # written behind the answer
        while (told := (await world.call("GET", f"/v1/api-keys/{made['id']}"))["used_at"]) is None:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert told == used, "to the minute, and no write for each call"
    world.clock.push_to(until)
    await world.call("GET", "/v1/tickets", key=made["token"], status=401)


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
