"""Conversations that a bot knows: seen, forgotten."""

from __future__ import annotations

from datetime import datetime

from bot.house import House
from bot.messages import ChatSeen, Doc, ForgetChat
from bot.stores import Stores


def _saw(stores: Stores, house: House, change: ChatSeen, now: datetime) -> Doc:
    stores.chats.saw(change.chat)
    return {"id": change.chat.id, "kind": change.chat.kind}


def _forget(stores: Stores, house: House, change: ForgetChat, now: datetime) -> Doc:
    stores.chats.forget(change.chat.channel, change.chat.bot_id, change.chat.id)
    return {"id": change.chat.id, "kind": change.chat.kind}


CHANGES = {ChatSeen: _saw, ForgetChat: _forget}
