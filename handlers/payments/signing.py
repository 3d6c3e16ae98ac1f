"""What signatures have in common: a header that is there once, a timestamp that is now, digests compared in constant time."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.errors import Unauthentic

WINDOW = timedelta(seconds=300)  # Stripe's and UQPAY's own libraries allow as much
Headers = Mapping[str, tuple[str, ...]]  # lower-case name → its values
_SECONDS, _MILLIS = re.compile(r"[0-9]{10}", re.ASCII), re.compile(r"[0-9]{13}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Arrived:
    """An event whose signature is good: its sender's own id and type of it."""

    id: str
    type: str


def header(headers: Headers, name: str) -> str:
    """Raises Unauthentic unless it is there exactly once, in plain ASCII of a sane length."""
    found = headers.get(name, ())
    if len(found) != 1 or not found[0].isascii() or not 0 < len(found[0]) <= 2_000:
        raise Unauthentic(f"no {name}, or not one")
    return found[0]


def fresh(stamp: str, now: datetime, *, millis: bool = False) -> None:
    """Raises Unauthentic unless it is within the window around now. `millis`: a number of milliseconds is a time, too."""
    if _SECONDS.fullmatch(stamp):
        seconds = int(stamp)
    elif millis and _MILLIS.fullmatch(stamp):
        seconds = int(stamp) // 1000
    else:
        raise Unauthentic("its timestamp is no time")
    if abs(datetime.fromtimestamp(seconds, UTC) - now) > WINDOW:
        raise Unauthentic("its timestamp is too far from now")


def digest(secret: str, signed: bytes, algorithm: str) -> bytes:
    """The HMAC."""
    return hmac.digest(secret.encode(), signed, algorithm)


def matches(expected: Iterable[str], given: Iterable[str]) -> None:
    """Raises Unauthentic unless one of the given is one of the expected; each pair is compared, and each in constant time."""
    claims = [each.encode() for each in given]
    good = [hmac.compare_digest(each.encode(), claim) for each in expected for claim in claims]
    if not any(good):
        raise Unauthentic("its signature is not good")
