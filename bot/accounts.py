"""Credentials of a channel: sealed, opened, and shown as a mask."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.errors import BadUsage
from bot.house import House
from bot.messages import Credentials, Doc
from bot.records import Account
from bot.stores import Stores

MASK = "****"


def sealed(
    house: House, channel: str, id: str, merchant_id: str, doc: Mapping[str, Any], secrets: Mapping[str, str], now: datetime
) -> Account:
    """A record of it; the secrets are bound to this channel and id."""
    cipher = house.vault.seal(json.dumps(dict(secrets)).encode(), _context(channel, id))
    return Account(channel, id, merchant_id, dict(doc), cipher, now)


def opened(house: House, account: Account) -> Credentials:
    """With its secrets in the clear."""
    secrets = json.loads(house.vault.open(account.sealed, _context(account.channel, account.id)))
    return Credentials(account.channel, account.id, account.merchant_id, account.doc, secrets)


def put(
    stores: Stores, house: House, channel: str, id: str, merchant_id: str, doc: Mapping[str, Any], secrets: Mapping[str, str], now: datetime
) -> Credentials:
    """Stores it. A secret that is its own mask is not a new one: the stored one stays. Raises BadUsage for another mask."""
    before = stores.accounts.get(channel, id)
    kept = opened(house, before).secrets if before is not None and before.merchant_id == merchant_id else {}
    given = {name: kept[name] if name in kept and value == mask(kept[name]) else value for name, value in secrets.items()}
    for name, value in given.items():
        if value.startswith(MASK):
            raise BadUsage("masked_secret", field=name)
    account = sealed(house, channel, id, merchant_id, doc, given, now)
    stores.accounts.put(account)
    return opened(house, account)


def mask(secret: str) -> str:
    """`****a91f`: enough to tell two apart, and nothing to get in with."""
    return f"{MASK}{secret[-4:]}" if len(secret) >= 12 else MASK


def shown(credentials: Credentials) -> Doc:
    """As a document, its secrets masked."""
    masked = {name: mask(value) for name, value in credentials.secrets.items()}
    merchant_id = None if credentials.merchant_id == "-" else credentials.merchant_id
    return {"id": credentials.id, "merchant_id": merchant_id, **credentials.doc, **masked}


def _context(channel: str, id: str) -> str:
    return f"accounts|{channel}|{id}"
