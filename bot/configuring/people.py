"""Agents and API keys."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from bot import views
from bot.asking import digest, one
from bot.errors import BadUsage, NotFound
from bot.house import House
from bot.linking import new_code
from bot.messages import Doc, NewKey, NewLinkCode, Put, Remove
from bot.people import Person, Role
from bot.records import ApiKey
from bot.stores import Stores

OPERATORS = (Role.RISK, Role.SENIOR_MANAGER)


def _put_agent(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    doc, role = change.doc, Role(change.doc["role"])
    merchant_id = doc.get("merchant_id") or (change.within if role not in OPERATORS else None)
    if role in OPERATORS and merchant_id is not None:
        raise BadUsage("role_is_operators", field="merchant_id", role=role.value)
    if change.within is not None and merchant_id != change.within:
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    if role is Role.LEAD and merchant_id is None:
        raise BadUsage("role_needs_merchant", field="merchant_id", role=role.value)
    if merchant_id is not None and stores.merchants.get(merchant_id) is None:
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    away = doc.get("away_until")
    person = Person(
        change.id, doc["name"], role, merchant_id, doc.get("slack_user_id"), doc.get("slack_team_id"), doc.get("wecom_user_id"),
        doc.get("email"), doc.get("locale"), datetime.fromisoformat(str(away)) if away else None,
    )  # fmt: skip
    stores.people.put(person)
    if role is not Role.SENIOR_MANAGER:
        _off_duty(stores, person.id, now)
    return views.person_doc(person)


def _new_key(stores: Stores, house: House, change: NewKey, now: datetime) -> Doc:
    merchant_id = change.merchant_id or change.within
    if change.within not in (None, merchant_id) or (merchant_id and stores.merchants.get(merchant_id) is None):
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    id = secrets.token_hex(4)
    token = f"dk_{id}_{secrets.token_urlsafe(32)}"
    if change.expires_at is not None and change.expires_at <= now:
        raise BadUsage("expires_past", field="expires_at", at=views.moment(change.expires_at))
    key = ApiKey(id, merchant_id, change.name, digest(token), change.scopes, now, expires_at=change.expires_at)
    stores.people.put_key(key)
    return {**views.key_doc(key), "token": token}


def _new_link_code(stores: Stores, house: House, change: NewLinkCode, now: datetime) -> Doc:
    one(stores, "agents", change.agent, change.within)  # a merchant's key makes codes for its own people alone
    person = stores.people.get(change.agent)
    assert person is not None  # noqa: S101  # it was just read
    code, until = new_code(stores, house, person, change.by, now)
    return {"agent": person.id, "code": code, "expires_at": views.moment(until)}


def _remove_agent(stores: Stores, house: House, change: Remove, now: datetime) -> None:
    stores.people.delete(change.id)
    _off_duty(stores, change.id, now)


def _off_duty(stores: Stores, id: str, now: datetime) -> None:
    """Who is no senior manager any more leaves the roster."""
    before = stores.rota.get()
    after = before.without(id)
    if after != before:
        stores.rota.put(after, now)


def _revoke_key(stores: Stores, house: House, change: Remove, now: datetime) -> None:
    key = stores.people.key(change.id)
    if key is not None and key.revoked_at is None:
        stores.people.put_key(replace(key, revoked_at=now))


PUTS = {"agents": _put_agent}
CHANGES = {NewKey: _new_key, NewLinkCode: _new_link_code}
REMOVES = {"agents": _remove_agent, "api-keys": _revoke_key}
