"""Each institution's proof and its events, as its own library and documents have them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Unauthentic, Unreadable
from bot.messages import ToldCase
from handlers.payments.institutions import INSTITUTIONS
from handlers.payments.reasons import category
from handlers.payments.signing import Headers
from tests.payments.sending import SECRETS, salted, sample, signed

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
SAMPLES = {
    "uqpay": "uqpay_alert", "stripe": "stripe_dispute", "airwallex": "airwallex_dispute", "pingpong": "pingpong_dispute",
    "shopify": "shopify_order",
}  # fmt: skip
KINDS = sorted(SAMPLES)


def lowered(headers: dict[str, str]) -> Headers:
    return {name.lower(): (value,) for name, value in headers.items()}


def posted(kind: str, secret: str | None = None, at: datetime = NOW) -> tuple[bytes, Headers]:
    doc = sample(SAMPLES[kind])
    raw = json.dumps(salted(doc, secret) if kind == "pingpong" else doc).encode()
    return raw, lowered(signed(kind, raw, at, secret, "orders/paid"))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_signed_with_any_of_the_secrets_is_let_in(kind: str) -> None:
    verify = INSTITUTIONS[kind].verify
    raw, headers = posted(kind)
    assert verify(raw, headers, ["another", SECRETS[kind]], NOW).id
    with pytest.raises(Unauthentic):
        verify(raw, headers, ["another"], NOW)
    with pytest.raises(Unauthentic):
        verify(raw, headers, [], NOW)


@pytest.mark.parametrize("kind", ["uqpay", "stripe", "airwallex"])
@pytest.mark.parametrize(("off", "good"), [(-301, False), (-299, True), (299, True), (301, False)])
def test_a_signature_is_good_for_five_minutes_either_way(kind: str, off: int, good: bool) -> None:
    raw, headers = posted(kind)
    later = NOW + timedelta(seconds=off)
    if good:
        assert INSTITUTIONS[kind].verify(raw, headers, [SECRETS[kind]], later).id
    else:
        with pytest.raises(Unauthentic):
            INSTITUTIONS[kind].verify(raw, headers, [SECRETS[kind]], later)


@pytest.mark.parametrize("kind", KINDS)
def test_one_byte_changed_anywhere_is_noticed(kind: str) -> None:
    raw, headers = posted(kind)
    for place in range(0, len(raw), max(1, len(raw) // 40)):
        other = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        if kind == "pingpong" and other[place : place + 1].isspace():
            continue  # its texts alone are signed, not the blanks between them
        try:
            INSTITUTIONS[kind].verify(other, headers, [SECRETS[kind]], NOW)
        except (Unauthentic, Unreadable):
            continue
        raise AssertionError((kind, place, other[max(0, place - 20) : place + 20]))


@pytest.mark.parametrize("kind", KINDS)
@given(values=st.lists(st.text(max_size=60), max_size=3), raw=st.binary(max_size=80))
def test_no_header_and_no_body_that_anybody_makes_up_is_let_in_or_breaks_anything(kind: str, values: list[str], raw: bytes) -> None:
    names = {name for other in KINDS for name in posted(other)[1]}
    with pytest.raises(Unauthentic):
        INSTITUTIONS[kind].verify(raw, {name: tuple(values) for name in names}, [SECRETS[kind]], NOW)


def test_a_digit_cannot_move_between_uqpays_body_and_its_timestamp() -> None:
    raw, headers = posted("uqpay")
    stamp = headers["x-wk-timestamp"][0]
    moved = {**headers, "x-wk-timestamp": (stamp[3:],)}
    with pytest.raises((Unauthentic, Unreadable)):
        INSTITUTIONS["uqpay"].verify(raw + stamp[:3].encode(), moved, [SECRETS["uqpay"]], datetime.fromtimestamp(int(stamp[3:]), UTC))


def test_stripes_own_library_signs_what_is_let_in_and_takes_what_is_signed_here() -> None:
    stripe = pytest.importorskip("stripe")
    raw, headers = posted("stripe")
    made = stripe.WebhookSignature.generate_signature_header(raw.decode(), SECRETS["stripe"], int(NOW.timestamp()))
    assert (
        INSTITUTIONS["stripe"].verify(raw, lowered({"Stripe-Signature": made}), [SECRETS["stripe"]], NOW).type == "charge.dispute.created"
    )
    assert stripe.WebhookSignature.verify_header(raw.decode(), headers["stripe-signature"][0], SECRETS["stripe"], tolerance=None)


def test_uqpays_own_library_takes_the_signed_sample() -> None:
    """`uqpay_signed.json` was made by the algorithm here and taken by `uqpay` 4.0.0 (WebhookVerifier), whose dependencies are heavy."""
    kept = sample("uqpay_signed")
    raw, headers = kept["raw"].encode(), lowered(kept["headers"])
    at = datetime.fromtimestamp(int(kept["headers"]["x-wk-timestamp"]) / 1000, UTC)
    assert INSTITUTIONS["uqpay"].verify(raw, headers, [kept["secret"]], at).type == "acquiring.chargeback.alert.created"


def test_several_v1_and_unknown_schemes_in_stripes_header_are_read_as_it_documents() -> None:
    raw, headers = posted("stripe")
    stamp, good = headers["stripe-signature"][0].split(",")
    verify: Callable[..., Any] = INSTITUTIONS["stripe"].verify
    assert verify(raw, {"stripe-signature": (f"{stamp},v1={'0' * 64},{good},v0=x",)}, [SECRETS["stripe"]], NOW)
    for bad in (f"{stamp},{stamp},{good}", good, stamp, f"{stamp},v0={good[3:]}", f"t=1e9,{good}", f"t=-1,{good}", "t=,v1="):
        with pytest.raises(Unauthentic):
            verify(raw, {"stripe-signature": (bad,)}, [SECRETS["stripe"]], NOW)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("10.4", "unauthorized_payment"), ("4837", "unauthorized_payment"), ("13.1", "not_received"), ("13.3", "not_as_described"),
        ("13.5", "not_as_described"), ("13.6", "refund_delay"), ("13.2", "refund_request"), ("13.7", "refund_request"),
        ("12.6", "duplicate_charge"), ("12.6.1", "duplicate_charge"), ("12.5", "duplicate_charge"), ("11.3", "payment_failed"),
        ("4808", "payment_failed"), ("4853", None), ("99", None), (None, None), ("13.10", None),
    ],
)  # fmt: skip
def test_the_networks_reason_codes_are_read_as_categories(code: str | None, label: str | None) -> None:
    assert category(code) == label


FIELDS = [
    "id", "data", "object", "status", "amount", "currency", "name", "event_type", "payment_intent_id", "intent_status", "due_at", "created",
    "disputePspReference", "reason", "defensePeriodEndsAt", "alert_amount", "alert_status", "total_price", "evidence_due_by", "customer",
]  # fmt: skip
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20))
INNER = st.sampled_from(["object", "status", "id", "amount", "card"])


@pytest.mark.parametrize("kind", KINDS)
@given(st.dictionaries(st.sampled_from(FIELDS), st.recursive(PLAIN, lambda inner: st.dictionaries(INNER, inner, max_size=3))))
def test_whatever_stands_in_an_event_it_is_read_or_called_unreadable(kind: str, doc: dict[str, Any]) -> None:
    types = [
        "acquiring.payment_intent.succeeded", "acquiring.chargeback.alert.created", "acquiring.refund.failed", "acquiring.payout.failed",
        "charge.dispute.created", "radar.early_fraud_warning.created", "refund.failed", "payment_intent.succeeded", "payout.failed",
        "payment_dispute.won", "NOTIFICATION_OF_CHARGEBACK", "orders/paid", "disputes/create", "else",
    ]  # fmt: skip
    for body in (doc, {"data": doc}, {"data": {"object": doc}}):
        for type in types:
            try:
                told = INSTITUTIONS[kind].normalise(type, json.dumps(body).encode())
            except Unreadable:
                continue
            for fact in told.facts:
                assert not isinstance(fact, ToldCase) or (fact.case_id and len(fact.case_id) <= 128)


def test_amounts_in_a_smallest_unit_follow_their_currency() -> None:
    read = INSTITUTIONS["stripe"].normalise
    for currency, amount in (("sgd", "11.45"), ("jpy", "1145"), ("kwd", "1.145")):
        (fact,) = read("charge.dispute.created", json.dumps(sample("stripe_dispute", currency=currency)).encode()).facts
        assert isinstance(fact, ToldCase)
        assert fact.amount == amount


def test_what_pingpong_signs_cannot_be_read_in_two_ways() -> None:
    doc, verify = sample("pingpong_dispute"), INSTITUTIONS["pingpong"].verify
    merged = {**doc, "disputeType": f"OTHERS&eventCode={doc['eventCode']}"}
    del merged["eventCode"]
    for other in (merged, {**doc, "merchantReference": "PP-1&status=WON"}):
        with pytest.raises((Unauthentic, Unreadable)):
            verify(json.dumps(salted(other)).encode(), {}, [SECRETS["pingpong"]], NOW)
    unsigned = {**salted(doc), "eventTime": 9_999_999_999, "defendable": False, "amount": 7}
    read = INSTITUTIONS["pingpong"].normalise
    assert read(doc["eventCode"], json.dumps(unsigned).encode()) == read(doc["eventCode"], json.dumps(doc).encode())
