"""Which conversations the bot knows, so that it may speak there first, and how much it has said in each.

30 messages a minute and 1,000 an hour in one conversation, replies and pushes together:
https://developer.work.weixin.qq.com/document/path/101463
"""

from __future__ import annotations

from collections import defaultdict, deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.messages import Chat, ChatSeen, ForgetChat, KnownChats
from handlers.wecom.longbot.inbound import CHANNEL, Said

if TYPE_CHECKING:
    from bot.desk import Desk

PER_MINUTE, PER_HOUR = 30, 1000
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
REMEMBERED = timedelta(days=1)  # how often it is written down that a chat was seen again


class Conversations:
    """Of one bot. Its counts are this process's own, which alone has the connection."""

    def __init__(self, bot_id: str) -> None:
        self._bot_id = bot_id
        self._known: dict[str, Chat] = {}
        self._said: dict[str, deque[datetime]] = defaultdict(deque)

    async def load(self, desk: Desk) -> None:
        """What is written down."""
        for chat in await desk.ask(KnownChats(CHANNEL, self._bot_id)):
            self._known.setdefault(chat.id, chat)

    async def saw(self, desk: Desk, said: Said, account: str, now: datetime) -> None:
        """Somebody has spoken to the bot there."""
        before = self._known.get(said.chat)
        chat = Chat(CHANNEL, self._bot_id, said.chat, "group" if said.group else "single", None if said.group else account, now)
        if before is None or before.account != chat.account or now - before.seen_at >= REMEMBERED:
            await desk.configure(ChatSeen(chat))
            self._known[chat.id] = chat

    async def forget(self, desk: Desk, chat: Chat) -> None:
        """The bot is not there any more."""
        self._known.pop(chat.id, None)
        await desk.configure(ForgetChat(chat))

    def find(self, target: str) -> Chat | None:
        """By a chat's own id, in its own case, or by whose single chat it is: `-/userid`."""
        account = target.rpartition("/")[2].lower()
        singles = (each for each in self._known.values() if each.account is not None and each.account == account)
        return self._known.get(target) or next(singles, None)

    def wait(self, chat: str, now: datetime) -> timedelta:
        """How long until one more may be said there; zero: now."""
        said = self._recent(chat, now)
        lately = [at for at in said if now - at < MINUTE]
        waits = [MINUTE - (now - lately[-PER_MINUTE])] if len(lately) >= PER_MINUTE else []
        waits += [HOUR - (now - said[-PER_HOUR])] if len(said) >= PER_HOUR else []
        return max(waits, default=timedelta())

    def spoke(self, chat: str, now: datetime) -> None:
        """One more was said."""
        self._recent(chat, now).append(now)

    def busy(self, chat: str, now: datetime) -> bool:
        """Whether so much was said there that it may have been too much."""
        said = self._recent(chat, now)
        return sum(now - at < MINUTE for at in said) > PER_MINUTE // 2 or len(said) > PER_HOUR // 2

    def _recent(self, chat: str, now: datetime) -> deque[datetime]:
        said = self._said[chat]
        while said and now - said[0] >= HOUR:
            said.popleft()
        return said
