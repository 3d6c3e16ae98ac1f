"""What must be kept (holds), how long (what is due to be cleared), and what was asked to be erased."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from bot.messages import Page


@dataclass(frozen=True, slots=True)
class LegalHold:
    """What is on this ticket stays until then, whatever else says that it should go."""

    merchant_id: str
    ticket: int
    reason: str
    until: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Erasure:
    """A request. `subject` is `{"kind": "email", "token": …}`, or `{"kind": "order_no", "token": NUMBER}`: never an address or a number.

    `left`: places that are to be cleared yet, as `T-1024` and `orders/SHOP/NO`. `look_at`: when to go on; none once all is done.
    """

    merchant_id: str
    id: str
    asked_at: datetime
    state: str
    ground: str
    by: str
    subject: Mapping[str, str]
    left: tuple[str, ...] = ()
    removed: Mapping[str, int] = field(default_factory=dict)
    look_at: datetime | None = None
    done_at: datetime | None = None
    certificate: Mapping[str, Any] | None = None


class Keeping(Protocol):
    """A merchant's own, all of it."""

    def hold(self, merchant_id: str, ticket: int, now: datetime) -> LegalHold | None:
        """The one that holds now."""
        ...

    def put_hold(self, hold: LegalHold) -> None:
        """In the place of the one that was there."""
        ...

    def lift_hold(self, merchant_id: str, ticket: int) -> bool:
        """False: there was none."""
        ...

    def disputed(self, merchant_id: str, ticket: int) -> bool:
        """Whether an institution's case about it has not ended."""
        ...

    def due(self, merchant_id: str, closed_before: datetime, now: datetime, limit: int) -> Sequence[int]:
        """Tickets that were closed before then, are closed still, hold something personal, and are neither held nor disputed.

        They are this transaction's: another replica's are left out.
        """
        ...

    def due_orders(self, merchant_id: str, before: datetime, limit: int) -> Sequence[tuple[str, str]]:
        """Orders (shop, number) with a buyer, untouched since, of which no ticket holds anything personal."""
        ...

    def count(self, merchant_id: str, closed_before: datetime, now: datetime) -> int:
        """How many tickets are due."""
        ...

    def orders_called(self, merchant_id: str, order_no: str) -> Sequence[str]:
        """Their shops."""
        ...

    def tickets_of(self, merchant_id: str, order_no: str, shop_id: str | None, limit: int) -> Sequence[int]:
        """Those about an order of this number that hold something."""
        ...

    def of_shop(self, merchant_id: str, shop_id: str, limit: int) -> Sequence[str]:
        """Its orders with a buyer (`orders/SHOP/NO`), and its tickets (`T-1024`) that were not cleared."""
        ...

    def clear(self, merchant_id: str, ticket: int, now: datetime, *, over: bool) -> Mapping[str, int]:
        """Takes all that tells of a person off a ticket; what was removed, counted. `over`: it is closed, and not looked at again."""
        ...

    def clear_order(self, merchant_id: str, shop_id: str, order_no: str) -> int:
        """Takes the buyer off it. 0: there was none."""
        ...

    def clear_old(self, merchant_id: str | None, before: datetime, limit: int) -> int:
        """What hangs on no ticket and is older: events, jobs, sightings; of no merchant, what platforms sent. How many rows."""
        ...

    def drop_views(self, merchant_id: str, tokens_of: Any, token: str) -> int:
        """Saved views that name somebody with this token; `tokens_of` says which a text names."""
        ...

    def add(self, erasure: Erasure) -> None: ...
    def save(self, erasure: Erasure) -> None: ...
    def get(self, id: str, within: str | None) -> Erasure | None: ...
    def waiting(self, now: datetime, limit: int) -> Sequence[Erasure]:
        """Those to go on with, the oldest look first."""
        ...

    def hurry(self, merchant_id: str, now: datetime) -> None:
        """Something that kept one back may be over."""
        ...

    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Erasure]:
        """The newest first."""
        ...
