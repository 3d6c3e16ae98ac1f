"""Credentials of channels, opened for their edges."""

from __future__ import annotations

from bot.accounts import opened, shown
from bot.errors import NotFound
from bot.house import House
from bot.messages import AccountOf, AccountsOf, Credentials, Doc, Page, ShownAccount, ShownAccounts
from bot.stores import Stores


def _one(stores: Stores, house: House, query: AccountOf) -> Credentials:
    found = stores.accounts.get(query.channel, query.id)
    if found is None:
        raise NotFound("no_such", kind=f"{query.channel} account", id=query.id[:80])
    return opened(house, found)


def _all(stores: Stores, house: House, query: AccountsOf) -> tuple[Credentials, ...]:
    return tuple(opened(house, each) for each in stores.accounts.of(query.channel, query.within))


def _shown(stores: Stores, house: House, query: ShownAccount) -> Doc:
    found = stores.accounts.get(query.channel, query.id)
    if found is None or query.within not in (None, found.merchant_id):
        raise NotFound("no_such", kind=f"{query.channel} account", id=query.id[:80])
    return shown(opened(house, found))


def _page(stores: Stores, house: House, query: ShownAccounts) -> Page[Doc]:
    rest = [each for each in stores.accounts.of(query.channel, query.within) if each.id > (query.cursor or "")]
    these = rest[: query.limit]
    more = these[-1].id if len(rest) > len(these) else None
    return Page(tuple(shown(opened(house, each)) for each in these), more)


ANSWERS = {AccountOf: _one, AccountsOf: _all, ShownAccount: _shown, ShownAccounts: _page}
QUICK = (AccountOf,)
