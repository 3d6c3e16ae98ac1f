"""Removes what tells of a person, where nothing restricts it, and certifies what was removed.

What a legal hold or an open dispute keeps back is named in the certificate, and removed once that is over.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.audit import Noted
from bot.errors import BadUsage, NotFound
from bot.house import House, new_id
from bot.messages import Doc, Erase
from bot.originals import token
from bot.privacy import find, mask_text
from bot.signing import begun, sign
from bot.stores import Stores
from bot.stores.keeping import Erasure
from bot.ticket import DISPUTES, State
from bot.views import moment

AT_ONCE = 40  # places that are cleared in one transaction
MOST = 2_000  # places of one request
AGAIN = timedelta(minutes=15)  # until what is kept back is looked at again, at the latest
KINDS = ("email", "phone", "order_no")
SIGNED = b"deskbell erasure certificate 1\n"
_OVER = (State.CLOSED, State.ARCHIVED)


def ask(stores: Stores, house: House, asked: Erase, now: datetime) -> Doc:
    """Begins, and does what can be done at once. Raises NotFound, BadUsage."""
    if asked.within not in (None, asked.merchant_id) or stores.merchants.get(asked.merchant_id) is None:
        raise NotFound("no_merchant", field="merchant_id", merchant=asked.merchant_id[:80])
    given = [(kind, value) for kind in KINDS if (value := getattr(asked, kind))]
    if len(given) != 1:
        raise BadUsage("erasure_whose", field="email")
    kind, value = given[0]
    known = value if kind == "order_no" else token(house, asked.merchant_id, kind, value)
    return begin(stores, house, asked, kind, known, now)


def begin(stores: Stores, house: House, asked: Erase, kind: str, known: str, now: datetime) -> Doc:
    """The same for a subject that is known; of `kind` shop it is all that there is of a shop."""
    begun = Erasure(
        asked.merchant_id, new_id("era"), now, "working", mask_text(asked.ground), asked.by, {"kind": kind, "token": known}, look_at=now
    )
    stores.keeping.add(begun)
    return doc_of(go_on(stores, house, begun, now))


def go_on(stores: Stores, house: House, erasure: Erasure, now: datetime) -> Erasure:
    """One more step of it: what it is about now, as far as one transaction goes; saved."""
    places, removed = _places(stores, erasure), Counter(erasure.removed)
    kept = {place: why for place in places if (why := _restricted(stores, erasure.merchant_id, place, now))}
    free = [place for place in places if place not in kept]
    for place in free[:AT_ONCE]:
        removed.update(_clear(stores, erasure.merchant_id, place, now))
    kind, known = erasure.subject["kind"], erasure.subject["token"]
    if kind in ("email", "phone"):
        removed["saved_views"] += stores.keeping.drop_views(erasure.merchant_id, _tokens(house, erasure.merchant_id), known)
    more = len(free) > AT_ONCE or len(places) >= MOST
    state = "working" if more else "restricted" if kept else "done"
    after = replace(
        erasure, state=state, left=(*free[AT_ONCE:], *kept), removed={name: count for name, count in removed.items() if count},
        look_at=now if more else now + AGAIN if kept else None, done_at=now if state == "done" else None,
    )  # fmt: skip
    after = replace(after, certificate=_certificate(stores, house, after, kept))
    stores.keeping.save(after)
    if state == "done":
        detail = {"erasure": after.id, "kind": kind, "removed": after.removed}
        stores.audit.add([Noted(after.merchant_id, now, after.by, "erasure.done", None, "", f"erasures/{after.id}", detail=detail)])
    return after


def doc_of(erasure: Erasure) -> Doc:
    """The certificate, with how far it is."""
    return dict(erasure.certificate or {})


def _places(stores: Stores, erasure: Erasure) -> list[str]:
    """`orders/SHOP/NO` and `T-1024`, each once: where this person is spoken of, and the tickets about their orders."""
    merchant, kind, known = erasure.merchant_id, erasure.subject["kind"], erasure.subject["token"]
    if kind == "shop":
        return [each for each in stores.keeping.of_shop(merchant, known, MOST) if not _is_clear(stores, erasure, each)]
    if kind == "order_no":
        found = [f"orders/{shop}/{known}" for shop in stores.keeping.orders_called(merchant, known)]
        found += [f"T-{number}" for number in stores.keeping.tickets_of(merchant, known, None, MOST)]
        return [each for each in dict.fromkeys(found) if not _is_clear(stores, erasure, each)]
    found = list(stores.personal.about(merchant, known, MOST))
    for place in [each for each in found if each.startswith("orders/")]:
        _, shop, number = place.split("/", 2)
        found += [f"T-{ticket}" for ticket in stores.keeping.tickets_of(merchant, number, shop, MOST)]
    return [each for each in dict.fromkeys(found) if not _is_clear(stores, erasure, each)]


def _is_clear(stores: Stores, erasure: Erasure, place: str) -> bool:
    """A ticket that goes on after it was cleared is not cleared twice for one request."""
    if place.startswith("orders/"):
        _, shop, number = place.split("/", 2)
        order = stores.orders.get(shop, number, erasure.merchant_id)
        return order is None or (order.buyer_sealed is None and not order.buyer)
    ticket = stores.tickets.get(int(place[2:]), erasure.merchant_id)
    return ticket is None or not (ticket.subject or ticket.message or ticket.buyer or ticket.buyer_sealed)


def _restricted(stores: Stores, merchant_id: str, place: str, now: datetime) -> dict[str, Any] | None:
    """Why it stays for now: a hold, or a dispute that is not over. An order stays while one of its tickets does."""
    if place.startswith("orders/"):
        _, shop, number = place.split("/", 2)
        tickets = stores.keeping.tickets_of(merchant_id, number, shop, MOST)
        found = (why for each in tickets if (why := _restricted(stores, merchant_id, f"T-{each}", now)))
        return next(found, None)
    ticket = stores.tickets.get(int(place[2:]), merchant_id)
    if ticket is None:
        return None
    if (hold := stores.keeping.hold(merchant_id, ticket.number, now)) is not None:
        return {"because": "legal_hold", "ticket": f"T-{ticket.number}", "until": moment(hold.until)}
    running = ticket.state not in _OVER and ticket.category.label in DISPUTES
    if running or stores.keeping.disputed(merchant_id, ticket.number):
        return {"because": "open_dispute", "ticket": f"T-{ticket.number}", "until": None}
    return None


def _clear(stores: Stores, merchant_id: str, place: str, now: datetime) -> Mapping[str, int]:
    if place.startswith("orders/"):
        _, shop, number = place.split("/", 2)
        return {"orders": stores.keeping.clear_order(merchant_id, shop, number)}
    number_ = int(place[2:])
    ticket = stores.tickets.get(number_, merchant_id)
    return stores.keeping.clear(merchant_id, number_, now, over=ticket is not None and ticket.state in _OVER)


def _tokens(house: House, merchant_id: str) -> Any:
    def of(text: str) -> Iterable[str]:
        return [token(house, merchant_id, each.type, text[each.start : each.end]) for each in find(text) if each.type in ("email", "phone")]

    return of


def _certificate(stores: Stores, house: House, erasure: Erasure, kept: Mapping[str, Mapping[str, Any]]) -> Doc:
    """What was done and what was not, hashed and signed: it holds no word of the person's."""
    said: Doc = {
        "id": erasure.id, "merchant_id": erasure.merchant_id, "state": erasure.state, "ground": erasure.ground,
        "subject": dict(erasure.subject), "asked_at": moment(erasure.asked_at), "done_at": moment(erasure.done_at),
        "removed": dict(erasure.removed), "restricted": _reasons(list(kept.items())),
    }  # fmt: skip
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    log = begun(stores, house)
    digest = hashlib.sha256(plain).hexdigest()
    return {**said, "sha256": digest, "signature": sign(house, log, SIGNED + plain).hex(), "public_key": log.public}


def _reasons(kept: Sequence[tuple[str, Mapping[str, Any]]]) -> list[Doc]:
    return [{"what": place, **why} for place, why in kept]
