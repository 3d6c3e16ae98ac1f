"""What one transaction can read and write, store by store. `storage/` implements these; every method is synchronous and runs inside `Work`.

`within` None sees every merchant; otherwise only that one, and another's row is None, as if it did not exist.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.messages.asks import Page, TicketFilter
from bot.people import Person
from bot.records import (
    ApiKey,
    Deadline,
    Entry,
    Freeze,
    Inbound,
    Merchant,
    Message,
    Order,
    Outgoing,
    Shop,
    Undoable,
    Webhook,
)  # fmt: skip
from bot.ticket import Ticket


class Merchants(Protocol):
    """Merchants and their shops. Ids are unique per deployment: `put` of an id that is another merchant's raises NotFound."""

    def get(self, id: str) -> Merchant | None: ...
    def many(self, ids: Iterable[str]) -> Mapping[str, Merchant]: ...
    def put(self, merchant: Merchant) -> None: ...
    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Merchant]: ...
    def shop(self, id: str, within: str | None = None) -> Shop | None: ...
    def put_shop(self, shop: Shop) -> None: ...
    def shops(self, within: str | None, limit: int, cursor: str | None) -> Page[Shop]: ...


class Orders(Protocol):
    """Orders, by shop and number."""

    def get(self, shop_id: str, order_no: str, within: str | None = None) -> Order | None: ...
    def find(self, order_no: str, within: str | None) -> Sequence[Order]: ...
    def put(self, order: Order) -> None: ...
    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Order]: ...


class People(Protocol):
    """Agents and the API's keys."""

    def get(self, id: str, within: str | None = None) -> Person | None: ...
    def many(self, ids: Iterable[str]) -> Mapping[str, Person]: ...
    def linked(self, channel: str, external_id: str) -> Person | None:
        """The person with this chat account. Slack: `TEAM/USER`; a person linked without a team matches any team."""
        ...

    def named(self, words: str, merchant_id: str) -> Sequence[Person]:
        """Those whose id or name is `words` (any case), else those of whose name they are a part; who see that merchant."""
        ...

    def put(self, person: Person) -> None:
        """Raises Refused `already_linked` when one of its chat accounts is another person's."""
        ...

    def delete(self, id: str) -> None: ...
    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Person]: ...
    def senior_managers(self) -> Sequence[Person]: ...
    def key(self, id: str) -> ApiKey | None: ...
    def put_key(self, key: ApiKey) -> None: ...
    def keys(self, within: str | None, limit: int, cursor: str | None) -> Page[ApiKey]: ...


class Tickets(Protocol):
    """Tickets. `next_due` is the next unmet tier's moment, kept for sorting."""

    def next_number(self, merchant_id: str) -> int: ...
    def add(self, ticket: Ticket, next_due: datetime | None) -> None: ...
    def get(self, number: int, within: str | None = None) -> Ticket | None: ...
    def many(self, numbers: Iterable[int]) -> Mapping[int, Ticket]: ...
    def locked(self, keys: Sequence[tuple[str, int]]) -> Mapping[int, Ticket]:
        """Those of these (merchant, number) rows that no other transaction holds now, held until the end of this one."""
        ...

    def save(self, ticket: Ticket, next_due: datetime | None) -> Ticket:
        """Writes it if its version is still the stored one and returns it with the next version; otherwise raises Conflict."""
        ...

    def save_locked(self, tickets: Sequence[tuple[Ticket, datetime | None]]) -> None:
        """Writes tickets that `locked` gave, many at a time; versions grow by one."""
        ...

    def page(self, filter: TicketFilter, limit: int, cursor: str | None) -> Page[Ticket]:
        """Newest number first."""
        ...

    def urgent(self, filter: TicketFilter, limit: int, offset: int) -> tuple[Sequence[Ticket], int]:
        """Most urgent first (next_due, then number), with the count of all that match."""
        ...

    def of_order(self, shop_id: str, order_no: str) -> Sequence[Ticket]: ...


class Messages(Protocol):
    """What was said on a ticket, oldest first."""

    def add(self, message: Message) -> None: ...
    def get(self, merchant_id: str, ticket: int, id: str) -> Message | None: ...
    def release(self, message: Message) -> None:
        """A held reply left: no longer held."""
        ...

    def remove(self, message: Message) -> None: ...
    def last(self, merchant_id: str, ticket: int, limit: int) -> Sequence[Message]: ...
    def move(self, ticket: Ticket, into: Ticket) -> None: ...


class Timeline(Protocol):
    """All that happened to tickets, append only."""

    def add(self, entries: Sequence[Entry]) -> None: ...
    def page(self, merchant_id: str, ticket: int, limit: int, cursor: str | None) -> Page[Entry]: ...


class Deadlines(Protocol):
    """The clock: one row per (ticket, kind) still to come, indexed by its moment."""

    def arm(self, deadlines: Sequence[Deadline]) -> None:
        """Sets or moves them."""
        ...

    def disarm(self, merchant_id: str, ticket: int, kind: str | None = None) -> None: ...
    def take_due(self, now: datetime, limit: int) -> Sequence[Deadline]:
        """The oldest due rows nobody else holds, held until this transaction ends. They stay until armed anew or disarmed."""
        ...

    def next_due(self) -> datetime | None: ...


class Outbox(Protocol):
    """Deliveries. A row is written in the transaction of its cause; sending is a second loop that leases rows."""

    def add(self, rows: Sequence[Outgoing]) -> None:
        """Inserts those whose (merchant, cause, channel, target) is new; the others are there already and stay as they are."""
        ...

    def touch(self, tickets: Sequence[tuple[str, int]], channels: Sequence[str], now: datetime) -> None:
        """These tickets moved: their cards (payload["card"], state sent or waiting) on `channels` are to be shown anew."""
        ...

    def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[Outgoing]:
        """Takes up to `limit` waiting rows available by now, oldest first; attempt grows by one; nobody else gets them before `until`."""
        ...

    def lease_more(self, channel: str, target: str, now: datetime, until: datetime, limit: int) -> Sequence[Outgoing]:
        """The same, of one address alone (for a digest)."""
        ...

    def settle(self, results: Sequence[Outgoing], now: datetime) -> Sequence[str]:
        """Records outcomes (state, available_at, receipt, failures, last_error) of leased rows and ends their leases.

        A row whose attempt is no longer the given one is somebody else's and is left alone (fencing). One whose revision grew meanwhile
        is waiting again, available now, with the new receipt. Returns the ids that were recorded.
        """
        ...

    def free(self) -> int:
        """Ends every lease: for a start that knows its predecessor is dead (the embedded database's one process)."""
        ...

    def first_receipts(self, rows: Sequence[tuple[str, int, str, str]]) -> Mapping[tuple[int, str, str], Mapping[str, str]]:
        """For (merchant, ticket, channel, target): the receipt of the first card sent there."""
        ...

    def by_receipt(self, channel: str, target: str, thread: str) -> Outgoing | None:
        """The card at this address whose receipt says `thread`."""
        ...

    def next_available(self) -> datetime | None: ...
    def get(self, id: str, within: str | None = None) -> Outgoing | None: ...
    def of_cause(self, merchant_id: str, cause: str) -> Sequence[Outgoing]: ...
    def retry(self, id: str, now: datetime) -> None: ...
    def page(self, within: str | None, state: str | None, limit: int, cursor: str | None) -> Page[Outgoing]: ...
    def counts(self) -> Mapping[str, int]:
        """Rows by state, of `waiting` and `dead` only."""
        ...


class Inbox(Protocol):
    """What platforms sent, unique per (source, their id)."""

    def add(self, inbound: Inbound) -> bool:
        """Stores it; False when it is there already."""
        ...

    def get(self, source: str, external_id: str) -> Inbound | None: ...
    def finish(self, inbound: Inbound) -> None:
        """Stores it worked, with its outcome; inserts it when it was never stored before. Conflict when another has finished it first."""
        ...

    def lease(self, now: datetime, until: datetime, limit: int) -> Sequence[Inbound]: ...
    def next_available(self) -> datetime | None: ...


class Freezes(Protocol):
    """Permissions switched off."""

    def add(self, freeze: Freeze) -> None: ...
    def get(self, id: str) -> Freeze | None: ...
    def active(self, kind: str, subject: str, merchant_id: str | None, now: datetime) -> Sequence[Freeze]:
        """Not lifted, not lapsed, the latest end first."""
        ...

    def lift(self, freeze: Freeze) -> None: ...
    def page(self, within: str | None, now: datetime | None, limit: int, cursor: str | None) -> Page[Freeze]:
        """`now`: only those active then."""
        ...


class Webhooks(Protocol):
    """Subscriptions of other systems."""

    def add(self, webhook: Webhook) -> None: ...
    def get(self, id: str, within: str | None = None) -> Webhook | None: ...
    def many(self, ids: Iterable[str]) -> Mapping[str, Webhook]: ...
    def delete(self, id: str) -> None: ...
    def subscribed(self, merchant_ids: Iterable[str]) -> Sequence[Webhook]: ...
    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Webhook]: ...


class Notes(Protocol):
    """Small things that live for a while: undo, snoozes, idempotency keys."""

    def put_undo(self, undoable: Undoable) -> None: ...
    def undoable(self, person_id: str) -> Undoable | None: ...
    def clear_undo(self, person_id: str) -> None: ...
    def snooze(self, merchant_id: str, ticket: int, person_id: str, until: datetime | None) -> None:
        """None ends it."""
        ...

    def snoozed(self, tickets: Iterable[int], now: datetime) -> set[tuple[int, str]]:
        """(ticket, person) pairs that are silenced now."""
        ...

    def answered(self, scope: str, key: str) -> tuple[str, int, Any] | None:
        """(fingerprint, status, body) kept for this idempotency key."""
        ...

    def keep_answer(self, scope: str, key: str, fingerprint: str, status: int, body: Any, now: datetime) -> None:
        """Raises Conflict when another transaction kept one first."""
        ...


class Stores(Protocol):
    """One transaction."""

    merchants: Merchants
    orders: Orders
    people: People
    tickets: Tickets
    messages: Messages
    timeline: Timeline
    deadlines: Deadlines
    outbox: Outbox
    inbox: Inbox
    freezes: Freezes
    webhooks: Webhooks
    notes: Notes
