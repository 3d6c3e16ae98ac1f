"""The institutions that are known, by name: how each proves itself, and what its events say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.messages import Told
from handlers.payments import airwallex, pingpong, shopify, stripe, uqpay
from handlers.payments.signing import Arrived, Headers


@dataclass(frozen=True, slots=True)
class Known:
    """bot.ports.Institution, and `verify` (raw bytes, headers, secrets, now)."""

    name: str
    verify: Callable[[bytes, Headers, Sequence[str], datetime], Arrived]
    normalise: Callable[[str, bytes], Told]
    shop: bool = False


INSTITUTIONS: Mapping[str, Known] = {
    each.NAME: Known(each.NAME, each.verify, each.normalise, each is shopify) for each in (uqpay, stripe, airwallex, pingpong, shopify)
}
