"""Texts are stored masked; as they were written they are sealed with a key of their merchant's, and opened for one who may see them.

Whatever stores a text that somebody wrote asks `hidden` first, and stores what that gives back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from bot.errors import Refused
from bot.house import House
from bot.privacy import find, mask_text
from bot.stores import Stores
from bot.ticket import Ticket

VERSION = 2  # bytes that name the version of the key
OWN = b"\x02"  # begins what a merchant's own key sealed; what the deployment's sealed, as everything was at first, begins otherwise
KNOWN = ("name", "phone", "email", "address", "ip", "id_number", "passport", "card", "bank_account")  # of a buyer's fields
LAST_DIGITS = 9  # of a phone number: with or without its country's prefix it is the same
_ANSWER = "answers|reply"
_MODE = "whether a merchant takes texts with phone numbers in them"
_KEYS = "a merchant's keys, read once in a transaction"

Known = tuple[tuple[str, str], ...]


def wrapped_for(merchant_id: str, version: int) -> str:
    """What a merchant's key is bound to."""
    return f"merchant_keys|wrapped|{merchant_id}/{version}"


def seal(stores: Stores, house: House, merchant_id: str, clear: bytes, context: str) -> bytes:
    """Under the newest of the merchant's keys; its first is made when it is first wanted."""
    keys = _keys(stores, house, merchant_id)
    version = max(keys)
    named = OWN + version.to_bytes(VERSION, "big")
    return named + house.vault.seal_with(keys[version], wrapped_for(merchant_id, version), clear, _bound(context, version))


def unseal(stores: Stores, house: House, merchant_id: str, sealed: bytes, context: str) -> bytes:
    """What `seal` sealed, or the deployment's key before merchants had keys. Raises Unsealable."""
    if sealed[:1] != OWN:
        return house.vault.open(sealed, context)
    version = int.from_bytes(sealed[1 : 1 + VERSION], "big")
    wrapped = _keys(stores, house, merchant_id).get(version, b"")
    return house.vault.open_with(wrapped, wrapped_for(merchant_id, version), sealed[1 + VERSION :], _bound(context, version))


def seal_buyer(stores: Stores, house: House, merchant_id: str, clear: Mapping[str, str], context: str) -> bytes | None:
    """A buyer's fields as they came; None of none."""
    return seal(stores, house, merchant_id, json.dumps(dict(clear)).encode(), context) if clear else None


def open_buyer(stores: Stores, house: House, merchant_id: str, sealed: bytes | None, context: str) -> dict[str, str]:
    """The fields again; {} of none."""
    found: dict[str, str] = json.loads(unseal(stores, house, merchant_id, sealed, context)) if sealed is not None else {}
    return found


def buyer_of(stores: Stores, house: House, ticket: Ticket) -> dict[str, str]:
    """The buyer's own words about themselves, opened; {} when there are none."""
    return open_buyer(stores, house, ticket.merchant_id, ticket.buyer_sealed, f"tickets|buyer|{ticket.number}")


def hidden(
    stores: Stores, house: House, merchant_id: str, ticket: int, texts: Mapping[str, str], buyer: Mapping[str, str]
) -> dict[str, str]:
    """The texts by their places, masked; where that changed one its original is put away. `buyer`: what is known, in the clear."""
    known, shown, kept, people = known_of(buyer), {}, {}, list[str]()
    for place, text in texts.items():
        shown[place] = mask_text(text, known)
        if shown[place] != text:
            kept[place] = seal(stores, house, merchant_id, text.encode(), _context(place))
            people += _tokens(house, merchant_id, ((span.type, text[span.start : span.end]) for span in find(text, known)))
    if kept:
        stores.personal.keep(merchant_id, ticket, kept)
    if people:
        stores.personal.told(merchant_id, f"T-{ticket}", people)
    return shown


class Shown(dict[str, str]):
    """A ticket's own texts, masked: `subject`, `message`, and `field/KEY` for each custom field that is text."""

    def fields(self, given: Mapping[str, Any] | None) -> dict[str, Any]:
        """All custom fields, those that are no text as they were."""
        return {key: self.get(f"field/{key}", value) for key, value in (given or {}).items()}


def of_ticket(
    stores: Stores, house: House, merchant_id: str, number: int, subject: str, message: str, fields: Mapping[str, Any],
    buyer: Mapping[str, str],
) -> Shown:  # fmt: skip
    """What may be stored of them. `buyer` in the clear."""
    texts = {"subject": subject, "message": message} | {f"field/{key}": value for key, value in fields.items() if isinstance(value, str)}
    own = f"T-{number}/"
    shown = hidden(stores, house, merchant_id, number, {own + name: text for name, text in texts.items()}, buyer)
    return Shown((place.removeprefix(own), text) for place, text in shown.items())


def told_of(stores: Stores, house: House, merchant_id: str, about: str, buyer: Mapping[str, str]) -> None:
    """So that what is kept of this person is found again when they ask."""
    tokens = _tokens(house, merchant_id, buyer.items())
    if tokens:
        stores.personal.told(merchant_id, about, tokens)


def original(stores: Stores, house: House, merchant_id: str, place: str) -> str | None:
    """As it was written; None: nothing was masked there."""
    sealed = stores.personal.original(merchant_id, place)
    return unseal(stores, house, merchant_id, sealed, _context(place)).decode() if sealed is not None else None


def token(house: House, merchant_id: str, kind: str, value: str) -> str:
    """What stands for an e-mail address (`email`) or a number (`phone`), however it is written."""
    digits = "".join(sign for sign in value if sign.isdigit())
    plain = digits[-LAST_DIGITS:] if kind == "phone" else value.strip().casefold()
    return house.vault.token(f"{kind}|{plain}", f"subjects|token|{merchant_id}")


def known_of(buyer: Mapping[str, str]) -> Known:
    """What to look for in a text before anything else."""
    return tuple((name, value) for name in KNOWN if isinstance(value := buyer.get(name), str) and value and "*" not in value)


def none_refused(stores: Stores, merchant_id: str, parts: Iterable[tuple[str, str]]) -> None:
    """Where a merchant wants nothing personal stored, a full phone number is refused. Raises Refused `pii_requires_gdpr_mode`."""
    at = (_MODE, merchant_id)
    if at not in stores.memory:
        merchant = stores.merchants.get(merchant_id)
        stores.memory[at] = merchant is None or (merchant.profile.get("privacy") or {}).get("gdpr_mode", True)
    if stores.memory[at]:
        return
    for field, text in parts:
        if _full(text) if field == "buyer.phone" else any(span.type == "phone" for span in find(text)):
            raise Refused("pii_requires_gdpr_mode", code="pii_requires_gdpr_mode", field=field)


def parts_of(subject: str, message: str, buyer: Mapping[str, Any] | None, fields: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """What is looked at of a new ticket, each with the field that a refusal names."""
    texts = [("subject", subject), ("message", message)]
    for head, given in (("buyer", buyer), ("custom_fields", fields)):
        texts += [(f"{head}.{key}", value) for key, value in (given or {}).items() if isinstance(value, str)]
    return texts


def kept_answer(house: House, doc: Mapping[str, Any]) -> dict[str, Any]:
    """What one person alone is answered may show more than others see: it waits sealed."""
    return {"sealed": house.vault.seal(json.dumps(doc).encode(), _ANSWER).hex()}


def answer_of(house: House, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What `kept_answer` sealed, or what was kept before answers were sealed."""
    if "sealed" not in kept:
        return dict(kept)
    found: dict[str, Any] = json.loads(house.vault.open(bytes.fromhex(kept["sealed"]), _ANSWER))
    return found


def _full(number: str) -> bool:
    return "*" not in number and sum(sign.isdigit() for sign in number) >= LAST_DIGITS - 2


def _tokens(house: House, merchant_id: str, found: Iterable[tuple[str, Any]]) -> list[str]:
    return [
        token(house, merchant_id, kind, value) for kind, value in found if kind in ("email", "phone") and isinstance(value, str) and value
    ]


def _keys(stores: Stores, house: House, merchant_id: str) -> Mapping[int, bytes]:
    at = (_KEYS, merchant_id)
    if at not in stores.memory:
        found = stores.personal.keys(merchant_id)
        if not found:
            stores.personal.add_key(merchant_id, 1, house.vault.new_data_key(wrapped_for(merchant_id, 1)), house.clock.now())
            found = stores.personal.keys(merchant_id)
        stores.memory[at] = found
    kept: Mapping[int, bytes] = stores.memory[at]
    return kept


def _context(place: str) -> str:
    return f"originals|sealed|{place}"


def _bound(context: str, version: int) -> str:
    return f"{context}|v{version}"
