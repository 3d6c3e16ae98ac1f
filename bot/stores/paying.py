"""What institutions have told: events, payments, cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.messages.asks import Page
from bot.paid import Case, Happening, Payment
from bot.records import Order


class Happenings(Protocol):
    """Events. Working one, and what comes of it, is one transaction: a kill loses nothing and does nothing twice."""

    def add(self, events: Sequence[Happening]) -> None:
        """Those whose (merchant, connection, event_id) is new; the others are there already and stay as they are."""
        ...

    def take(self, now: datetime, limit: int) -> Sequence[Happening]:
        """The oldest that wait and that nobody else holds, held until this transaction ends; in the order in which they came."""
        ...

    def take_one(self, event: Happening, now: datetime) -> Happening | None:
        """This one, the same way."""
        ...

    def settle(self, events: Sequence[Happening]) -> None:
        """Writes what became of them: state, attempt, available_at, why, ticket, worked_at."""
        ...

    def expect(self, event: Happening, keys: Iterable[str]) -> None:
        """It waits for a payment or an order that is known by one of these."""
        ...

    def wake(self, merchant_id: str, keys: Iterable[str], now: datetime) -> int:
        """Those unmatched that expect one of these are to be worked again. How many."""
        ...

    def next_available(self) -> datetime | None: ...
    def get(self, id: str, within: str | None = None) -> Happening | None: ...
    def page(self, within: str | None, state: str | None, limit: int, cursor: str | None) -> Page[Happening]:
        """The newest first."""
        ...


class Payments(Protocol):
    """Payments, by institution and its own id."""

    def get(self, merchant_id: str, provider: str, payment_id: str) -> Payment | None: ...
    def read_ahead(self, merchant_id: str, provider: str, ids: Iterable[str]) -> None:
        """In one read: `get` knows them afterwards, and which there are none of, until the transaction's end."""
        ...

    def some(self, merchant_id: str, keys: Iterable[str]) -> Sequence[Payment]:
        """Those known by one of these, whichever institution's."""
        ...

    def known(self, ids: Iterable[str], within: str | None) -> Sequence[Payment]:
        """Those of these ids, by merchant; `within` None: anybody's."""
        ...

    def called(self, merchant_id: str, references: Iterable[str]) -> Sequence[Payment]:
        """Those that the merchant calls so, 50 at most: the name is not unique."""
        ...

    def put(self, payment: Payment) -> None:
        """Adds one of version 1, else writes over the version before it. Raises Conflict when somebody was faster."""
        ...

    def of_orders(self, orders: Sequence[Order]) -> Mapping[tuple[str, str], Sequence[Payment]]:
        """By (shop, number), those of orders that have any."""
        ...


class Cases(Protocol):
    """Cases, by institution and its own id."""

    def get(self, merchant_id: str, provider: str, case_id: str) -> Case | None: ...
    def read_ahead(self, merchant_id: str, provider: str, ids: Iterable[str]) -> None:
        """As `Payments.read_ahead`."""
        ...

    def put(self, case: Case) -> None:
        """As `Payments.put`."""
        ...

    def of_ticket(self, merchant_id: str, ticket: int) -> Sequence[Case]: ...
