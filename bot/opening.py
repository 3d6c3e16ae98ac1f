"""Tickets that come in over the API at once are opened in one transaction; each is answered, or refused, by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import noting, originals
from bot.errors import AlreadyAnswered, Refused
from bot.house import House
from bot.intake import Origin, open_tickets, origin
from bot.messages import Doc, NewTicket, Once
from bot.once import answered, keep
from bot.ports import Work
from bot.stores import Stores
from bot.talk import worded
from bot.together import Together
from bot.views import ticket_doc

Asked = tuple[NewTicket, Once | None]


class Opening:
    """One per process."""

    def __init__(self, work: Work, house: House) -> None:
        self._work, self._house = work, house
        self._together: Together[Asked, Doc] = Together(self._write)

    async def open(self, new: NewTicket, once: Once | None) -> Doc:
        """The ticket's document. Raises what `open_ticket` raises, in English, and AlreadyAnswered."""
        return await self._together.ask((new, once))

    async def _write(self, some: Sequence[Asked]) -> Sequence[Doc | Exception]:
        return await self._work.write(lambda stores: self._all(stores, some))

    def _all(self, stores: Stores, some: Sequence[Asked]) -> list[Doc | Exception]:
        """What is refused is refused before anything of it is written."""
        now = self._house.clock.now()
        keys = [(once.scope, once.key) for _, once in some if once is not None]
        if len(set(keys)) < len(keys):
            raise RuntimeError("an idempotency key twice in one transaction: one after the other")
        whose = [self._whose(stores, new, once) for new, once in some]
        good = [(new, found) for (new, _), found in zip(some, whose, strict=True) if not isinstance(found, Exception)]
        opened = iter(open_tickets(stores, self._house, good, now) if good else ())
        return [
            found if isinstance(found, Exception) else self._kept(stores, once, ticket_doc(next(opened)), now)
            for (_, once), found in zip(some, whose, strict=True)
        ]

    def _whose(self, stores: Stores, new: NewTicket, once: Once | None) -> Origin | Exception:
        try:
            before = answered(stores, self._house, once)
            if before is not None:
                return AlreadyAnswered(*before)
            found = origin(stores, new)
            originals.none_refused(stores, found[1].id, originals.parts_of(new.subject, new.message, new.buyer, new.custom_fields))
            return found
        except Refused as refused:
            noting.turned_away(stores, "ticket.open", new.by, new.within, refused, self._house.clock.now())
            return worded(refused, "en")

    def _kept(self, stores: Stores, once: Once | None, doc: Doc, now: datetime) -> Doc:
        keep(stores, self._house, once, doc, now)
        return doc
