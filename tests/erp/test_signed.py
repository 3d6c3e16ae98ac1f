"""A request to any ERP, by a merchant's document: what is put in stays a value, and the signature is the one that was asked for."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DeliveryFailed
from handlers.erp import mabang, signed
from handlers.erp.templates import values

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TICKET: dict[str, Any] = {
    "number": 7, "state": "open", "category": {"label": "refund_delay"}, "priority": "high", "subject": "坏的台灯", "order_no": "SP-1&x=1",
    "custom_fields": {"reason": "late"},
}  # fmt: skip
URL = "https://erp.example/orders"


def _md5(clear: str) -> str:
    return hashlib.md5(clear.encode(), usedforsecurity=False).hexdigest()


def known(**fields: Any) -> dict[str, str]:
    return values("dlv_1", {"ticket": {**TICKET, **fields}, "name": "T-7", "state": "处理中", "category": "退款延迟"}, NOW)


@pytest.mark.parametrize(
    ("sign", "wanted"),
    [
        ({"method": "md5", "text": "{secret}{params}{secret}"}, _md5("keya=open&b=T-7key")),
        ({"method": "md5", "text": "{params}&key={secret}", "upper": True}, _md5("a=open&b=T-7&key=key").upper()),
        ({"method": "hmac-sha256", "text": "{params}"}, hmac.new(b"key", b"a=open&b=T-7", "sha256").hexdigest()),
        ({"method": "hmac-md5", "text": "{timestamp}{app_key}"}, hmac.new(b"key", b"1795420800app", "md5").hexdigest()),
        ({"method": "hmac-sha1", "text": "x", "encoding": "base64"}, base64.b64encode(hmac.new(b"key", b"x", "sha1").digest()).decode()),
    ],
)
def test_a_signature_is_made_as_the_document_says(sign, wanted):
    config = {"url": URL, "app_key": "app", "secret": "key", "body": {"b": "{ticket}", "a": "{state}", "sign": "{sign}"}, "sign": sign}
    assert json.loads(signed.request(config, known()).body)["sign"] == wanted


def test_a_header_can_sign_the_body_as_it_is_sent():
    config = {
        "url": f"{URL}/{{order_no}}?s={{erp_state}}", "method": "put", "headers": {"X-Sign": "{sign}", "Authorization": "Bearer {token}"},
        "token": "t0ken", "secret": "key", "body": {"why": "{custom_fields.reason}{custom_fields.none}", "tags": ["{ticket}"]},
        "sign": {"method": "hmac-sha256", "text": "{body}"}, "states": {"open": "售后中"},
    }  # fmt: skip
    made = signed.request(config, known())
    assert made.method == "PUT"
    assert made.url == f"{URL}/SP-1%26x%3D1?s=%E5%94%AE%E5%90%8E%E4%B8%AD"
    assert made.body == b'{"why":"late","tags":["T-7"]}'
    assert made.headers["X-Sign"] == hmac.new(b"key", made.body, "sha256").hexdigest()
    assert made.headers["Authorization"] == "Bearer t0ken"
    assert "t0ken" not in repr(made)


@given(st.text())
def test_a_buyers_words_stay_one_value_of_the_body_and_one_part_of_the_url(words):
    words = words.encode("utf-8", "replace").decode()
    told = known(subject=words)
    config = {"url": URL + "?q={subject}&end=1", "body": {"said": "{subject}", "end": "1"}}
    made = signed.request(config, told)
    assert json.loads(made.body) == {"said": words, "end": "1"}
    assert set(parse_qs(urlsplit(made.url).query, keep_blank_values=True)) == {"q", "end"}
    form = parse_qs(signed.request({**config, "format": "form"}, told).body.decode(), keep_blank_values=True)
    assert set(form) == {"said", "end"}


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({}, "erp.url is missing"), ({"url": URL, "method": "TRACE"}, "erp.method"), ({"url": URL, "body": "a"}, "erp.body"),
        ({"url": URL, "body": {"a": {"b": "{nobody}"}}}, "erp.body.a.b: there is nothing called {nobody}"),
        ({"url": URL, "sign": {"method": "rot13"}}, "erp.sign.method"), ({"url": URL, "sign": {"method": "md5"}}, "erp.sign has"),
        ({"url": URL, "headers": {"X": "{subject}"}}, "erp.headers.X"),
        ({"url": URL, "secret": "k", "body": {"s": "{sign}"}, "sign": {"method": "md5", "text": "{body}"}}, "erp.sign.text"),
    ],
)  # fmt: skip
def test_a_document_that_cannot_be_used_says_which_field(config, says):
    with pytest.raises(DeliveryFailed, match=says.replace("{", r"\{").replace(".", r"\.")) as failed:
        signed.request(config, known(subject="a\r\nX-Admin: 1"))
    assert failed.value.outcome == "rejected"


@pytest.mark.parametrize(
    ("answer", "fine"), [({"code": 0}, True), ({"code": "200"}, True), ({"code": 40, "msg": "no"}, False), (None, False), ([], False)]
)
def test_an_answer_is_a_success_where_its_field_says_so(answer, fine):
    assert (signed.accepted({"ok": {"field": "code", "values": [0, "200"]}}, answer) is None) is fine


@given(st.text(st.characters(codec="utf-8"), max_size=490), st.text(max_size=30), st.text(max_size=30))
def test_a_mabang_remark_keeps_what_people_wrote_and_never_grows(text, state, category):
    people = text.replace("[", "(").replace("]", ")")
    once = mabang.remark(people, "T-7", state, category)
    assert mabang.remark(once, "T-7", state, category) == once
    assert once.startswith(people)
    assert len(once) <= mabang.LONGEST
    assert mabang.remark(once, "T-8", "x", "y").startswith(once) or len(once) > 480


def test_nothing_that_mabang_is_told_names_an_orders_status():
    config = {"labels": {"open": "1042522", "orderStatus": "5"}, "abnormal": {"label": "售后"}, "orderStatus": 5}
    changed = mabang.change(config, "SP-1", "r", "open")
    assert changed == {"platformOrderId": "SP-1", "remark": "r", "labelId": ["1042522"]}
    assert set(mabang.change(config, "SP-1", "r", "closed")) == {"platformOrderId", "remark"}
