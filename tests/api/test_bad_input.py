"""Bad input of every kind, on every call: a clear 4xx, and nothing reaches the desk."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import pytest

from tests.api.conftest import ADMIN, Api
from tests.api.samples import (
    AGENT,
    BODIES,
    CONNECTION,
    KEY,
    MERCHANT,
    MESSAGE,
    NO_BODY,
    ORDER,
    READS,
    REMOVALS,
    SHOP,
    TICKET,
    WEBHOOK,
    WECOM_APP,
)

WRONG: tuple[Any, ...] = (None, True, 17, -1, 1.5, "", "\x00", "x" * 30_000, [], ["x"], {}, {"x": 1}, 2**63 - 1)
NAMES = [f"{method} {path}" for method, path, _ in BODIES]
SENDS = [*((method, path) for method, path, _ in BODIES), *NO_BODY]


async def refused(api: Api, method: str, path: str, body: Any, status: int = 422) -> dict[str, Any]:
    answer = await api.call(method, path, body)
    assert answer.status == status, (method, path, str(body)[:200], await answer.text())
    assert answer.content_type == "application/problem+json"
    problem: dict[str, Any] = await answer.json()
    return problem


@pytest.mark.parametrize(("method", "path", "body"), BODIES, ids=NAMES)
async def test_an_unknown_field_is_named(api: Api, method: str, path: str, body: dict[str, Any]):
    problem = await refused(api, method, path, {**body, "surprise": 1})
    assert problem["errors"][0]["loc"] == ["body", "surprise"]
    assert api.desk.seen == []


@pytest.mark.parametrize(("method", "path", "body"), BODIES, ids=NAMES)
async def test_every_field_of_a_wrong_type_is_a_clear_answer(api: Api, method: str, path: str, body: dict[str, Any]):
    for field in body:
        for wrong in WRONG:
            answer = await api.call(method, path, {**body, field: wrong})
            assert answer.status < 500, (field, wrong)
            if answer.status >= 400:
                problem = await answer.json()
                assert problem["errors"][0]["loc"][:2] in (["body", field], ["body"]), (field, wrong, problem)


@pytest.mark.parametrize(("method", "path", "body"), BODIES, ids=NAMES)
async def test_every_missing_field_is_named_or_optional(api: Api, method: str, path: str, body: dict[str, Any]):
    for field in body:
        answer = await api.call(method, path, {name: value for name, value in body.items() if name != field})
        assert answer.status < 500
        if answer.status >= 400:
            assert [field] == (await answer.json())["errors"][0]["loc"][1:] or field == "public"


@pytest.mark.parametrize(("method", "path"), SENDS)
async def test_what_is_not_an_object_is_refused(api: Api, method: str, path: str):
    for body in (1, "x", True, [1], 1.5):
        await refused(api, method, path, body)
    assert api.desk.seen == []


BROKEN = [
    (b"{", 400), (b"\xff\xfe", 400), (b'{"a": NaN}', 400), (b'{"a": Infinity}', 400), (b'{"a": 1e999}', 400),
    (b'{"a": 1, "a": 2}', 400), (b"[" * 100_000, 400), (b'{"a":' * 33 + b"1" + b"}" * 33, 400), (b"9" * 5000, 400),
    (b'{"a": 9223372036854775808}', 400), (b'{"a": "\\ud800"}', 400), (b'{"\\udc00": 1}', 400), (b"{'a': 1}", 400), (b"{} x", 400),
    (b'{"a": "\x00"}', 400), (b"\xef\xbb\xbf{}", 400),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), SENDS)
async def test_what_is_not_json_is_refused(api: Api, method: str, path: str):
    for raw, status in BROKEN:
        answer = await api.client.request(method, path, data=raw, headers={**ADMIN, "Content-Type": "application/json"})
        problem = await answer.json()
        assert (answer.status, problem["code"]) == (status, "bad_json"), raw[:40]
    assert api.desk.seen == []


@pytest.mark.parametrize(("method", "path"), SENDS)
async def test_another_content_type_is_refused(api: Api, method: str, path: str):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/json; charset=gbk", "nonsense", "a/b; charset=\x80"):
        answer = await api.client.request(method, path, data=b"{}", headers={**ADMIN, "Content-Type": kind})
        assert answer.status == 415, kind


@pytest.mark.parametrize(("method", "path"), SENDS)
async def test_more_than_a_mebibyte_is_refused(api: Api, method: str, path: str):
    body = json.dumps({"message": "x" * 1024 * 1024}).encode()

    async def piecewise():
        yield body

    for data in (BytesIO(body), piecewise()):
        answer = await api.client.request(method, path, data=data, headers={**ADMIN, "Content-Type": "application/json"})
        assert (answer.status, (await answer.json())["code"]) == (413, "too_large")
    almost = await api.client.request(
        method, path, data=BytesIO(b" " * (1024 * 1024)), headers={**ADMIN, "Content-Type": "application/json"}
    )
    assert almost.status in (200, 201, 422)


@pytest.mark.parametrize(("method", "path"), [*(("GET", path) for path in READS), *(("DELETE", path) for path in REMOVALS)])
async def test_ids_that_cannot_exist_are_unknown(api: Api, method: str, path: str):
    for known in ("lights.sg", "lights", "mei", "key_1", "wh_1", "SP-1", "/7"):
        if known not in path.partition("?")[0]:
            continue
        for hostile in ("%00", "a%0Ab", "x" * 65, "%F0%9F%94%94", "%ff", "a%20b", "'--", "%ED%A0%80"):
            start = "/" if known == "/7" else ""
            answer = await api.call(method, path.replace(known, start + hostile, 1))
            allowed = (404, 200) if known == "SP-1" else (404,)
            assert answer.status in allowed, (path, hostile, await answer.text())


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "T-", "2147483648", "9" * 30, "%E2%91%A6", "１"])
async def test_numbers_that_cannot_be_tickets_are_unknown(api: Api, number: str):
    for method, path in (("GET", ""), ("POST", "/claim"), ("PATCH", ""), ("GET", "/timeline"), ("GET", "/why"), ("POST", "/messages")):
        assert (await api.call(method, f"/v1/tickets/{number}{path}")).status == 404
    assert api.desk.seen == []


@pytest.mark.parametrize("path", ["merchants/a%20b", "shops/%00", "agents/_x", "orders/lights.sg/%0A", "orders/-/1", f"agents/{'x' * 65}"])
async def test_a_put_says_what_is_wrong_with_an_id(api: Api, path: str):
    problem = await refused(api, "PUT", f"/v1/{path}", {})
    assert problem["errors"][0]["loc"][0] == "path"


QUERIES = [
    "limit=0", "limit=201", "limit=x", "limit=1.5", "limit=", "limit=1&limit=2", "cursor=", "cursor=%00", "cursor=" + "x" * 600,
    "surprise=1", "state=gone", "state=", "state=new,,open", "tier=4", "tier=-1", "tier=x", "overdue=perhaps", "currency=sgd",
    "currency=SGDX", "category=nope", "priority=huge", "platform=ebay", "created_from=yesterday", "created_from=2026-11-23",
    "created_to=2026-11-23T00:00:00", "created_to=0001-01-01T00:00:00%2B14:00", "created_to=2026-13-01T00:00:00Z", "q=", "q=%00",
    "q=" + "x" * 201, "shop=a%20b", "merchant=%FF", "assignee=%0A", "order_no=", "order_no=" + "9" * 65, "q=%ED%A0%80%00",
]  # fmt: skip


@pytest.mark.parametrize("query", QUERIES)
async def test_bad_filters_are_named(api: Api, query: str):
    problem = await refused(api, "GET", f"/v1/tickets?{query}", None)
    assert problem["errors"][0]["loc"][:2] == ["query", query.partition("=")[0]]
    assert api.desk.seen == []


VALUES: list[tuple[str, str, dict[str, Any], str, list[Any]]] = [
    ("POST", "/v1/tickets", TICKET, "subject", [" ", "a\nb", "x" * 301, "\u2028", "\x85", "\x7f"]),
    ("POST", "/v1/tickets", TICKET, "message", [" ", "\n", "a\x00", "\x1b[31m", "x" * 20_001]),
    ("POST", "/v1/tickets", TICKET, "shop_id", ["-a", "a/b", "a b", "商店", "x" * 65, "a\n"]),
    ("POST", "/v1/tickets", TICKET, "order_no", ["", "x" * 65, "a\nb"]),
    ("POST", "/v1/tickets", TICKET, "priority", ["Normal", "", 1]),
    ("POST", "/v1/tickets", TICKET, "category", ["退款延迟", "refund-delay"]),
    ("POST", "/v1/tickets", TICKET, "custom_fields",
     [{"": 1}, {"a\n": 1}, {"a": None}, {"a": [1]}, {"a": "x" * 2001}, {str(n): n for n in range(51)}]),
    ("POST", "/v1/tickets", TICKET, "buyer.email", ["x", "a@b\n", "a@@b", "a b@c", "a@b,c@d", "x" * 65 + "@b"]),
    ("POST", "/v1/tickets", TICKET, "buyer.phone", ["abc", "+", "12", "1" * 40]),
    ("POST", "/v1/tickets", TICKET, "buyer.ip", ["1.2.3", "1.2.3.4.5", "::g", "1.2.3.4/8", "localhost"]),
    ("POST", "/v1/tickets", TICKET, "buyer.locale", ["zh_CN", "z", "zh-", "中文"]),
    ("PUT", "/v1/merchants/m", MERCHANT, "timezone", ["Mars/Base", "", "../etc/passwd", "a\x00", "localtime", "right/UTC", 8]),
    ("PUT", "/v1/merchants/m", MERCHANT, "locale", ["fr", "EN", "zh-CN"]),
    ("PUT", "/v1/merchants/m", MERCHANT, "registered_in", ["China", "cn", ""]),
    ("PUT", "/v1/merchants/m", MERCHANT, "retention_days", [0, -1, "180", 1.5, 10**9, True]),
    ("PUT", "/v1/merchants/m", MERCHANT, "buyer_mail", ["true", 1, 0, "false"]),
    ("PUT", "/v1/merchants/m", MERCHANT, "notify.emails", ["a@b", ["a"], [1], ["a@b.c\r\nBcc: x@y.z"], ["a@b.c"] * 51]),
    ("PUT", "/v1/merchants/m", MERCHANT, "onboarding.api_key_version", ["two", "2.1-beta", "", -1, True]),
    ("PUT", "/v1/merchants/m", MERCHANT, "onboarding.settlement_accounts", [[{"kind": "x", "country": "SG"}], [{}], {}]),
    ("PUT", "/v1/shops/s", SHOP, "platform", ["ebay", "Shopify"]),
    ("PUT", "/v1/shops/s", SHOP, "shopify",
     [{"store_url": "x"}, {"store_url": "ftp://x", "access_token": "a"}, {"store_url": "https://x.example"}]),
    ("PUT", "/v1/agents/a", AGENT, "role", ["boss", "Agent"]),
    ("PUT", "/v1/agents/a", AGENT, "away_until",
     ["2h", "2026-11-23", "2026-11-23T18:00:00", "2026-02-30T00:00:00Z", "9999-12-31T23:59:59-14:00"]),
    ("PUT", "/v1/orders/s/1", ORDER, "total.amount", ["1,5", "-1", "1.", ".5", "1.23456", "1e3", "01", "", 12.34, 12, "９", "1" * 16]),
    ("PUT", "/v1/orders/s/1", ORDER, "total.currency", ["sgd", "SG", "SGDX", "", 1, "S＄D"]),
    ("PUT", "/v1/orders/s/1", ORDER, "payment.paid_at", ["yesterday", 1700000000, "2026-11-20"]),
    ("POST", "/v1/tickets/7/messages", MESSAGE, "from", ["system", "Agent", ""]),
    ("POST", "/v1/tickets/7/messages", MESSAGE, "attachments", [[{"name": "a"}], [{"name": "a", "url": "javascript:alert(1)"}], [{}] * 21]),
    ("POST", "/v1/tickets/7/snooze", {"agent": "a", "for": "30m"}, "for", ["0", "-5m", "soon", "30", "99999d", "", 30, "３０m", "P"]),
    ("POST", "/v1/tickets/7/merge", {"agent": "a", "into": 8}, "into", [0, -1, 2**31, "x", "8", 1.0, True, "T-", "T-x", "T-99999999999"]),
    ("POST", "/v1/api-keys", KEY, "scopes", [[], ["*"], ["tickets"], ["tickets:admin"], "tickets:read"]),
    ("PUT", "/v1/connections/a", CONNECTION, "kind", ["", "paypal", 7, None]),
    ("PUT", "/v1/connections/a", CONNECTION, "secret", ["", "abc", [], ["x" * 501], ["a" * 9] * 6, 7, "line\nbreak"]),
    ("PUT", "/v1/wecom-apps/a", WECOM_APP, "corp_id", ["", "ww 1", "企业", 7]),
    ("PUT", "/v1/wecom-apps/a", WECOM_APP, "agent_id", [0, -1, "", "abc", "１", 1.5, True, 2**31]),
    ("PUT", "/v1/wecom-apps/a", WECOM_APP, "secret", ["", "short", "with blank", "x" * 129, "***abcd", "*****", 7]),
    ("PUT", "/v1/wecom-apps/a", WECOM_APP, "token", ["", "a-b", "x" * 33, "a\n"]),
    ("PUT", "/v1/wecom-apps/a", WECOM_APP, "aes_key", ["", "A" * 42, "A" * 44, "A" * 42 + "=", "A" * 42 + "号"]),
    ("PUT", "/v1/wecom-apps/a", {**WECOM_APP, "corp_id": "ww5823"}, "merchant_id", [None, "a b"]),
    ("POST", "/v1/webhooks", WEBHOOK, "url",
     ["ftp://x.example", "https://", "https://u:p@x.example", "x", "https://x y", "https://[::1", "https://x:99999", "https://a\n"]),
    ("POST", "/v1/webhooks", WEBHOOK, "events", [[], ["ticket.exploded"], "*"]),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "field", "values"), VALUES, ids=[f"{each[1]} {each[3]}" for each in VALUES])
async def test_bad_values_are_refused(api: Api, method: str, path: str, body: dict[str, Any], field: str, values: list[Any]):
    outer, _, inner = field.partition(".")
    for value in values:
        changed = {**body, outer: {**body[outer], inner: value} if inner else value}
        problem = await refused(api, method, path, changed)
        assert problem["errors"][0]["loc"][: 1 + field.count(".") + 1] == ["body", *field.split(".")], (value, problem)
        assert problem["errors"][0]["msg"]
    assert api.desk.seen == []


async def test_a_tickets_patch_changes_something(api: Api):
    await refused(api, "PATCH", "/v1/tickets/7", {})
    await refused(api, "PATCH", "/v1/tickets/7", {"state": "closed"})


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "schlüssel", "a\tb"])
async def test_a_bad_idempotency_key_is_named(api: Api, key: str):
    answer = await api.call("POST", "/v1/tickets", TICKET, Idempotency_Key=key)
    assert answer.status == 422
    assert (await answer.json())["errors"][0]["loc"] == ["header", "Idempotency-Key"]


async def test_unknown_paths_and_methods_are_problems(api: Api):
    for path in ("/v1", "/v1/", "/v1/nothing", "/v1/tickets/7/nothing", "/v1/policies/x/y", "/nothing"):
        answer = await api.call("GET", path)
        assert (answer.status, answer.content_type, (await answer.json())["code"]) == (404, "application/problem+json", "not_found")
    wrong = await api.call("DELETE", "/v1/tickets")
    assert (wrong.status, (await wrong.json())["code"]) == (405, "method_not_allowed")
    assert set(wrong.headers["Allow"].split(",")) == {"GET", "HEAD", "POST"}
    assert (await api.call("OPTIONS", "/v1/tickets")).status == 405
