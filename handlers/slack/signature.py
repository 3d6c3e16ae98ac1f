"""Whether a request comes from Slack: https://docs.slack.dev/authentication/verifying-requests-from-slack

slack_sdk's own verifier reads the wall clock and raises on hostile headers; this one is told the time and only ever says no.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime

from multidict import CIMultiDictProxy

from bot.errors import Unauthentic

WINDOW = 300  # seconds, both ways
MOST_BODY = 1024 * 1024

_TIMESTAMP = re.compile(r"[0-9]{10}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


def verified(headers: CIMultiDictProxy[str], body: bytes, secret: str, now: datetime) -> str:
    """The body as text. Raises Unauthentic unless Slack has signed it within the last five minutes."""
    stamp = _only(headers, "X-Slack-Request-Timestamp", _TIMESTAMP)
    signature = _only(headers, "X-Slack-Signature", _SIGNATURE)
    if len(body) > MOST_BODY:
        raise Unauthentic("body too large")
    if abs(now.timestamp() - int(stamp)) > WINDOW:
        raise Unauthentic("stale timestamp")
    if not hmac.compare_digest(signed(secret, stamp, body), signature):
        raise Unauthentic("wrong signature")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        raise Unauthentic("body is not UTF-8") from None


def signed(secret: str, stamp: str, body: bytes) -> str:
    """What Slack's signature of this body is."""
    return "v0=" + hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, "sha256").hexdigest()


def _only(headers: CIMultiDictProxy[str], name: str, shape: re.Pattern[str]) -> str:
    found = headers.getall(name, [])
    if len(found) != 1 or not shape.fullmatch(found[0]):
        raise Unauthentic(f"bad {name}")
    return found[0]
