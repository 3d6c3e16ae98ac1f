"""PingPong (v4): disputes.

Its document signs the body's own `sign`: upper-case hex SHA-256 of the salt and then the body's texts that are
not blank, sorted, as `k=v&…`. It brings neither a time nor an id of the event: what says the same is the same event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from bot.errors import Unauthentic, Unreadable
from bot.messages import Told, ToldCase
from handlers.payments.reasons import category
from handlers.payments.signing import Arrived, Headers, matches
from handlers.payments.values import amount, currency, document, moment, needed, text

NAME = "pingpong"
_STAGES = {
    "REQUEST_FOR_INFORMATION": 0, "NOTIFICATION_OF_CHARGEBACK": 10, "CHARGEBACK_REVERSED": 19, "PREARBITRATION": 20,
    "PREARBITRATION_WON": 29, "PREARBITRATION_LOST": 29,
}  # fmt: skip
_KINDS = {"REQUEST_FOR_INFORMATION": "inquiry", "NOTIFICATION_OF_CHARGEBACK": "chargeback", "CHARGEBACK_REVERSED": "chargeback"}
_TYPES = {"DUTY": "unauthorized_payment", "NO_RECEIVED": "not_received", "WRONG_GOODS": "not_as_described"}
_OUTCOMES = {"WON": "won", "LOST": "lost", "ACCEPTED": "accepted", "REVOKED": "revoked", "REFUNDED": "refunded", "EXPIRED": "expired"}
_ENDS = {"CHARGEBACK_REVERSED": "won", "PREARBITRATION_WON": "won", "PREARBITRATION_LOST": "lost"}
_READ = (
    "eventCode", "disputePspReference", "status", "disputeStatus", "chargebackReasonCode", "eventTime", "updateTime", "createTime",
    "originalReference", "merchantReference", "disputeType", "disputeAmount", "amount", "disputeCurrency", "currency",
    "defensePeriodEndsAt", "defendable",
)  # fmt: skip
_RANKS = {"PENDING": 1, "PROCESSED": 5}


def verify(raw: bytes, headers: Headers, secrets: Sequence[str], now: datetime) -> Arrived:
    """Raises Unauthentic; Unreadable for a good signature under what is no event."""
    try:
        body = _body(raw)
    except Unreadable as broken:
        raise Unauthentic(str(broken)) from None
    given = body.get("sign")
    if not isinstance(given, str) or len(given) != 64 or not given.isascii():
        raise Unauthentic("no sign")
    content = signed(body)
    if any(sign in str(body.get(name, "")) for name in _READ for sign in "&="):
        raise Unauthentic("what it signs could be read in two ways")  # the signs stand between what is signed, and for themselves
    matches([hashlib.sha256((each + content).encode()).hexdigest().upper() for each in secrets], [given.upper()])
    type = needed(body, "eventCode")
    return Arrived(f"{type}:{hashlib.sha256(content.encode()).hexdigest()[:40]}", type)


def signed(body: Mapping[str, Any]) -> str:
    """What the signature is of, behind the salt."""
    said = {name: value.strip() for name, value in body.items() if name != "sign" and isinstance(value, str) and value.strip()}
    return "&".join(f"{name}={said[name]}" for name in sorted(said))


def normalise(type: str, raw: bytes) -> Told:
    """What it says. Raises Unreadable."""
    if type not in _STAGES:
        return Told(known=False)
    body = _body(raw)
    status = (text(body, "status", "disputeStatus") or "PENDING").upper()
    outcome = _ENDS.get(type) or _OUTCOMES.get(status)
    rank = _STAGES[type] if type in _ENDS else _STAGES[type] + (8 if outcome else _RANKS.get(status, 1))
    code = text(body, "chargebackReasonCode")
    kind = _KINDS.get(type, "pre_arbitration")
    at = moment(body, "eventTime", "updateTime", "createTime")
    case = ToldCase(
        needed(body, "disputePspReference"), kind, type.lower(), status, rank, at, at, text(body, "originalReference"),  # type: ignore[arg-type]
        text(body, "merchantReference", most=64), code, text(body, "disputeType"),
        category(code) or _TYPES.get(text(body, "disputeType") or "", "chargeback_alert"), amount(body, "disputeAmount", "amount"),
        currency(body, "disputeCurrency", "currency"), moment(body, "defensePeriodEndsAt"),
        answered=status != "PENDING" or type in _ENDS or text(body, "defendable") == "false", outcome=outcome,
    )  # fmt: skip
    return Told((case,))


def _body(raw: bytes) -> dict[str, Any]:
    """JSON, or a form; its texts alone, since nothing else of it is signed."""
    if raw.lstrip()[:1] == b"{":
        return {name: value for name, value in document(raw).items() if isinstance(value, str)}
    try:
        pairs = parse_qsl(raw.decode(), strict_parsing=True, max_num_fields=200)
    except ValueError:
        raise Unreadable("it is neither JSON nor a form") from None
    if len(dict(pairs)) != len(pairs):
        raise Unreadable("it says something twice")
    return dict(pairs)
