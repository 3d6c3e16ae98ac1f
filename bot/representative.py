"""A merchant's legal representative: the number is sealed, shown by its last digits, opened to send."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.administrators import telling
from bot.errors import BadUsage
from bot.house import House
from bot.messages import TellAdmins
from bot.privacy import MASK, last_digits
from bot.records import Merchant, Outgoing
from bot.stores import Stores
from bot.ticket import Event, Ticket

PART, PHONE, SEALED = "legal_representative", "phone", "phone_sealed"


def kept(house: House, merchant_id: str, given: Mapping[str, Any], before: Merchant | None) -> dict[str, Any]:
    """`legal_representative` as it is stored. Its number's own mask, given back, keeps the number. Raises BadUsage for another mask."""
    part = {name: value for name, value in given.items() if name not in (PHONE, SEALED)}
    phone = str(given.get(PHONE) or "")
    if phone.startswith(MASK):
        known = number(house, before) if before is not None else None
        if known is None or phone != last_digits(known):
            raise BadUsage("masked_secret", field=f"{PART}.{PHONE}")
        phone = known
    if phone:
        cipher = house.vault.seal(phone.encode(), _context(merchant_id))
        part |= {PHONE: last_digits(phone), SEALED: base64.b64encode(cipher).decode()}
    return part


def number(house: House, merchant: Merchant) -> str | None:
    """In the clear, to be dialled; None: there is none. One from before numbers were sealed is as it was given."""
    part = merchant.profile.get(PART) or {}
    if part.get(SEALED):
        return house.vault.open(base64.b64decode(part[SEALED]), _context(merchant.id)).decode()
    return part.get(PHONE)


def untold(house: House, merchant: Merchant) -> Event | None:
    """Why no text message can go to them, for the ticket's timeline; None: it can."""
    if not any(each.grave for each in house.channels.values()):
        return Event("sms.not_sent", {"because": "no_service"})
    return None if house.grave(merchant) else Event("sms.not_sent", {"because": "no_phone"})


def told_admins(stores: Stores, house: House, ticket: Ticket, merchant: Merchant, why: str, now: datetime) -> list[Outgoing]:
    """Administrators hear once of each ticket whose text message did not go. `why` names a sentence: `no_phone`, `failed`."""
    params = {"ticket": ticket.name, "merchant": merchant.name, "merchant_id": merchant.id}
    return telling(stores, house, TellAdmins(f"sms_{why}", f"sms:{ticket.number}:{ticket.cycle}", params, merchant_id=merchant.id), now)


def _context(merchant_id: str) -> str:
    return f"merchants|{PART}.{PHONE}|{merchant_id}"
