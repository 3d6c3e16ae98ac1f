"""Tickets and what hangs on one: messages, timeline, deadlines, small notes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.messages.asks import Page
from bot.messages.finding import TicketFilter
from bot.records import Deadline, Entry, Message, Order, Undoable
from bot.ticket import Ticket


class Tickets(Protocol):
    """Tickets. `next_due` is the next unmet tier's moment, kept for sorting."""

    def next_number(self, merchant_id: str) -> int: ...
    def add(self, ticket: Ticket, next_due: datetime | None) -> None: ...
    def next_numbers(self, merchant_id: str, many: int) -> Sequence[int]:
        """So many at once, growing."""
        ...

    def add_many(self, tickets: Sequence[tuple[Ticket, datetime | None]]) -> None: ...
    def get(self, number: int, within: str | None = None) -> Ticket | None: ...
    def many(self, numbers: Iterable[int]) -> Mapping[int, Ticket]: ...
    def locked(self, keys: Sequence[tuple[str, int]]) -> Mapping[int, Ticket]:
        """Those of these (merchant, number) rows that no other transaction holds now, held until the end of this one."""
        ...

    def save(self, ticket: Ticket, next_due: datetime | None) -> Ticket:
        """Writes it if its version is still the stored one and returns it with the next version; otherwise raises Conflict."""
        ...

    def save_clocks(self, tickets: Sequence[tuple[Ticket, datetime | None]]) -> None:
        """Writes the targets, tier, ledger and `seen_at` of tickets that `locked` gave, many at a time; versions grow by one.

        Nothing else of them is written.
        """
        ...

    def page(self, filter: TicketFilter, limit: int, cursor: str | None) -> Page[Ticket]:
        """Newest number first."""
        ...

    def walk(self, within: str | None, after: int, limit: int) -> Sequence[Ticket]:
        """Those with a greater number, in the order of their numbers."""
        ...

    def urgent(self, filter: TicketFilter, limit: int, cursor: str | None = None, *, back: bool = False) -> Page[Ticket]:
        """Most urgent first (next_due, then number), of what is over the newest; those after `cursor`, or with `back` those before it."""
        ...

    def count(self, filter: TicketFilter, most: int | None = None) -> int:
        """How many match; of more than `most`, one more than that: counting all would take longer than showing them."""
        ...

    def running(self, within: str | None, after: tuple[str, int], limit: int) -> Sequence[Ticket]:
        """Those that are not over (resolved ones are not), after this (merchant, number), in that order."""
        ...

    def of_order(self, shop_id: str, order_no: str) -> Sequence[Ticket]: ...
    def of_orders(self, orders: Sequence[Order]) -> Mapping[tuple[str, str], Sequence[Ticket]]:
        """By (shop, number), those of orders that have any."""
        ...


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
    def disarm_many(self, tickets: Sequence[tuple[str, int]], kind: str) -> None:
        """This kind of each (merchant, ticket)."""
        ...

    def disarm_family(self, merchant_id: str, ticket: int, family: str) -> None:
        """All whose kind is `family:…`."""
        ...

    def take_due(self, now: datetime, limit: int) -> Sequence[Deadline]:
        """The oldest due rows nobody else holds, held until this transaction ends. They stay until armed anew or disarmed."""
        ...

    def take(self, wanted: Sequence[Deadline], now: datetime) -> Sequence[Deadline]:
        """Those of these rows that are due and nobody else holds, held as `take_due` does."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Deadline]:
        """The oldest due rows, held by nobody: to plan by."""
        ...

    def next_due(self) -> datetime | None: ...


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
