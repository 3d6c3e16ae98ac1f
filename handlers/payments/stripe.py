"""Stripe: disputes, early fraud warnings, refunds, charges and payment intents.

https://docs.stripe.com/webhooks#verify-manually: `Stripe-Signature: t=…,v1=…`, hex HMAC-SHA256 of `t.body`, several `v1` while rotating.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.errors import Unauthentic
from bot.messages import Fact, Told, ToldCase, ToldPayment, ToldRefund
from handlers.payments.reasons import category
from handlers.payments.signing import Arrived, Headers, digest, fresh, header, matches
from handlers.payments.values import Doc, currency, document, inside, minor, moment, needed, text, words

NAME = "stripe"
_INTENTS = {
    "requires_payment_method": 1, "requires_confirmation": 1, "requires_action": 2, "processing": 3, "requires_capture": 3, "canceled": 5,
    "succeeded": 6,
}  # fmt: skip
_DISPUTES = {
    "warning_needs_response": 1, "warning_under_review": 2, "warning_closed": 3, "needs_response": 4, "under_review": 5,
    "appeal_needs_response": 6, "appeal_under_review": 7, "won": 8, "lost": 8, "prevented": 8,
}  # fmt: skip
_OUTCOMES = {"warning_closed": "closed", "won": "won", "lost": "lost", "prevented": "prevented"}
_REASONS = {
    "fraudulent": "unauthorized_payment", "unrecognized": "unauthorized_payment", "debit_not_authorized": "unauthorized_payment",
    "product_not_received": "not_received", "product_unacceptable": "not_as_described", "duplicate": "duplicate_charge",
    "credit_not_processed": "refund_delay", "subscription_canceled": "refund_request",
}  # fmt: skip
_REFUNDS = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


def verify(raw: bytes, headers: Headers, secrets: Sequence[str], now: datetime) -> Arrived:
    """Raises Unauthentic; Unreadable for a good signature under what is no event."""
    parts = [each.strip().partition("=") for each in header(headers, "stripe-signature").split(",")]
    stamps = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if len(stamps) != 1 or not 0 < len(given) <= 10:
        raise Unauthentic("its Stripe-Signature is incomplete")
    fresh(stamps[0], now)
    signed = stamps[0].encode() + b"." + raw
    matches([digest(each, signed, "sha256").hex() for each in secrets], given)
    event = document(raw)
    return Arrived(needed(event, "id"), needed(event, "type"))


def normalise(type: str, raw: bytes) -> Told:
    """What it says. Raises Unreadable."""
    event = document(raw)
    data, told_at = inside(event, "data", "object"), moment(event, "created")
    if type.startswith("payment_intent."):
        return Told((_intent(data, told_at),))
    if type.startswith("charge.dispute."):
        return Told((_dispute(data, told_at),))
    if type.startswith("radar.early_fraud_warning."):
        return Told((_warning(data, told_at),))
    if type in ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated"):
        return Told(_refund(data, told_at))
    if type in ("payout.created", "payout.updated", "payout.failed", "payout.paid", "payout.canceled"):
        return Told((_payout(data, type, told_at),))
    return Told(known=type.startswith(("charge.", "payout.", "balance.")))


def _intent(data: Doc, at: datetime | None) -> ToldPayment:
    status, unit = needed(data, "status"), currency(data, "currency")
    paid = status == "succeeded"
    return ToldPayment(
        needed(data, "id"), status, _INTENTS.get(status, 0), paid, at, minor(data, "amount", unit), unit,
        minor(data, "amount_received", unit) if paid else None,
        text(inside(data, "metadata"), "merchant_order_id", "order_id", "order_no", most=64), text(data, "on_behalf_of"),
    )  # fmt: skip


def _dispute(data: Doc, at: datetime | None) -> ToldCase:
    status, unit = needed(data, "status"), currency(data, "currency")
    card = inside(data, "payment_method_details", "card")
    code, reason = text(card, "network_reason_code"), text(data, "reason")
    inquiry = status.startswith("warning_") or text(card, "case_type") == "inquiry"
    details = inside(data, "evidence_details")
    return ToldCase(
        needed(data, "id"), "inquiry" if inquiry else "chargeback", "appeal" if status.startswith("appeal") else
        "inquiry" if inquiry else "chargeback", status, _DISPUTES.get(status, 0), at, moment(data, "created"), _payment_of(data), None,
        code, reason, category(code) or _REASONS.get(reason or "", "chargeback_alert"), minor(data, "amount", unit), unit,
        moment(details, "due_by"), answered=not status.endswith("needs_response"), outcome=_OUTCOMES.get(status),
    )  # fmt: skip


def _warning(data: Doc, at: datetime | None) -> ToldCase:
    """One that is not actionable has been refunded or disputed already."""
    actionable = data.get("actionable") is True
    return ToldCase(
        needed(data, "id"), "fraud_warning", "fraud_warning", "actionable" if actionable else "closed", 1 if actionable else 2, at,
        moment(data, "created"), _payment_of(data), None, None, text(data, "fraud_type"), "unauthorized_payment", answered=not actionable,
        outcome=None if actionable else "closed",
    )  # fmt: skip


def _refund(data: Doc, at: datetime | None) -> tuple[Fact, ...]:
    unit = currency(data, "currency")
    id, payment = needed(data, "id"), _payment_of(data) or needed(data, "payment_intent")
    status = _REFUNDS.get(text(data, "status") or "", "pending")
    much, why = minor(data, "amount", unit), words(data, "failure_reason", "reason")
    told = ToldRefund(id, payment, status, at, much, unit, why)  # type: ignore[arg-type]
    if status != "failed":
        return (told,)
    case = ToldCase(
        id, "refund", "refund_failed", "failed", 1, at, moment(data, "created"), payment, reason=why, category="refund_delay",
        amount=much, currency=unit,
    )  # fmt: skip
    return (told, case)


def _payout(data: Doc, type: str, at: datetime | None) -> ToldCase:
    """Its day of arrival is told with it, and may be moved: https://docs.stripe.com/api/payouts/object#payout_object-arrival_date"""
    said, unit = text(data, "status") or type.rpartition(".")[2], currency(data, "currency")
    rank = {"failed": 1, "paid": 2, "canceled": 2}.get(said, 0)
    return ToldCase(
        needed(data, "id"), "payout", f"payout_{said}", said, rank, at, moment(data, "created") if rank != 1 else at,
        reason=words(data, "failure_message", "failure_code"), category="settlement_delay", amount=minor(data, "amount", unit),
        currency=unit, answered=rank == 2, outcome={"paid": "paid", "canceled": "closed"}.get(said), on_its_way=rank == 0,
        expected_at=moment(data, "arrival_date"),
    )  # fmt: skip


def _payment_of(data: Doc) -> str | None:
    """A payment is known by its intent; one without, by its charge."""
    return text(data, "payment_intent") or text(data, "charge")
