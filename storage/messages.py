"""What was said on a ticket."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, insert, select, update

from bot.records import Message
from bot.ticket import Ticket
from storage import texts
from storage.db import Db
from storage.rows import columns, values
from storage.schema import messages

_OF = (messages.c.merchant_id == bindparam("m"), messages.c.ticket == bindparam("t"))
_THIS = (*_OF, messages.c.id == bindparam("i"))
_ALL = select(*columns(messages, Message))
_ADD = insert(messages)
_ONE = _ALL.where(*_THIS)
_LAST = _ALL.where(*_OF).order_by(messages.c.created_at.desc(), messages.c.seq.desc()).limit(bindparam("most"))
_RELEASE = update(messages).where(*_THIS).values(held_until=None)
_REMOVE = delete(messages).where(*_THIS)
_MOVE = update(messages).where(*_OF).values(ticket=bindparam("into"))


class SqlMessages:
    """bot.stores.Messages."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def add(self, message: Message) -> None:
        """The newest."""
        self._db.run(_ADD, {**values(message), "attachments": list(message.attachments), "seq": self._db.seq()})
        texts.add_message(self._db, message)

    def get(self, merchant_id: str, ticket: int, id: str) -> Message | None:
        """By id."""
        row = self._db.first(_ONE, {"m": merchant_id, "t": ticket, "i": id})
        return _message_of(row) if row else None

    def release(self, message: Message) -> None:
        """No longer held."""
        self._db.run(_RELEASE, {"m": message.merchant_id, "t": message.ticket, "i": message.id})

    def remove(self, message: Message) -> None:
        """As if it had not been said."""
        self._db.run(_REMOVE, {"m": message.merchant_id, "t": message.ticket, "i": message.id})
        texts.remove_message(self._db, message)

    def last(self, merchant_id: str, ticket: int, limit: int) -> Sequence[Message]:
        """The last few, oldest first."""
        rows = self._db.all(_LAST, {"m": merchant_id, "t": ticket, "most": limit})
        return [_message_of(row) for row in reversed(rows)]

    def move(self, ticket: Ticket, into: Ticket) -> None:
        """All of them go over, and take their places among the others by their moments."""
        self._db.run(_MOVE, {"m": ticket.merchant_id, "t": ticket.number, "into": into.number})
        texts.move(self._db, ticket, into)


def _message_of(row: Any) -> Message:
    message = Message(*row)
    return replace(message, attachments=tuple(message.attachments)) if message.attachments else replace(message, attachments=())
