"""The texts of tickets as they are searched: written, moved and removed with what they are of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, bindparam, column, delete, func, insert, select, table, update
from sqlalchemy import text as sql

from bot.records import Message
from bot.ticket import Ticket
from storage.db import Db
from storage.grams import grams, merchant_gram, plain
from storage.lists import Listed
from storage.schema import ticket_texts

OWN = ""  # the part that is the ticket's own: its subject and first message
_OF = (ticket_texts.c.merchant_id == bindparam("m"), ticket_texts.c.ticket == bindparam("t"))
_PLAIN = ("merchant_id", "ticket", "part", "place", "plain")
_GIVEN: dict[str, Any] = {name: bindparam(name) for name in _PLAIN}
_ADD = {
    "sqlite": insert(ticket_texts).values(_GIVEN),
    "postgresql": insert(ticket_texts).values(
        {**_GIVEN, "grams": func.array_to_tsvector(bindparam("listed", type_=Listed(Text())), type_=ticket_texts.c.grams.type)}
    ),
}
_GRAMS = insert(table("ticket_grams", column("rowid"), column("grams"))).values(rowid=bindparam("place"), grams=bindparam("listed"))
_UNGRAM = sql("INSERT INTO ticket_grams (ticket_grams, rowid, grams) VALUES ('delete', :place, :listed)")
_THIS = select(ticket_texts.c.place, ticket_texts.c.plain).where(*_OF, ticket_texts.c.part == bindparam("p"))
_REMOVE = delete(ticket_texts).where(*_OF, ticket_texts.c.part == bindparam("p"))
_MOVE = update(ticket_texts).where(*_OF, ticket_texts.c.part != OWN).values(ticket=bindparam("into"))


def add_tickets(db: Db, tickets: Sequence[Ticket]) -> None:
    """Their subjects and first messages."""
    index(db, [(each.merchant_id, each.number, OWN, f"{each.subject}\n{each.message}") for each in tickets])


def add_message(db: Db, message: Message) -> None:
    """What was said."""
    index(db, [(message.merchant_id, message.ticket, message.id, message.text)])


def remove_message(db: Db, message: Message) -> None:
    """As if it had not been said."""
    remove(db, message.merchant_id, message.ticket, message.id)


def remove(db: Db, merchant_id: str, ticket: int, part: str) -> None:
    """Nothing is found by it any more."""
    this = {"m": merchant_id, "t": ticket, "p": part}
    row = db.first(_THIS, this)
    if row is not None and db.dialect == "sqlite":
        db.run(_UNGRAM, {"place": row[0], "listed": _listed(merchant_id, row[1])})
    db.run(_REMOVE, this)


def move(db: Db, ticket: Ticket, into: Ticket) -> None:
    """What was said on one is the other's, which is found by what the first was about as well."""
    db.run(_MOVE, {"m": ticket.merchant_id, "t": ticket.number, "into": into.number})
    index(db, [(ticket.merchant_id, into.number, f"ticket:{ticket.number}", f"{ticket.subject}\n{ticket.message}")])


def index(db: Db, texts: Sequence[tuple[str, int, str, str]]) -> None:
    """(merchant, ticket, part, text), as they were written."""
    rows = [_row(db, *each) for each in texts]
    if not rows:
        return
    if db.dialect == "sqlite":
        db.soon(_ADD["sqlite"], [{name: row[name] for name in _PLAIN} for row in rows])
        db.soon(_GRAMS, [{"place": row["place"], "listed": _listed(row["merchant_id"], row["plain"])} for row in rows])
        return
    db.soon(_ADD["postgresql"], [{**row, "listed": [merchant_gram(row["merchant_id"]), *grams(row["plain"])]} for row in rows])


def _row(db: Db, merchant_id: str, ticket: int, part: str, text: str) -> dict[str, Any]:
    return {"merchant_id": merchant_id, "ticket": ticket, "part": part, "place": db.seq(), "plain": plain(text)}


def _listed(merchant_id: str, text: str) -> str:
    """As SQLite's tokenizer takes it."""
    return " ".join((merchant_gram(merchant_id), *grams(text)))
