"""Small things that live for a while: undo, snoozes, idempotency keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, tuple_

from bot.errors import Conflict
from bot.records import Undoable
from bot.ticket import Ticket
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.rows import columns, is_number, values
from storage.schema import answers, snoozes, undo
from storage.ticket_rows import ticket_doc, ticket_from

KEEP_ANSWERS = timedelta(hours=72)
PRUNE = 20  # old answers go a few at a time, when a new one comes

_UNDO = ("verb", "merchant_id", "ticket", "until", "before", "message_id")
_PUT_UNDO = PerDialect(
    lambda insert: (new := insert(undo)).on_conflict_do_update(
        index_elements=["person_id"], set_={name: new.excluded[name] for name in _UNDO}
    )
)
_UNDOABLE = select(*columns(undo, Undoable)).where(undo.c.person_id == bindparam("p"))
_CLEAR = delete(undo).where(undo.c.person_id == bindparam("p"))
_SNOOZE = PerDialect(
    lambda insert: (new := insert(snoozes)).on_conflict_do_update(
        index_elements=["merchant_id", "ticket", "person_id"], set_={"until": new.excluded.until}
    )
)
_UNSNOOZE = delete(snoozes).where(
    snoozes.c.merchant_id == bindparam("m"), snoozes.c.ticket == bindparam("t"), snoozes.c.person_id == bindparam("p")
)
_SNOOZED = select(snoozes.c.ticket, snoozes.c.person_id).where(one_of(snoozes.c.ticket, "tickets"), snoozes.c.until > bindparam("now"))
_ANSWERED = select(answers.c.fingerprint, answers.c.status, answers.c.body).where(
    answers.c.scope == bindparam("s"), answers.c.key == bindparam("k")
)
_KEEP = PerDialect(lambda insert: insert(answers).on_conflict_do_nothing(index_elements=["scope", "key"]))
_OLD = select(answers.c.scope, answers.c.key).where(answers.c.created_at < bindparam("before"))
_PRUNE = delete(answers).where(
    tuple_(answers.c.scope, answers.c.key).in_(_OLD.order_by(answers.c.created_at).limit(PRUNE).with_for_update(skip_locked=True))
)


class SqlNotes:
    """bot.stores.Notes."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def put_undo(self, undoable: Undoable) -> None:
        """One's last; an older one can't be taken back any more."""
        before = ticket_doc(undoable.before) if isinstance(undoable.before, Ticket) else None
        self._db.run(_PUT_UNDO, {**values(undoable), "before": before})

    def undoable(self, person_id: str) -> Undoable | None:
        """One's last, whether its time is over or not."""
        row = self._db.first(_UNDOABLE, {"p": person_id})
        found = Undoable(*row) if row else None
        return replace(found, before=ticket_from(found.before)) if found and found.before else found

    def clear_undo(self, person_id: str) -> None:
        """Nothing to take back."""
        self._db.run(_CLEAR, {"p": person_id})

    def snooze(self, merchant_id: str, ticket: int, person_id: str, until: datetime | None) -> None:
        """None ends it."""
        if until is None:
            self._db.run(_UNSNOOZE, {"m": merchant_id, "t": ticket, "p": person_id})
        else:
            self._db.run(_SNOOZE, {"merchant_id": merchant_id, "ticket": ticket, "person_id": person_id, "until": until})

    def snoozed(self, tickets: Iterable[int], now: datetime) -> set[tuple[int, str]]:
        """(ticket, person) pairs."""
        wanted = sorted({number for number in tickets if is_number(number)})
        return {(row[0], row[1]) for row in self._db.all(_SNOOZED, {"tickets": wanted, "now": now})} if wanted else set()

    def answered(self, scope: str, key: str) -> tuple[str, int, Any] | None:
        """(fingerprint, status, body)."""
        row = self._db.first(_ANSWERED, {"s": scope, "k": key})
        return (row[0], row[1], row[2]) if row else None

    def keep_answer(self, scope: str, key: str, fingerprint: str, status: int, body: Any, now: datetime) -> None:
        """The first one stays; Conflict for a second."""
        self._db.run(_PRUNE, {"before": now - KEEP_ANSWERS})
        answer = {"scope": scope, "key": key, "fingerprint": fingerprint, "status": status, "body": body, "created_at": now}
        if not self._db.run(_KEEP, answer):
            raise Conflict("this idempotency key was answered meanwhile")
