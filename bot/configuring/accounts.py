"""Credentials of channels: put, removed."""

from __future__ import annotations

from datetime import datetime

from bot import accounts
from bot.administrators import telling
from bot.errors import NotFound, Refused
from bot.house import House
from bot.messages import Doc, PutAccount, RemoveAccount
from bot.records import OPERATOR
from bot.stores import Stores


def _put(stores: Stores, house: House, change: PutAccount, now: datetime) -> Doc:
    merchant_id = change.merchant_id or change.within or OPERATOR
    if change.within not in (None, merchant_id) or (merchant_id != OPERATOR and stores.merchants.get(merchant_id) is None):
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    others = [each.id for each in stores.accounts.of(change.channel, merchant_id) if each.id != change.id] if change.only_one else []
    if others:
        raise Refused("only_one", code="only_one", field="id", there=others[0])
    if change.renews is not None:
        _still(stores, house, change)
    made = accounts.put(stores, house, change.channel, change.id, merchant_id, change.doc, change.secrets, now)
    _tell(stores, house, change, now)
    return accounts.shown(made)


def _remove(stores: Stores, house: House, change: RemoveAccount, now: datetime) -> Doc:
    found = stores.accounts.get(change.channel, change.id)
    newer = found is not None and change.before is not None and found.updated_at >= change.before
    if found is None or newer or change.within not in (None, found.merchant_id):
        raise NotFound("no_such", kind=f"{change.channel} account", id=change.id[:80])
    stores.accounts.delete(change.channel, change.id)
    _tell(stores, house, change, now)
    return accounts.shown(accounts.opened(house, found))


def _still(stores: Stores, house: House, change: PutAccount) -> None:
    found = stores.accounts.get(change.channel, change.id, held=True)
    name, value = change.renews or ("", "")
    if found is None or accounts.opened(house, found).secrets.get(name) != value:
        raise NotFound("no_such", kind=f"{change.channel} account", id=change.id[:80])


def _tell(stores: Stores, house: House, change: PutAccount | RemoveAccount, now: datetime) -> None:
    if change.tell is not None:
        stores.outbox.add(telling(stores, house, change.tell, now))


CHANGES = {PutAccount: _put, RemoveAccount: _remove}
