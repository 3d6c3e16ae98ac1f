"""What goes out and what came in: the outbox and the inbox."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.messages.asks import Page
from bot.records import Inbound, Outgoing, Waiting


class Outbox(Protocol):
    """Deliveries. A row is written in the transaction of its cause; sending is a second loop that leases rows."""

    def add(self, rows: Sequence[Outgoing]) -> None:
        """Inserts those whose (merchant, cause, channel, target) is new; the others are there already and stay as they are."""
        ...

    def touch(self, tickets: Sequence[tuple[str, int]], channels: Sequence[str], now: datetime) -> None:
        """These tickets moved: their cards (payload["card"], state sent or waiting) on `channels` are to be shown anew."""
        ...

    def lease(self, now: datetime, until: datetime, limit: int, but: Sequence[str] = ()) -> Sequence[Outgoing]:
        """Takes up to `limit` waiting rows available by now, oldest first; attempt grows by one; nobody else gets them before `until`.

        Not those for the channels `but`.
        """
        ...

    def waiting(self, now: datetime, limit: int, but: Sequence[str] = ()) -> Sequence[Waiting]:
        """The oldest that wait and are available, leased by nobody, not those for the channels `but`: to plan by."""
        ...

    def lease_these(self, wanted: Sequence[Waiting], now: datetime, until: datetime) -> Sequence[Outgoing]:
        """`lease`, of these rows alone, as far as they still wait."""
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

    def hurry(self, rows: Sequence[Waiting], at: datetime) -> None:
        """What waits out a pause after a failure is available then at the latest."""
        ...

    def free(self) -> int:
        """Ends every lease: for a start that knows its predecessor is dead (the embedded database's one process)."""
        ...

    def first_receipts(self, rows: Sequence[tuple[str, int, str, str]]) -> Mapping[tuple[int, str, str], Mapping[str, str]]:
        """For (merchant, ticket, channel, target): the receipt of the first card sent there."""
        ...

    def by_receipt(self, channel: str, target: str | None, thread: str) -> Outgoing | None:
        """The card at this address (None: at any of the channel) whose receipt says `thread`."""
        ...

    def freshen(self, row: Outgoing, fresh: Mapping[str, str], now: datetime) -> None:
        """A press brought this to change the card with: it is kept, and the card is to be shown anew."""
        ...

    def newer(self, row: Outgoing) -> bool:
        """Whether another card of its ticket was sent to its address after it."""
        ...

    def behind(self, rows: Sequence[Outgoing], now: datetime) -> Mapping[str, datetime]:
        """Of these events those that are not the first that waits of their ticket at their receiver, and when to look again."""
        ...

    def next_turn(self, rows: Sequence[Outgoing], now: datetime) -> None:
        """These events ended: what waited for its turn behind them is available now."""
        ...

    def replay(self, target: str, since: datetime, states: Sequence[str], most: int, now: datetime) -> int:
        """Sends a webhook's deliveries made since then again, the oldest first; how many. What is being sent now is left alone."""
        ...

    def resend(self, id: str, now: datetime) -> None:
        """One that went out, or will not, waits again now, as if it had never been sent."""
        ...

    def next_available(self, but: Sequence[str] = ()) -> datetime | None: ...
    def get(self, id: str, within: str | None = None) -> Outgoing | None: ...
    def of_ticket(self, merchant_id: str, ticket: int, limit: int) -> Sequence[Outgoing]:
        """The oldest of a ticket's."""
        ...

    def of_cause(self, merchant_id: str, cause: str) -> Sequence[Outgoing]: ...
    def retry(self, id: str, now: datetime) -> None: ...
    def page(self, within: str | None, state: str | None, limit: int, cursor: str | None, webhook: str | None = None) -> Page[Outgoing]: ...
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
