"""Events of institutions: proven, kept once, worked behind the answer; what cannot be proven changes nothing."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from tests.payments.sending import SECRETS, connect, events, sample, send, signed
from tests.world import World


@pytest.fixture
async def shop(world: World) -> World:
    """UQPAY is connected, for what fits no order to one shop."""
    await connect(world, "uqpay", shop_id="lights-sg", channel_id="ch-uq")
    return world


async def test_a_paid_intent_becomes_an_order_and_its_refunds_are_summed(shop: World) -> None:
    await send(shop, "uqpay", sample("uqpay_intent"))
    await send(shop, "uqpay", sample("uqpay_refund"))
    order = await shop.call("GET", "/v1/orders/lights-sg/SP-7001")
    assert order["total"] == {"amount": "129.11", "currency": "SGD"}
    assert order["payment"]["transaction_id"] == "PI1234567890123456789"
    assert (order["payment"]["provider"], order["payment"]["channel_id"]) == ("uqpay", "ch-uq")
    assert (order["captured"], order["refunded"]) == ("129.11", "8.88")
    assert {each["state"] for each in await events(shop)} == {"done"}


async def test_an_event_that_comes_again_is_answered_alike_and_worked_once(shop: World) -> None:
    for _ in range(3):
        await send(shop, "uqpay", sample("uqpay_alert"))
    assert len(await events(shop)) == 1
    assert len((await shop.call("GET", "/v1/tickets"))["items"]) == 1


@pytest.mark.parametrize("tampered", ["body", "signature", "stamp", "old", "early", "twice", "none", "other_secret", "other_connection"])
async def test_what_is_not_proven_is_refused_and_leaves_nothing(shop: World, tampered: str) -> None:
    raw, now = json.dumps(sample("uqpay_alert")).encode(), shop.clock.now()
    late = {"old": timedelta(seconds=-301), "early": timedelta(seconds=301)}.get(tampered, timedelta())
    secret = "somebody-elses" if tampered == "other_secret" else None
    headers = list(signed("uqpay", raw, now + late, secret).items())
    query = "other" if tampered == "other_connection" else "uqpay"
    if tampered == "body":
        raw = raw.replace(b"11.45", b"11.46")
    if tampered == "signature":
        headers[1] = (headers[1][0], headers[1][1][:-1] + ("0" if headers[1][1][-1] != "0" else "1"))
    if tampered == "stamp":
        headers[0] = (headers[0][0], headers[0][1][:-1] + "9x")
    if tampered == "twice":
        headers.append(headers[1])
    if tampered == "none":
        headers = []
    async with shop.api.post(f"/v1/events/uqpay?connection={query}", data=raw, headers=headers) as answer:
        assert answer.status == 401
        assert await answer.json() == {"error": "invalid request"}
    assert await events(shop) == []


async def test_both_secrets_hold_while_one_rotates_and_neither_is_ever_shown(shop: World) -> None:
    shown = await shop.call("GET", "/v1/connections/uqpay")
    assert shown["secret"] == ["****irst"]
    body = {"merchant_id": "lumiere", "kind": "uqpay", "secret": ["whsec-uqpay-second", *shown["secret"]], "shop_id": "lights-sg"}
    put = await shop.call("PUT", "/v1/connections/uqpay", body)
    assert put["secret"] == ["****cond", "****irst"]
    assert put["url"].endswith("/v1/events/uqpay?connection=uqpay")
    raw = json.dumps(sample("uqpay_alert")).encode()
    for secret in ("whsec-uqpay-second", SECRETS["uqpay"]):
        headers = signed("uqpay", raw, shop.clock.now(), secret)
        async with shop.api.post("/v1/events/uqpay?connection=uqpay", data=raw, headers=headers) as answer:
            assert answer.status == 200
    await shop.call("PUT", "/v1/connections/uqpay", {**body, "secret": "****nope"}, status=422)
    await shop.call("DELETE", "/v1/connections/uqpay", status=204)
    await send(shop, "uqpay", sample("uqpay_alert"), status=401)


async def test_an_event_that_fits_nothing_waits_for_its_order_and_may_be_replayed(world: World) -> None:
    await connect(world, "uqpay")
    await send(world, "uqpay", sample("uqpay_alert"))
    (waiting,) = await events(world, "unmatched")
    assert "PI1234567890123456789" in waiting["reason"]
    await world.call("POST", f"/v1/events/{waiting['id']}/replay")
    await world.pass_time(seconds=6)
    assert [each["id"] for each in await events(world, "unmatched")] == [waiting["id"]], "still nothing that it fits"
    paid = {"provider": "uqpay", "channel_id": "ch-1", "transaction_id": "PI1234567890123456789", "paid_at": "2026-11-22T11:13:02Z"}
    body = {"total": {"amount": "129.11", "currency": "SGD"}, "payment": paid}
    await world.call("PUT", "/v1/orders/lights-my/SP-7001", body)
    await world.settle()
    (done,) = await events(world)
    ticket = await world.shown(int(done["ticket"][2:]))
    assert (done["state"], ticket["shop_id"], ticket["order_no"]) == ("done", "lights-my", "SP-7001")
    await world.call("POST", f"/v1/events/{done['id']}/replay", status=409)


async def test_an_institution_that_is_not_the_operators_is_verified_kept_and_opens_nothing(world: World) -> None:
    await connect(world, "stripe", shop_id="lights-sg")
    await send(world, "stripe", sample("stripe_dispute"))
    (event,) = await events(world, "ignored")
    assert "PROVIDER" in event["reason"]
    assert (await world.call("GET", "/v1/tickets"))["items"] == []


async def test_an_unknown_type_is_kept_and_what_cannot_be_read_is_told_to_administrators_once(shop: World) -> None:
    await send(shop, "uqpay", {**sample("uqpay_alert"), "event_type": "acquiring.moon.landed"})
    assert [each["type"] for each in await events(shop, "ignored")] == ["acquiring.moon.landed"]
    for count in range(2):
        broken = {**sample("uqpay_intent", intent_status=None), "event_id": f"broken-{count}"}
        await send(shop, "uqpay", broken)
    dead = await events(shop, "failed")
    assert [each["reason"] for each in dead] == ["It cannot be read: its intent_status is missing or too long."] * 2
    told = [each for each in shop.slack.dms("U0ADA") if "could not be worked" in each.seen]
    assert len(told) == 1


async def test_another_merchants_events_and_connections_do_not_exist(shop: World) -> None:
    await send(shop, "uqpay", sample("uqpay_alert"))
    made = await shop.call("POST", "/v1/api-keys", {"name": "k", "merchant_id": "other", "scopes": ["connections:write"]}, status=201)
    key, (event,) = made["token"], await events(shop)
    assert (await shop.call("GET", "/v1/events", key=key))["items"] == []
    await shop.call("POST", f"/v1/events/{event['id']}/replay", key=key, status=404)
    await shop.call("GET", "/v1/connections/uqpay", key=key, status=404)
    await shop.call("DELETE", "/v1/connections/uqpay", key=key, status=404)
    mine = {"kind": "uqpay", "secret": "mine-now"}
    await shop.call("PUT", "/v1/connections/uqpay", mine, key=key, status=404)
    await shop.call("PUT", "/v1/connections/mine", {**mine, "shop_id": "lights-sg"}, key=key, status=404)
