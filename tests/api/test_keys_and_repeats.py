"""Who may call, how often, and what calling twice does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.api.edge import ROUTES
from tests.api.conftest import ADMIN, Api
from tests.api.samples import BODIES, NO_BODY, READS, REMOVALS, TICKET

EVERY = [
    *((method, path) for method, path, _ in BODIES), *NO_BODY, *(("GET", path) for path in READS),
    *(("DELETE", path) for path in REMOVALS), ("POST", "/v1/imports"), ("POST", "/v1/reconciliations"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), EVERY)
async def test_no_call_answers_without_a_key(api: Api, method: str, path: str):
    for header in (None, "", "Bearer", "Bearer ", "Bearer nope", "Basic YTpi", "admin", "Bearer a b", "Bearer \x80"):
        answer = await api.client.request(method, path, headers={"Authorization": header} if header is not None else {})
        assert (answer.status, (await answer.json())["code"]) == (401, "unauthenticated"), header
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert api.desk.seen == []


@pytest.mark.parametrize(("method", "path"), EVERY)
async def test_every_call_but_me_names_the_scope_that_is_lacking(api: Api, method: str, path: str):
    answer = await api.call(method, path, key="reader")
    if path == "/v1/me" or (method == "GET" and path.startswith("/v1/tickets") and not path.endswith("/hold")):
        assert answer.status == 200
        return
    problem = await answer.json()
    assert (answer.status, problem["code"]) == (403, "missing_scope")
    area, _, access = problem["scope"].partition(":")
    assert access == ("read" if method == "GET" else "write")
    expected = {
        "merchants": "settings",
        "api-keys": "settings",
        "deliveries": "settings",
        "agents": "people",
        "shops": "settings",
        "rota": "people",
        "custom-fields": "settings",
        "wecom-apps": "settings",
        "events": "connections",
        "imports": "orders",
        "reconciliations": "orders",
        "channels": "freezes",
        "erasures": "settings",
        "risk": "reviews",
        "hooks": "webhooks",
    }
    named = path.split("/")[2].partition("?")[0]
    named = "erasures" if path.partition("?")[0].endswith("/hold") else named
    assert area == ("freezes" if "freeze" in path or "refund" in path else expected.get(named, named))


async def test_every_route_is_tried_by_these_tests():
    tried = {(method, path.partition("?")[0].count("/")) for method, path in EVERY}
    assert {(route.method, route.path.count("/")) for route in ROUTES} == tried
    assert len(ROUTES) == len(EVERY)


async def test_a_key_that_calls_too_often_is_told_when_to_come_back(api: Api):
    api.cache.wait = timedelta(seconds=2.5)
    answer = await api.call("GET", "/v1/tickets", key="acme")
    assert (answer.status, (await answer.json())["code"]) == (429, "rate_limited")
    assert answer.headers["Retry-After"] == "3"
    assert answer.headers["RateLimit"] == '"key";r=0;t=120'
    assert api.desk.seen == []


async def test_every_answer_to_a_merchants_key_says_how_many_calls_are_left(api: Api):
    for path, status in (("/v1/tickets", 200), ("/v1/tickets?limit=many", 422)):
        answer = await api.call("GET", path, key="acme")
        assert answer.status == status
        assert answer.headers["RateLimit-Policy"] == '"key";q=1200;w=120'
        assert answer.headers["RateLimit"] == '"key";r=800;t=40'
    assert "RateLimit" not in (await api.call("GET", "/v1/tickets")).headers


async def test_neither_the_operator_nor_a_payment_systems_question_is_slowed_down(api: Api):
    api.cache.wait = timedelta(seconds=2.5)
    assert (await api.call("GET", "/v1/tickets")).status == 200
    await api.call("GET", "/v1/shops/lights.sg/refund-permission", key="acme")
    assert api.cache.asked == []


async def test_the_same_key_and_body_give_the_first_answer_again(api: Api):
    first = await api.call("POST", "/v1/tickets", TICKET, Idempotency_Key="a-1")
    again = await api.call("POST", "/v1/tickets", TICKET, Idempotency_Key="a-1")
    assert (first.status, again.status) == (201, 201)
    assert await first.read() == await again.read()
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(api.desk.seen) == 1


async def test_a_repeat_is_known_by_api_key_path_and_body(api: Api):
    for key, path, body in (
        ("admin", "/v1/tickets", TICKET),
        ("acme", "/v1/tickets", TICKET),
        ("admin", "/v1/merchants/a/enable", None),
        ("admin", "/v1/merchants/b/enable", None),
        ("admin", "/v1/tickets/7/messages", {"from": "buyer", "text": "hello"}),
    ):
        await api.call("POST", path, body, key=key, Idempotency_Key="a-1")
    onces = [once for once in api.desk.onces if once]
    assert len({(once.scope, once.key) for once in onces}) == 5
    assert len({once.fingerprint for once in onces}) == 4
    assert [once.status for once in onces] == [201, 201, 200, 200, 201]


async def test_an_actions_key_goes_along_with_its_command(api: Api):
    await api.call("POST", "/v1/tickets/7/claim", {"agent": "mei"}, Idempotency_Key="a-1")
    once = api.desk.seen[0].idempotency
    assert (once.scope, once.key, once.status) == ("adm /v1/tickets/7/claim", "a-1", 200)


async def test_only_a_post_looks_at_the_key(api: Api):
    assert (await api.call("GET", "/v1/tickets", Idempotency_Key="\t")).status == 200
    assert ADMIN
