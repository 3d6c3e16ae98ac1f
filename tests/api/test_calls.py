"""What each call makes of its body, and what it asks the desk."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.errors import (
    AlreadyClaimed,
    BadUsage,
    Conflict,
    NotAllowed,
    NotFound,
    Refused,
    Unavailable,
    UnknownPerson,
    WrongState,
)  # fmt: skip
from bot.messages import Command, Enable, FindTickets, Identity, LiftFreeze, NewKey, NewMessage, NewTicket, NewWebhook, Put, RetryDelivery
from tests.api.conftest import Api
from tests.api.samples import AGENT, BODIES, MESSAGE, NO_BODY, ORDER, READS, REMOVALS, TICKET


@pytest.mark.parametrize(("method", "path", "body"), BODIES, ids=[f"{method} {path}" for method, path, _ in BODIES])
async def test_every_good_body_is_taken(api: Api, method: str, path: str, body: dict[str, object]):
    answer = await api.call(method, path, body)
    created = (
        path in ("/v1/tickets", "/v1/tickets/7/messages", "/v1/api-keys", "/v1/webhooks", "/v1/hooks", "/v1/erasures") and method == "POST"
    )
    assert answer.status == (201 if created else 200), await answer.text()
    assert answer.content_type == "application/json"


@pytest.mark.parametrize(("method", "path"), NO_BODY)
async def test_calls_without_a_body_want_none(api: Api, method: str, path: str):
    assert (await api.call(method, path)).status in (200, 201)
    assert (await api.call(method, path, {})).status in (200, 201)
    assert (await api.call(method, path, {"x": 1})).status == 422


@pytest.mark.parametrize("path", READS)
async def test_every_read_answers(api: Api, path: str):
    assert (await api.call("GET", path)).status == 200
    assert (await api.call("HEAD", path)).status == 200


@pytest.mark.parametrize("path", REMOVALS)
async def test_every_removal_is_done(api: Api, path: str):
    assert (await api.call("DELETE", path)).status == (200 if "freeze" in path else 204)


async def test_lists_are_pages(api: Api):
    assert await (await api.call("GET", "/v1/shops?limit=2")).json() == {"items": [{"id": "one"}], "next_cursor": "next"}


async def test_a_ticket_is_opened_as_it_was_sent(api: Api):
    await api.call("POST", "/v1/tickets", TICKET)
    assert api.desk.seen == [
        NewTicket(
            shop_id="lights.sg", subject=TICKET["subject"], message=TICKET["message"], order_no="SP-1", buyer=TICKET["buyer"],
            category="refund_delay", priority="high", custom_fields=TICKET["custom_fields"], by="key:adm",
        )
    ]  # fmt: skip


async def test_an_action_is_a_command_of_its_agent(api: Api):
    await api.call("POST", "/v1/tickets/T-7/snooze", {"agent": "mei", "for": "30m"}, key="acme")
    assert api.desk.seen[0] == Command(by=Identity("agent", "mei"), verb="snooze", ticket=7, args={"for": "30m"}, within="acme", via="api")


async def test_the_category_action_is_the_tag_command(api: Api):
    await api.call("POST", "/v1/tickets/7/category", {"agent": "mei", "category": "other"})
    assert api.desk.seen[0].verb == "tag"
    assert api.desk.seen[0].args == {"category": "other"}


async def test_an_action_of_no_person_names_the_missing_agent(api: Api):
    api.desk.raises = UnknownPerson("unknown_person")
    answer = await api.call("POST", "/v1/tickets/7/claim")
    assert answer.status == 422
    assert (await answer.json())["errors"][0]["loc"] == ["body", "agent"]
    assert api.desk.seen[0].by == Identity("key", "adm")


async def test_an_unknown_agent_is_refused(api: Api):
    api.desk.raises = UnknownPerson("unknown_person")
    answer = await api.call("POST", "/v1/tickets/7/claim", {"agent": "nobody"})
    assert (answer.status, (await answer.json())["code"]) == (403, "unknown_person")


async def test_a_message_keeps_its_attachments(api: Api):
    await api.call("POST", "/v1/tickets/7/messages", MESSAGE)
    assert api.desk.seen == [
        NewMessage(
            ticket=7, author="agent", text=MESSAGE["text"], public=True, agent="mei", attachments=tuple(MESSAGE["attachments"]),
            by="key:adm",
        )
    ]  # fmt: skip


async def test_an_agents_message_must_say_who_reads_it(api: Api):
    assert (await api.call("POST", "/v1/tickets/7/messages", {"from": "agent", "text": "x"})).status == 422
    assert (await api.call("POST", "/v1/tickets/7/messages", {"from": "buyer", "text": "x"})).status == 201


async def test_times_are_stored_in_utc_and_what_is_left_out_stays_out(api: Api):
    await api.call("PUT", "/v1/agents/mei", {**AGENT, "email": None})
    doc = api.desk.seen[0].doc
    assert doc["away_until"] == "2026-11-23T10:00:00.000Z"
    assert "email" not in doc


async def test_an_order_is_known_by_its_shop_and_number(api: Api):
    await api.call("PUT", "/v1/orders/lights.sg/%231001%2FA", ORDER, key="acme")
    change = api.desk.seen[0]
    assert isinstance(change, Put)
    assert (change.kind, change.id, change.within) == ("orders", "lights.sg/#1001/A", "acme")
    assert change.doc["total"] == {"amount": "12.34", "currency": "SGD"}


async def test_filters_combine(api: Api):
    query = "state=new,open&state=pending&tier=2&overdue=true&q=parcel&created_from=2026-11-01T00:00:00%2B08:00&order_no=SP-1&limit=7"
    await api.call("GET", f"/v1/tickets?{query}")
    asked = api.desk.seen[0]
    assert isinstance(asked, FindTickets)
    assert asked.filter.states == ("new", "open", "pending")
    assert (asked.filter.tier, asked.filter.overdue, asked.filter.q, asked.limit) == (2, True, "parcel", 7)
    assert asked.filter.created_from == datetime(2026, 10, 31, 16, tzinfo=UTC)


async def test_a_merchants_key_stays_within_its_merchant(api: Api):
    await api.call("GET", "/v1/tickets", key="acme")
    assert api.desk.seen[0].filter.merchant == "acme"
    other = await api.call("GET", "/v1/tickets?merchant=other", key="acme")
    assert (await other.json())["items"] == []
    for method, path, body in BODIES:
        await api.call(method, path, body, key="acme")
    assert {what.within for what in api.desk.seen[1:]} == {"acme"}


async def test_a_merchants_key_makes_keys_and_webhooks_of_its_merchant(api: Api):
    await api.call("POST", "/v1/api-keys", {"name": "a", "scopes": ["tickets:read"]}, key="acme")
    await api.call("POST", "/v1/webhooks", {"url": "https://x.example", "events": ["*"]}, key="acme")
    assert api.desk.seen == [
        NewKey("a", "acme", ("tickets:read",), within="acme", by="key:k_acme"),
        NewWebhook("https://x.example", ("*",), "acme", within="acme", by="key:k_acme"),
    ]


async def test_a_key_gives_no_scope_that_it_lacks(api: Api):
    answer = await api.call("POST", "/v1/api-keys", {"name": "a", "scopes": ["tickets:read", "freezes:write"]}, key="acme")
    assert (answer.status, (await answer.json())["scope"]) == (403, "freezes:write")


async def test_the_other_changes_reach_the_desk(api: Api):
    await api.call("POST", "/v1/merchants/lights/enable")
    await api.call("POST", "/v1/deliveries/dlv_1/retry")
    await api.call("DELETE", "/v1/shops/lights.sg/freeze?reason=paid+up&agent=lee")
    assert api.desk.seen == [
        Enable("lights", by="key:adm"), RetryDelivery("dlv_1", by="key:adm"),
        LiftFreeze("lights.sg", "paid up", agent="lee", by="key:adm"),
    ]  # fmt: skip


async def test_me_says_whose_key_it_is(api: Api):
    answer = await api.call("GET", "/v1/me", key="reader")
    assert await answer.json() == {"key_id": "k_read", "merchant_id": "acme", "scopes": ["tickets:read"]}


async def test_plain_http_webhooks_need_the_setting(api: Api):
    answer = await api.call("POST", "/v1/webhooks", {"url": "http://x.example", "events": ["*"]})
    assert (await answer.json())["errors"][0]["loc"] == ["body", "url"]


REFUSALS = [
    (NotFound("x"), 404, "not_found"),
    (NotAllowed("x"), 403, "not_allowed"),
    (UnknownPerson("x"), 403, "unknown_person"),
    (AlreadyClaimed("x"), 409, "already_claimed"),
    (WrongState("x"), 409, "wrong_state"),
    (BadUsage("x", field="shop_id"), 422, "bad_usage"),
    (BadUsage("x", code="never_heard_of"), 422, "never_heard_of"),
    (Refused("x", code="merchant_not_enabled"), 409, "merchant_not_enabled"),
    (Refused("x", code="onboarding_incomplete", extra={"missing": ["kyc"]}), 409, "onboarding_incomplete"),
    (Refused("x", code="idempotency_conflict"), 409, "idempotency_conflict"),
    (Refused("x", code="order_not_paid_via_provider"), 422, "order_not_paid_via_provider"),
    (Refused("x", code="pii_requires_gdpr_mode"), 422, "pii_requires_gdpr_mode"),
    (Refused("x", code="already_linked"), 409, "already_linked"),
    (Conflict(), 409, "conflict"),
    (Unavailable(), 503, "unavailable"),
    (ConnectionRefusedError(), 503, "unavailable"),
    (ZeroDivisionError("buyer@example.com"), 500, "internal"),
]


@pytest.mark.parametrize(("error", "status", "code"), REFUSALS, ids=[f"{type(each[0]).__name__}-{each[2]}" for each in REFUSALS])
async def test_every_refusal_is_a_problem_document(api: Api, error: Exception, status: int, code: str):
    api.desk.raises = error
    answer = await api.call("POST", "/v1/tickets", TICKET, X_Request_Id="ref-1")
    problem = await answer.json()
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
    assert answer.content_type == "application/problem+json"
    assert problem["request_id"] == answer.headers["X-Request-Id"] == "ref-1"
    assert {"type", "title", "detail"} <= set(problem)
    assert "example.com" not in str(problem)
    if status == 503:
        assert answer.headers["Retry-After"]
    if isinstance(error, Refused):
        assert problem.get("missing") == error.extra.get("missing")
        assert problem.get("errors") == ([{"loc": ["body", "shop_id"], "msg": "x"}] if error.field else None)
