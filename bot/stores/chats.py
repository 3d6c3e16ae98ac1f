"""Chat accounts and conversations: what one process holds, which chats a bot knows, codes that link an account to a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.records import Chat, Hold, LinkCode


class Holds(Protocol):
    """Leases on what only one process at a time may do, such as a bot's one connection. Compared by the processes' own clocks."""

    def take(self, name: str, holder: str, now: datetime, until: datetime, note: Mapping[str, Any]) -> Hold:
        """Whose it is now: `holder`'s, where it was free, lapsed or its own already; another's otherwise."""
        ...

    def release(self, name: str, holder: str, now: datetime) -> None:
        """It is free at once. Nothing where it is another's."""
        ...

    def get(self, name: str) -> Hold | None: ...


class Chats(Protocol):
    """Conversations that bots have been spoken to in."""

    def saw(self, chat: Chat) -> None:
        """Adds it, or that it was seen again."""
        ...

    def of_bot(self, channel: str, bot_id: str) -> Sequence[Chat]:
        """All of them, those seen last first."""
        ...

    def forget(self, channel: str, bot_id: str, id: str) -> None: ...


class LinkCodes(Protocol):
    """Codes that link accounts, and how often an account has guessed."""

    def put(self, code: LinkCode, now: datetime) -> None:
        """The agent's only one: an older one is void. Lapsed ones go."""
        ...

    def alive(self, now: datetime) -> Sequence[LinkCode]:
        """All that still work."""
        ...

    def use(self, code: LinkCode) -> bool:
        """Voids it; False when somebody was faster."""
        ...

    def tried(self, channel: str, account: str, now: datetime, since: datetime) -> int:
        """Counts a try of this account; how many there are after `since`, this one included."""
        ...
