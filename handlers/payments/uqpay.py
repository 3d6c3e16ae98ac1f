"""UQPAY: payment intents and attempts, refunds, settlements, payouts, chargeback alerts.

https://developers.uqpay.com: `x-wk-signature` is the hex HMAC-SHA512 of the raw body and then `x-wk-timestamp`,
in milliseconds (in seconds before).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.messages import Fact, Told, ToldCase, ToldPayment, ToldRefund
from handlers.payments.signing import Arrived, Headers, digest, fresh, header, matches
from handlers.payments.values import Doc, amount, currency, document, inside, moment, needed, text, words

NAME = "uqpay"
_PAYMENTS = {
    "REQUIRES_PAYMENT_METHOD": 1, "REQUIRES_CUSTOMER_ACTION": 2, "REQUIRES_CAPTURE": 3, "PENDING": 3, "FAILED": 5, "CANCELLED": 5,
    "SUCCEEDED": 6,
}  # fmt: skip
_REFUNDS = {"SUCCEEDED": "succeeded", "SUCCESS": "succeeded", "FAILED": "failed"}
_PAYOUTS = {"created": 0, "failed": 1, "succeeded": 2}
_APPEALS = {"APPEALED": 3, "RECEPTION": 4, "SUCCEED": 6, "FAILED": 6, "REJECTED": 6}
_OUTCOMES = {"SUCCEED": "won", "FAILED": "lost", "REJECTED": "lost"}


def verify(raw: bytes, headers: Headers, secrets: Sequence[str], now: datetime) -> Arrived:
    """Raises Unauthentic; Unreadable for a good signature under what is no event."""
    stamp, signature = header(headers, "x-wk-timestamp"), header(headers, "x-wk-signature")
    fresh(stamp, now, millis=True)
    signed = raw + stamp.encode()
    matches([digest(each, signed, "sha512").hex() for each in secrets], [signature.lower()])
    event = document(raw)
    return Arrived(needed(event, "event_id"), needed(event, "event_type"))


def normalise(type: str, raw: bytes) -> Told:
    """What it says. Raises Unreadable."""
    event = document(raw)
    data, source = inside(event, "data"), text(event, "source_id")
    if type.startswith("acquiring.payment_intent."):
        return Told((_payment(data),))
    if type.startswith("acquiring.refund."):
        return Told(_refund(data, type))
    if type.startswith("acquiring.chargeback.alert."):
        return Told((_alert(data, source),))
    if type.startswith("acquiring.payout."):
        return Told(_payout(data, type, source))
    # An attempt that failed is no order that failed: its intent says how the payment is. Settlements are read from statements.
    quiet = ("acquiring.payment_attempt.", "acquiring.cancel.", "acquiring.payment.settlement")
    return Told(known=type.startswith(quiet))


def _payment(data: Doc) -> ToldPayment:
    status = needed(data, "intent_status").upper()
    attempt = inside(data, "latest_payment_attempt")
    card = inside(attempt or data, "payment_method", "card")
    method = {name: found for name in ("brand", "last4", "bin") if (found := text(card, name, most=24))}
    paid = status == "SUCCEEDED"
    return ToldPayment(
        needed(data, "payment_intent_id"), status, _PAYMENTS.get(status, 0), paid,
        moment(data, "complete_time", "update_time", "create_time"), amount(data, "amount"), currency(data, "currency"),
        amount(attempt, "captured_amount") or (amount(data, "amount") if paid else None), text(data, "merchant_order_id", most=64),
        text(data, "account_id", "sub_merchant_id"), method,
    )  # fmt: skip


def _refund(data: Doc, type: str) -> tuple[Fact, ...]:
    id, payment = needed(data, "payment_refund_id"), needed(data, "payment_intent_id")
    said = (text(data, "refund_status") or type.rpartition(".")[2]).upper()
    status = _REFUNDS.get(said, "pending")
    at, much, unit = moment(data, "complete_time", "create_time"), amount(data, "amount"), currency(data, "currency")
    reason = words(data, "reason")
    told = ToldRefund(id, payment, status, at, much, unit, reason)  # type: ignore[arg-type]
    return (told, *_failed(told))


def _failed(refund: ToldRefund) -> tuple[ToldCase, ...]:
    if refund.status != "failed":
        return ()
    return (
        ToldCase(
            refund.refund_id, "refund", "refund_failed", "FAILED", 1, refund.at, refund.at, refund.payment_id, reason=refund.reason,
            category="refund_delay", amount=refund.amount, currency=refund.currency,
        ),
    )  # fmt: skip


def _alert(data: Doc, source: str | None) -> ToldCase:
    """`appeal_status` is told apart from `alert_status`: whichever is further says how far the case is."""
    status, appeal = (text(data, "alert_status") or "PROCESSING").upper(), (text(data, "appeal_status") or "NOT_APPEAL").upper()
    rank = max({"PROCESSING": 1, "PROCESSED": 2, "EXPIRED_UNPROCESSED": 2}.get(status, 1), _APPEALS.get(appeal, 0))
    fraud = (text(data, "alert_type") or "").upper() == "CONFIRMED_FRAUD"
    outcome = _OUTCOMES.get(appeal) or {"EXPIRED_UNPROCESSED": "expired"}.get(status if rank <= 2 else "")
    return ToldCase(
        source or needed(data, "case_id"), "alert", "fraud_alert" if fraud else "alert", appeal if rank > 2 else status, rank,
        moment(data, "alert_update_time", "alert_create_time"), moment(data, "alert_create_time"), text(data, "payment_intent_id"),
        text(data, "merchant_order_id", most=64), None, text(data, "alert_type"),
        "unauthorized_payment" if fraud else "chargeback_alert", amount(data, "alert_amount"), currency(data, "alert_currency"),
        answered=rank >= 2, outcome=outcome,
    )  # fmt: skip


def _payout(data: Doc, type: str, source: str | None) -> tuple[Fact, ...]:
    """One that goes its way needs nobody until it is late (when it should be there, UQPAY does not tell); one that failed does."""
    end = type.rpartition(".")[2]
    if end not in _PAYOUTS:
        return ()
    id = text(data, "payout_id") or source or needed(data, "payout_id")
    at = moment(data, "complete_time", "update_time", "create_time")
    return (
        ToldCase(
            id, "payout", f"payout_{end}", (text(data, "payout_status") or end).upper(), _PAYOUTS[end], at, at,
            reason=words(data, "failure_reason", "reason"), category="settlement_delay",
            amount=amount(data, "payout_amount", "amount"), currency=currency(data, "payout_currency", "currency"),
            answered=end == "succeeded", outcome="paid" if end == "succeeded" else None, on_its_way=end == "created",
        ),
    )  # fmt: skip
