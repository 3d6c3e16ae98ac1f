"""Legal holds, and what was asked to be erased."""

from __future__ import annotations

from bot.asking.usual import docs, seen_ticket
from bot.erasing import doc_of
from bot.errors import NotFound
from bot.house import House
from bot.messages import Doc, ErasureOf, ErasuresOf, HoldOf, Page
from bot.stores import Stores
from bot.stores.keeping import LegalHold
from bot.views import moment


def hold_doc(hold: LegalHold) -> Doc:
    """As the API shows it."""
    return {"ticket": f"T-{hold.ticket}", "reason": hold.reason, "until": moment(hold.until), "by": hold.by, "at": moment(hold.at)}


def _hold(stores: Stores, house: House, query: HoldOf) -> Doc:
    ticket = seen_ticket(stores, query.number, query.within)
    found = stores.keeping.hold(ticket.merchant_id, ticket.number, house.clock.now())
    if found is None:
        raise NotFound("no_hold", ticket=f"T-{ticket.number}")
    return hold_doc(found)


def _erasure(stores: Stores, house: House, query: ErasureOf) -> Doc:
    found = stores.keeping.get(query.id, query.within)
    if found is None:
        raise NotFound("no_such", kind="erasure", id=query.id[:80])
    return doc_of(found)


def _erasures(stores: Stores, house: House, query: ErasuresOf) -> Page[Doc]:
    return docs(stores.keeping.page(query.within, query.limit, query.cursor), doc_of)


ANSWERS = {HoldOf: _hold, ErasureOf: _erasure, ErasuresOf: _erasures}
QUICK = (HoldOf, ErasureOf)
