"""What payment institutions and shops have told: their events as they came, payments, cases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import Any

from bot.frozen import record

ALIAS = "order"  # a Payment's status: no payment, but what a shop calls the order, to find it by
STATES = ("waiting", "done", "unmatched", "ignored", "failed")


@record(frozen=True, slots=True)
class Happening:
    """An event as it came, once per (merchant, connection, event_id). `sealed` opens to its bytes; nothing else of it is kept in the clear
    but its type, and in `why` the sentence that says what became of it.

    `waiting` (to be worked, or tried again), `done`, `unmatched` (no order and no shop that it fits: kept until there is one), `ignored`
    (nothing that concerns us), `failed` (tried often enough).
    """

    merchant_id: str
    connection: str
    event_id: str
    id: str
    kind: str
    type: str
    sealed: bytes = field(repr=False)
    received_at: datetime
    available_at: datetime
    state: str = "waiting"
    attempt: int = 0
    why: Mapping[str, Any] | None = None  # {"key", "params"} of a sentence
    ticket: int | None = None
    worked_at: datetime | None = None


@record(frozen=True, slots=True)
class Payment:
    """A payment as its institution tells it; an order may have several, and what the merchant called it there is not unique.

    Amounts are decimal texts. `rank` is how far its status is, and never falls; `refunds` are documents by the institution's id.
    """

    merchant_id: str
    provider: str
    payment_id: str
    shop_id: str
    order_no: str
    channel_id: str | None = None
    sub_merchant_id: str | None = None
    reference: str | None = None
    status: str = ""
    rank: int = 0
    amount: str | None = None
    currency: str | None = None
    captured: str | None = None
    refunds: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    method: Mapping[str, Any] = field(default_factory=dict)
    paid_at: datetime | None = None
    told_at: datetime | None = None
    version: int = 1


@record(frozen=True, slots=True)
class Case:
    """A dispute, an alert, a refund or a payout that failed: one per institution's own id, with its one ticket.

    `due_basis`: `psp` where the institution has said when it is due, else `default`. `rank` never falls.
    """

    merchant_id: str
    provider: str
    case_id: str
    ticket: int
    kind: str
    stage: str
    status: str
    rank: int
    opened_at: datetime
    payment_id: str | None = None
    reason_code: str | None = None
    reason: str | None = None
    amount: str | None = None
    currency: str | None = None
    due_at: datetime | None = None
    due_basis: str = "default"
    answered: bool = False
    outcome: str | None = None
    told_at: datetime | None = None
    version: int = 1
