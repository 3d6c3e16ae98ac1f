"""Conversations that a bot knows."""

from __future__ import annotations

from bot.house import House
from bot.messages import KnownChats
from bot.records import Chat
from bot.stores import Stores


def _known(stores: Stores, house: House, query: KnownChats) -> tuple[Chat, ...]:
    return tuple(stores.chats.of_bot(query.channel, query.bot_id))


ANSWERS = {KnownChats: _known}
