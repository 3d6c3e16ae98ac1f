"""What institutions and shops tell, in neutral words: made by handlers/payments of an event's bytes, understood by bot.happenings.

Amounts are decimal texts in the currency's own unit, times are UTC. `rank`: how far a status is on its way; one that is lower than what is
known came late and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

CaseKind = Literal["alert", "inquiry", "chargeback", "pre_arbitration", "fraud_warning", "refund", "payout"]


@dataclass(frozen=True, slots=True)
class TakeEvent:
    """An event whose signature is good, to be kept before it is acknowledged. `id` is its sender's own."""

    connection: str
    merchant_id: str
    kind: str
    id: str
    type: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ToldPayment:
    """A payment's state. `reference` is what the merchant calls the order there; `paid`: the money is the merchant's."""

    payment_id: str
    status: str
    rank: int
    paid: bool = False
    at: datetime | None = None
    amount: str | None = None
    currency: str | None = None
    captured: str | None = None
    reference: str | None = None
    sub_merchant_id: str | None = None
    method: Mapping[str, Any] = field(default_factory=dict)
    buyer: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ToldRefund:
    """A refund of a payment; `status` is pending, succeeded or failed."""

    refund_id: str
    payment_id: str
    status: Literal["pending", "succeeded", "failed"]
    at: datetime | None = None
    amount: str | None = None
    currency: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ToldCase:
    """Something that somebody has to see to. `answered`: the evidence is in, or none is wanted; `outcome`: how it ended, where it has.

    `due_at` None: the institution names none, and the kind's usual time holds. `on_its_way`: nothing is wrong unless it fails to arrive;
    `expected_at` is when the institution says that it will.
    """

    case_id: str
    kind: CaseKind
    stage: str
    status: str
    rank: int
    at: datetime | None = None
    opened_at: datetime | None = None
    payment_id: str | None = None
    reference: str | None = None
    reason_code: str | None = None
    reason: str | None = None
    category: str = "chargeback_alert"
    amount: str | None = None
    currency: str | None = None
    due_at: datetime | None = None
    answered: bool = False
    outcome: str | None = None
    on_its_way: bool = False
    expected_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToldOrder:
    """A shop's order. It enters only when one of the operator's payments is found by one of `keys`, or is `called` so and as much."""

    order_no: str
    amount: str
    currency: str
    keys: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    at: datetime | None = None
    buyer: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class ToldPrivacy:
    """A buyer's wish that a shop passes on: `erase` them, say what `data` there is; or the `shop` itself is to be erased.

    `request`: what the sender calls it, where it has a name.
    """

    wants: Literal["erase", "data", "shop"]
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    orders: tuple[str, ...] = ()
    request: str = ""


Fact = ToldPayment | ToldRefund | ToldCase | ToldOrder | ToldPrivacy


@dataclass(frozen=True, slots=True)
class Told:
    """What an event says. No facts: nothing that concerns a ticket; `known` False: a type that nobody here has heard of."""

    facts: tuple[Fact, ...] = ()
    known: bool = True


@dataclass(frozen=True, slots=True)
class PutConnection:
    """Creates or replaces a connection → Doc, its secrets masked. A secret given as its own mask keeps the stored one.

    Raises NotFound (merchant, shop, or the id is another merchant's), BadUsage (a mask that is none).
    """

    id: str
    merchant_id: str
    kind: str
    secrets: tuple[str, ...] = field(repr=False)
    shop_id: str | None = None
    channel_id: str | None = None
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class ReplayEvent:
    """Works an event again that is kept: one that fits nothing, was ignored or failed → Doc. Raises NotFound, WrongState."""

    id: str
    within: str | None = None
    by: str = "system"


@dataclass(frozen=True, slots=True)
class ConnectionOf:
    """A connection, its secrets masked → Doc. Raises NotFound, another merchant's too."""

    id: str
    within: str | None = None


@dataclass(frozen=True, slots=True)
class ConnectionsOf:
    """All of them → Page[Doc], by id."""

    within: str | None = None
    limit: int = 50
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class EventsOf:
    """Events, the newest first → Page[Doc]; `state` None: of any."""

    within: str | None = None
    state: str | None = None
    limit: int = 50
    cursor: str | None = None
