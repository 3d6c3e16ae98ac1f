"""What the networks' reason codes are about, as one of our categories."""

from __future__ import annotations

import re

_VISA = (
    (re.compile(r"10(\.\d)?"), "unauthorized_payment"),
    (re.compile(r"11(\.\d)?"), "payment_failed"),
    (re.compile(r"12\.[56](\.\d)?"), "duplicate_charge"),
    (re.compile(r"13\.1"), "not_received"),
    (re.compile(r"13\.[345]"), "not_as_described"),
    (re.compile(r"13\.6"), "refund_delay"),
    (re.compile(r"13\.[27]"), "refund_request"),
)
_MASTERCARD = {"4837": "unauthorized_payment", "4863": "unauthorized_payment", "4808": "payment_failed", "4834": "duplicate_charge"}


def category(code: str | None) -> str | None:
    """None for a code that says nothing, or that nobody here knows."""
    if not code:
        return None
    found = next((name for pattern, name in _VISA if pattern.fullmatch(code)), None)
    return found or _MASTERCARD.get(code)
