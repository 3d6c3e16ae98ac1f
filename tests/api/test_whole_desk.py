"""The API over the whole desk: a ticket's life, another merchant's key, answers as described, and no 5xx whatever is sent."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from handlers.api.edge import ROUTES
from tests.api.samples import AGENT, MERCHANT, ORDER, POLICY, READS, SHOP, TICKET
from tests.api.test_fuzz import requests
from tests.world import World


@pytest.fixture
async def world(database_url: str) -> AsyncIterator[Any]:
    async with World(database_url, populated=False) as made:
        yield made


async def call(world: Any, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
    """One call; its answer is compared with what the OpenAPI document promises."""
    answer = await world.api.request(method, path, json=body, headers={**world.admin, **headers})
    assert answer.status == status, (method, path, answer.status, await answer.text())
    document = await answer.json() if status != 204 else None
    if status < 300:
        _as_described(method, path, document)
    return document


def _as_described(method: str, path: str, document: Any) -> None:
    for route in ROUTES:
        pattern = re.sub(r"{\w+}", "[^/]+", route.path)
        if route.method == method and re.fullmatch(pattern, path.partition("?")[0]) and route.answer:
            for each in document["items"] if route.many else [document]:
                route.answer.model_validate(each)


async def a_shop(world: Any, merchant: str = "lights", shop: str = "lights.sg", agent: str = "mei") -> None:
    await call(world, "PUT", f"/v1/merchants/{merchant}", MERCHANT)
    await call(world, "POST", f"/v1/merchants/{merchant}/enable")
    await call(world, "PUT", f"/v1/shops/{shop}", {**SHOP, "merchant_id": merchant})
    link = {"slack_user_id": f"U{agent}", "wecom_user_id": agent}
    await call(world, "PUT", f"/v1/agents/{agent}", {**AGENT, **link, "merchant_id": merchant, "away_until": None})
    await call(world, "PUT", f"/v1/orders/{shop}/SP-1", ORDER)


async def test_a_tickets_life(world: Any):
    await a_shop(world)
    ticket = await call(world, "POST", "/v1/tickets", TICKET, 201)
    assert (ticket["state"], ticket["currency"], ticket["order_no"]) == ("new", "SGD", "SP-1")
    assert "mei@example.com" not in str(ticket)
    one = f"/v1/tickets/{ticket['number']}"
    assert (await call(world, "POST", f"{one}/claim", {"agent": "mei"}))["assignee"] == "mei"
    await call(world, "POST", f"{one}/messages", {"from": "agent", "agent": "mei", "text": "Soon.", "public": True}, 201)
    assert (await call(world, "PATCH", one, {"priority": "urgent", "custom_fields": {"parcel": None}}))["priority"] == "urgent"
    assert (await call(world, "POST", f"{one}/pending", {"agent": "mei"}))["state"] == "pending"
    await call(world, "POST", f"{one}/messages", {"from": "buyer", "text": "And?"}, 201)
    assert (await call(world, "POST", f"{one}/resolve", {"agent": "mei", "text": "Refunded."}))["state"] == "resolved"
    assert (await call(world, "POST", f"{one}/close", {"agent": "mei"}))["state"] == "closed"
    types = [each["type"] for each in (await call(world, "GET", f"{one}/timeline?limit=200"))["items"]]
    assert types[0] == "ticket.created"
    assert "ticket.closed" in types
    assert len((await call(world, "GET", f"{one}/why"))["clocks"]) == 3
    assert (await call(world, "GET", "/v1/tickets?state=closed&order_no=SP-1"))["items"][0]["number"] == ticket["number"]


async def test_an_action_needs_a_person(world: Any):
    await a_shop(world)
    number = (await call(world, "POST", "/v1/tickets", TICKET, 201))["number"]
    problem = await call(world, "POST", f"/v1/tickets/{number}/claim", {}, 422)
    assert problem["errors"][0]["loc"] == ["body", "agent"]


async def test_a_merchant_that_is_not_ready_is_told_what_is_missing(world: Any):
    await call(world, "PUT", "/v1/merchants/bare", {"name": "Bare"})
    problem = await call(world, "POST", "/v1/merchants/bare/enable", None, 409)
    assert problem["code"] == "onboarding_incomplete"
    assert problem["missing"]


async def test_another_merchants_key_finds_nothing(world: Any):
    await a_shop(world)
    await a_shop(world, "other", "other.my", "lee")
    number = (await call(world, "POST", "/v1/tickets", TICKET, 201))["number"]
    scopes = [
        "tickets:write",
        "orders:write",
        "people:write",
        "settings:write",
        "webhooks:write",
        "freezes:write",
        "policies:write",
        "connections:write",
        "reviews:read",
        "stats:read",
        "audit:read",
    ]
    await call(world, "PUT", "/v1/policies/vip", POLICY)
    key = await call(world, "POST", "/v1/api-keys", {"name": "other", "merchant_id": "other", "scopes": scopes}, 201)
    theirs = {"Authorization": f"Bearer {key['token']}"}
    for path in READS:
        answer = await world.api.get(path.replace("/7", f"/{number}"), headers=theirs)
        text = await answer.text()
        assert answer.status in (200, 404)
        assert "lights" not in text.replace("lights.sg", "", 1) or answer.status == 404, (path, text)
    for action, body in (("claim", {"agent": "lee"}), ("close", {"agent": "mei"}), ("messages", {"from": "buyer", "text": "x"})):
        await call(world, "POST", f"/v1/tickets/{number}/{action}", body, 404, **theirs)
    await call(world, "PUT", "/v1/shops/lights.sg", {**SHOP, "merchant_id": "other"}, 404, **theirs)
    await call(world, "PUT", "/v1/agents/mei", {"name": "x", "role": "agent", "merchant_id": "other"}, 404, **theirs)
    await call(world, "PUT", "/v1/merchants/lights", MERCHANT, 404, **theirs)
    await call(world, "PUT", "/v1/policies/vip", {"targets": {"closure": "2d"}}, 404, **theirs)
    await call(world, "DELETE", "/v1/policies/vip", None, 404, **theirs)


async def test_the_same_post_twice_is_one_ticket(world: Any):
    await a_shop(world)
    first = await call(world, "POST", "/v1/tickets", TICKET, 201, **{"Idempotency-Key": "a-1"})
    again = await call(world, "POST", "/v1/tickets", TICKET, 201, **{"Idempotency-Key": "a-1"})
    assert first == again
    problem = await call(world, "POST", "/v1/tickets", {**TICKET, "subject": "Other"}, 409, **{"Idempotency-Key": "a-1"})
    assert problem["code"] == "idempotency_conflict"
    assert len((await call(world, "GET", "/v1/tickets"))["items"]) == 1


async def test_tickets_that_come_at_once_are_each_answered_or_refused_by_themselves(world: Any):
    await a_shop(world)
    bad, twice = {**TICKET, "shop_id": "nowhere"}, {"Idempotency-Key": "b-1"}
    posts = [
        (TICKET, 201, {}),
        (bad, 404, {}),
        *[(TICKET, 201, twice)] * 3,
        *[({**TICKET, "subject": f"No. {each}"}, 201, {}) for each in range(20)],
    ]
    answers = await asyncio.gather(*(call(world, "POST", "/v1/tickets", body, status, **headers) for body, status, headers in posts))
    assert answers[1]["errors"] == [{"loc": ["body", "shop_id"], "msg": answers[1]["detail"]}]
    assert answers[2] == answers[3] == answers[4], "one key, one ticket"
    listed = (await call(world, "GET", "/v1/tickets?limit=100"))["items"]
    assert len(listed) == len({each["number"] for each in answers if "number" in each}) == 22
    assert {each["subject"] for each in listed} >= {f"No. {each}" for each in range(20)}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests())
async def test_no_body_breaks_the_desk(world: Any, request: tuple[str, str, bytes]):
    method, path, raw = request
    answer = await world.api.request(method, path, data=raw, headers={**world.admin, "Content-Type": "application/json"})
    assert answer.status < 500, (method, path, raw, await answer.text())
