"""Connections of institutions and shops; an event that is worked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot import accounts
from bot.asking.happenings import CHANNEL, connection_doc, event_doc
from bot.errors import BadUsage, NotFound, WrongState
from bot.house import House
from bot.messages import Doc, PutConnection, ReplayEvent
from bot.stores import Stores


def _put(stores: Stores, house: House, change: PutConnection, now: datetime) -> Doc:
    if change.within not in (None, change.merchant_id) or stores.merchants.get(change.merchant_id) is None:
        raise NotFound("no_merchant", field="merchant_id", merchant=change.merchant_id)
    if change.shop_id is not None and stores.merchants.shop(change.shop_id, change.merchant_id) is None:
        raise NotFound("no_shop", field="shop_id", shop=change.shop_id)
    secrets = {str(place): each for place, each in enumerate(_clear(stores, house, change))}
    doc = {name: value for name in ("kind", "shop_id", "channel_id") if (value := getattr(change, name)) is not None}
    account = accounts.sealed(house, CHANNEL, change.id, change.merchant_id, doc, secrets, now)
    stores.accounts.put(account)
    return connection_doc(accounts.opened(house, account))


def _clear(stores: Stores, house: House, change: PutConnection) -> list[str]:
    """A mask stands for the stored secret that it is of, wherever that stood: while one rotates they change places."""
    before = stores.accounts.get(CHANNEL, change.id)
    kept = accounts.opened(house, before).secrets.values() if before is not None and before.merchant_id == change.merchant_id else ()
    masked = {accounts.mask(each): each for each in kept}
    found = []
    for each in change.secrets:
        if each.startswith(accounts.MASK) and each not in masked:
            raise BadUsage("masked_secret", field="secret")
        found.append(masked.get(each, each))
    return list(dict.fromkeys(found))


def _replay(stores: Stores, house: House, change: ReplayEvent, now: datetime) -> Doc:
    event = stores.happenings.get(change.id, change.within)
    if event is None:
        raise NotFound("no_such", kind="event", id=change.id[:80])
    if event.state not in ("unmatched", "ignored", "failed"):
        raise WrongState("event_not_replayable", id=event.id, state=event.state)
    again = replace(event, state="waiting", attempt=0, available_at=now, why=None, worked_at=None)
    stores.happenings.settle([again])
    return event_doc(again)


CHANGES = {PutConnection: _put, ReplayEvent: _replay}
