"""Shopify: a shop's orders, its refunds, its disputes. An order enters only when the operator's own payment of it is known.

https://shopify.dev/docs/apps/build/webhooks: `X-Shopify-Hmac-SHA256` is the base64 HMAC-SHA256 of the raw body. It signs no header, so that
neither the delivery's id nor its topic is proof of anything: what has the same topic and body is the same event.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.errors import Unauthentic
from bot.messages import Told, ToldCase, ToldOrder, ToldPrivacy
from handlers.payments.reasons import category
from handlers.payments.signing import Arrived, Headers, digest, header, matches
from handlers.payments.values import Doc, amount, currency, document, inside, moment, needed, text

NAME = "shopify"
_TOPIC = re.compile(r"[a-z_]{1,40}/[a-z_]{1,40}", re.ASCII)
_DISPUTES = {"needs_response": 1, "under_review": 2, "charge_refunded": 3, "accepted": 4, "won": 4, "lost": 4, "prevented": 4}
_OUTCOMES = {"charge_refunded": "refunded", "accepted": "accepted", "won": "won", "lost": "lost", "prevented": "prevented"}
_REASONS = {
    "fraudulent": "unauthorized_payment", "unrecognized": "unauthorized_payment", "debit_not_authorized": "unauthorized_payment",
    "product_not_received": "not_received", "product_unacceptable": "not_as_described", "duplicate": "duplicate_charge",
    "credit_not_processed": "refund_delay", "subscription_canceled": "refund_request",
}  # fmt: skip

# Mandatory for every app: https://shopify.dev/docs/apps/build/privacy-law-compliance; to be done within 30 days.
_WISHES: dict[str, Literal["erase", "data", "shop"]] = {
    "customers/redact": "erase",
    "customers/data_request": "data",
    "shop/redact": "shop",
}


def verify(raw: bytes, headers: Headers, secrets: Sequence[str], now: datetime) -> Arrived:
    """Raises Unauthentic; Unreadable for a good signature under what is no event."""
    given, topic = header(headers, "x-shopify-hmac-sha256"), header(headers, "x-shopify-topic")
    if not _TOPIC.fullmatch(topic):
        raise Unauthentic("its topic is none")
    matches([base64.b64encode(digest(each, raw, "sha256")).decode() for each in secrets], [given])
    document(raw)
    return Arrived(f"{topic}:{hashlib.sha256(raw).hexdigest()[:40]}", topic)


def normalise(type: str, raw: bytes) -> Told:
    """What it says. Raises Unreadable."""
    doc = document(raw)
    if type.startswith("orders/") and type != "orders/delete":
        return Told((_order(doc),))
    if type in _WISHES:
        return Told((_wish(type, doc),))
    if type.startswith("disputes/"):
        return Told((_dispute(doc),))
    # A refund says nothing of the operator's payment, which tells of its refunds itself.
    return Told(known=type in ("orders/delete", "refunds/create", "order_transactions/create", "app/uninstalled"))


def _order(doc: Doc) -> ToldOrder:
    """The operator's payment names the order, or is named in it; what a checkout is called stays the same from its start on."""
    number = needed(doc, "name", "order_number").lstrip("#") or needed(doc, "id")
    names = ("id", "name", "order_number", "confirmation_number", "checkout_token", "token", "cart_token", "source_identifier")
    called = {found for name in names if (found := text(doc, name))} | {number}
    keys = {found for name in ("reference", "source_identifier") if (found := text(doc, name))}
    noted = doc.get("note_attributes")
    for each in noted if isinstance(noted, list) else ():
        if isinstance(each, dict) and text(each, "name") in ("payment_intent_id", "transaction_id"):
            keys |= {found for found in (text(each, "value"),) if found}
    much, unit = amount(doc, "total_price", "current_total_price"), currency(doc, "currency")
    if much is None or unit is None:
        much, unit = needed(doc, "total_price"), needed(doc, "currency")
    at = moment(doc, "updated_at", "created_at")
    return ToldOrder(number[:64], much, unit, tuple(sorted(keys)), tuple(sorted(called)), at, _buyer(doc))


def _wish(type: str, doc: Doc) -> ToldPrivacy:
    customer, asked = inside(doc, "customer"), inside(doc, "data_request")
    named = doc.get("orders_to_redact") or doc.get("orders_requested")
    orders = tuple(str(each)[:64] for each in named if isinstance(each, int | str)) if isinstance(named, list) else ()
    request = text(asked, "id") or text(customer, "id") or ""
    return ToldPrivacy(_WISHES[type], text(customer, "email"), text(customer, "phone"), orders, request)


def _buyer(doc: Doc) -> dict[str, str]:
    customer, address, client = inside(doc, "customer"), inside(doc, "billing_address"), inside(doc, "client_details")
    name = text(address, "name") or " ".join(part for part in (text(customer, "first_name"), text(customer, "last_name")) if part)
    found = {
        "name": name, "email": text(doc, "email", "contact_email") or text(customer, "email"),
        "phone": text(doc, "phone") or text(customer, "phone") or text(address, "phone"),
        "ip": text(doc, "browser_ip") or text(client, "browser_ip"), "locale": text(doc, "customer_locale", most=35),
    }  # fmt: skip
    return {key: value for key, value in found.items() if value}


def _dispute(doc: Doc) -> ToldCase:
    status, reason, code = needed(doc, "status"), text(doc, "reason"), text(doc, "network_reason_code")
    inquiry = text(doc, "type") == "inquiry"
    return ToldCase(
        needed(doc, "id"), "inquiry" if inquiry else "chargeback", "inquiry" if inquiry else "chargeback", status,
        _DISPUTES.get(status, 0), moment(doc, "finalized_on", "evidence_sent_on", "initiated_at"), moment(doc, "initiated_at"),
        None, text(doc, "order_id"), code, reason, category(code) or _REASONS.get(reason or "", "chargeback_alert"),
        amount(doc, "amount"), currency(doc, "currency"), moment(doc, "evidence_due_by"), answered=status != "needs_response",
        outcome=_OUTCOMES.get(status),
    )  # fmt: skip
