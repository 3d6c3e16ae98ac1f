"""Conversations that bots have been spoken to in."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, select

from bot.records import Chat
from storage.db import Db, PerDialect
from storage.rows import columns, values
from storage.schema import chats

_KEY = ("channel", "bot_id", "id")
_SAW = PerDialect(
    lambda insert: (new := insert(chats)).on_conflict_do_update(
        index_elements=_KEY, set_={name: new.excluded[name] for name in ("kind", "account", "seen_at")}
    )
)
_OF_BOT = (
    select(*columns(chats, Chat))
    .where(chats.c.channel == bindparam("c"), chats.c.bot_id == bindparam("b"))
    .order_by(chats.c.seen_at.desc(), chats.c.id)
)
_FORGET = delete(chats).where(chats.c.channel == bindparam("c"), chats.c.bot_id == bindparam("b"), chats.c.id == bindparam("i"))


class SqlChats:
    """bot.stores.Chats."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def saw(self, chat: Chat) -> None:
        """Adds it, or that it was seen again."""
        self._db.run(_SAW, values(chat))

    def of_bot(self, channel: str, bot_id: str) -> Sequence[Chat]:
        """All of them, those seen last first."""
        return [Chat(*row) for row in self._db.all(_OF_BOT, {"c": channel, "b": bot_id})]

    def forget(self, channel: str, bot_id: str, id: str) -> None:
        """The bot was thrown out of it."""
        self._db.run(_FORGET, {"c": channel, "b": bot_id, "i": id})
