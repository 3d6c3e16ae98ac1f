"""Credentials of channels, opened for their edges."""

from __future__ import annotations

from bot.accounts import opened
from bot.errors import NotFound
from bot.house import House
from bot.messages import AccountOf, AccountsOf, Credentials
from bot.stores import Stores


def _one(stores: Stores, house: House, query: AccountOf) -> Credentials:
    found = stores.accounts.get(query.channel, query.id)
    if found is None:
        raise NotFound("no_such", kind=f"{query.channel} account", id=query.id[:80])
    return opened(house, found)


def _all(stores: Stores, house: House, query: AccountsOf) -> tuple[Credentials, ...]:
    return tuple(opened(house, each) for each in stores.accounts.of(query.channel, query.within))


ANSWERS = {AccountOf: _one, AccountsOf: _all}
QUICK = (AccountOf,)
