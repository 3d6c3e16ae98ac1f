"""What is masked on a ticket, opened for one who may see it: a buyer's own field, what a text said, a whole text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.house import House
from bot.originals import KNOWN, buyer_of, known_of, original
from bot.privacy import find, mask_buyer
from bot.stores import Stores
from bot.ticket import Ticket

TEXTS = ("subject", "message", "last")  # the ticket's own, and what was written on it last of what is masked
FIELDS = (*KNOWN, *TEXTS)
CUSTOM = "custom_fields."  # before a key that is also the name of a field
MOST = 5  # values of one kind; whoever wants more reads the text
_TOGETHER = ", "


def revealed(stores: Stores, house: House, ticket: Ticket, field: str) -> str | None:
    """As it was written; None: nothing of this name is masked here, or it was erased. Of a kind that several texts tell: each once."""
    buyer, own = buyer_of(stores, house, ticket), f"{ticket.name}/field/{field.removeprefix(CUSTOM)}"
    if field.startswith(CUSTOM):
        return original(stores, house, ticket.merchant_id, own)
    if field in TEXTS:
        return _text(stores, house, ticket, field)
    if field in KNOWN:
        told = list(dict.fromkeys([*([buyer[field]] if _hidden(buyer, field) else []), *_said(stores, house, ticket, field, buyer)]))
        return _TOGETHER.join(told[:MOST]) or None
    if _hidden(buyer, field):
        return buyer[field]
    return original(stores, house, ticket.merchant_id, own)


def masked(stores: Stores, house: House, ticket: Ticket) -> Sequence[str]:
    """The names of what can be revealed, in the order of FIELDS, custom fields last."""
    buyer, own = buyer_of(stores, house, ticket), f"{ticket.name}/"
    places = stores.personal.places(ticket.merchant_id, ticket.number)
    known = known_of(buyer)
    types = {span.type for text in _texts(stores, house, ticket, places) for span in find(text, known)}
    there = types | {name for name in buyer if _hidden(buyer, name)}
    there |= {name for name in ("subject", "message") if own + name in places}
    there |= {"last"} if any(not place.startswith("T-") for place in places) else set()
    others = sorted(there.difference(FIELDS))
    keys = [place.removeprefix(f"{own}field/") for place in places if place.startswith(f"{own}field/")]
    fields = [f"{CUSTOM}{key}" if key in FIELDS else key for key in keys]
    return list(dict.fromkeys([*(name for name in FIELDS if name in there), *others, *fields]))


def _hidden(buyer: Mapping[str, str], field: str) -> bool:
    value = buyer.get(field)
    return isinstance(value, str) and bool(value) and mask_buyer({field: value}).get(field) != value


def _text(stores: Stores, house: House, ticket: Ticket, field: str) -> str | None:
    if field != "last":
        return original(stores, house, ticket.merchant_id, f"{ticket.name}/{field}")
    places = set(stores.personal.places(ticket.merchant_id, ticket.number))
    for said in reversed(stores.messages.last(ticket.merchant_id, ticket.number, len(places) + 20)):
        if said.id in places:
            return original(stores, house, ticket.merchant_id, said.id)
    return None


def _said(stores: Stores, house: House, ticket: Ticket, type: str, buyer: Mapping[str, str]) -> Iterator[str]:
    known = known_of(buyer)
    for text in _texts(stores, house, ticket, stores.personal.places(ticket.merchant_id, ticket.number)):
        yield from (text[span.start : span.end] for span in find(text, known) if span.type == type)


def _texts(stores: Stores, house: House, ticket: Ticket, places: Sequence[str]) -> Iterator[str]:
    for place in places:
        text = original(stores, house, ticket.merchant_id, place)
        if text is not None:
            yield text
