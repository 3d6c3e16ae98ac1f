"""Airwallex: payment intents, refunds, disputes.

https://www.airwallex.com/docs/developer-tools/webhooks: `x-signature` is the hex HMAC-SHA256 of
`x-timestamp` (milliseconds) and then the body.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages import Fact, Told, ToldCase, ToldPayment, ToldRefund
from handlers.payments.reasons import category
from handlers.payments.signing import Arrived, Headers, digest, fresh, header, matches
from handlers.payments.values import Doc, amount, currency, document, inside, moment, needed, text, words

NAME = "airwallex"
_INTENTS = {
    "REQUIRES_PAYMENT_METHOD": 1, "REQUIRES_CUSTOMER_ACTION": 2, "PENDING": 3, "REQUIRES_CAPTURE": 3, "CANCELLED": 5, "SUCCEEDED": 6,
}  # fmt: skip
_STAGES = {"RFI": 0, "PRE_CHARGEBACK": 10, "CHARGEBACK": 20, "PRE_ARBITRATION": 30, "ARBITRATION": 40}
_KINDS = {"RFI": "inquiry", "PRE_CHARGEBACK": "alert", "PRE_ARBITRATION": "pre_arbitration", "ARBITRATION": "pre_arbitration"}
_WAITING = frozenset({"REQUIRES_RESPONSE", "NEEDS_RESPONSE"})
_OUTCOMES = {"WON": "won", "REVERSED": "won", "LOST": "lost", "ACCEPTED": "accepted", "EXPIRED": "expired"}
_REFUNDS = {"SUCCEEDED": "succeeded", "SETTLED": "succeeded", "FAILED": "failed"}


def verify(raw: bytes, headers: Headers, secrets: Sequence[str], now: datetime) -> Arrived:
    """Raises Unauthentic; Unreadable for a good signature under what is no event."""
    stamp, signature = header(headers, "x-timestamp"), header(headers, "x-signature")
    fresh(stamp, now, millis=True)
    signed = stamp.encode() + raw
    matches([digest(each, signed, "sha256").hex() for each in secrets], [signature.lower()])
    event = document(raw)
    return Arrived(needed(event, "id"), needed(event, "name"))


def normalise(type: str, raw: bytes) -> Told:
    """What it says. Raises Unreadable."""
    event = document(raw)
    data = inside(event, "data", "object") or inside(event, "data")
    if type.startswith("payment_intent."):
        return Told((_intent(data),))
    if type.startswith(("payment_dispute.", "dispute.")):
        return Told((_dispute(data),))
    if type.startswith("refund."):
        return Told(_refund(data, type))
    return Told(known=type.startswith(("payment_attempt.", "payment_method.", "payment_consent.")))


def _intent(data: Doc) -> ToldPayment:
    status = needed(data, "status").upper()
    paid = status == "SUCCEEDED"
    return ToldPayment(
        needed(data, "id"), status, _INTENTS.get(status, 0), paid, moment(data, "updated_at", "created_at"), amount(data, "amount"),
        currency(data, "currency"), amount(data, "captured_amount") if paid else None, text(data, "merchant_order_id", most=64),
    )  # fmt: skip


def _dispute(data: Doc) -> ToldCase:
    stage, status = (text(data, "stage") or "CHARGEBACK").upper(), needed(data, "status").upper().replace(" ", "_")
    reason = inside(data, "reason")
    code = text(reason, "original_code", "code")
    waits, outcome = status in _WAITING, _OUTCOMES.get(status)
    rank = _STAGES.get(stage, 0) + (1 if waits else 9 if outcome else 5)
    return ToldCase(
        needed(data, "id", "dispute_id"), _KINDS.get(stage, "chargeback"), stage.lower(), status, rank,  # type: ignore[arg-type]
        moment(data, "updated_at", "created_at"), moment(data, "created_at"), text(data, "payment_intent_id"),
        text(data, "merchant_order_id", most=64), code, words(reason, "description", "type"),
        category(code) or "chargeback_alert", amount(data, "amount"), currency(data, "currency"), moment(data, "due_at"),
        answered=not waits, outcome=outcome,
    )  # fmt: skip


def _refund(data: Doc, type: str) -> tuple[Fact, ...]:
    id, payment = needed(data, "id"), needed(data, "payment_intent_id")
    status = _REFUNDS.get((text(data, "status") or type.rpartition(".")[2]).upper(), "pending")
    at, much, unit = moment(data, "updated_at", "created_at"), amount(data, "amount"), currency(data, "currency")
    why = words(inside(data, "failure_details"), "message") or words(data, "reason")
    told = ToldRefund(id, payment, status, at, much, unit, why)  # type: ignore[arg-type]
    if status != "failed":
        return (told,)
    case = ToldCase(
        id, "refund", "refund_failed", "FAILED", 1, at, at, payment, reason=why, category="refund_delay", amount=much, currency=unit
    )  # fmt: skip
    return (told, case)
