"""Agents, API keys and whose token this is."""

from __future__ import annotations

import hashlib
import hmac

from bot import views
from bot.asking.usual import docs
from bot.errors import Unauthentic
from bot.house import House
from bot.messages import ADMIN, Authenticate, Bearer, Doc, ListOf, Page
from bot.stores import Stores


def _agent(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.people.get(id, within)
    # A merchant's key sees its own people; the operator's are none of its business.
    return views.person_doc(found) if found and (within is None or found.merchant_id == within) else None


def _key(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.people.key(id)
    return views.key_doc(found) if found and within in (None, found.merchant_id) else None


def _agents(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.people.page(query.within, query.limit, query.cursor), views.person_doc)


def _keys(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.people.keys(query.within, query.limit, query.cursor), views.key_doc)


def by_settings(house: House, query: Authenticate) -> Bearer | None:
    """The administrator's token stands in the settings: no database is asked for it."""
    admin = house.settings.admin_token
    if not admin or not hmac.compare_digest(query.token.encode(), admin.encode()):
        return None
    return Bearer(ADMIN, None, frozenset({"*"}))


def _authenticate(stores: Stores, house: House, query: Authenticate) -> Bearer:
    if (admin := by_settings(house, query)) is not None:
        return admin
    id = key_id(query.token)
    key = stores.people.key(id) if id else None
    if key is None or key.revoked_at is not None or not hmac.compare_digest(key.digest, digest(query.token)):
        raise Unauthentic("this token is not one of ours, or was revoked")
    if key.expires_at is not None and key.expires_at <= house.clock.now():
        raise Unauthentic("this token's time is over")
    return Bearer(key.id, key.merchant_id, frozenset(key.scopes))


def key_id(token: str) -> str | None:
    """The id in `dk_<id>_<secret>`."""
    parts = token.split("_", 2)
    return parts[1] if len(parts) == 3 and parts[0] == "dk" and parts[1].isalnum() and len(parts[1]) <= 32 else None


def digest(token: str) -> str:
    """What is kept of a token: it has 256 random bits, so a plain SHA-256 does."""
    return hashlib.sha256(token.encode()).hexdigest()


READERS = {"agents": _agent, "api-keys": _key}
LISTS = {"agents": _agents, "api-keys": _keys}
ANSWERS = {Authenticate: _authenticate}
QUICK = (Authenticate,)
