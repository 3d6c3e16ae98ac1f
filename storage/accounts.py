"""Credentials of channels: WeCom apps, robots' keys, Slack workspaces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import bindparam, delete, or_, select

from bot.errors import NotFound
from bot.records import Account
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.rows import columns, values
from storage.schema import accounts

_KEY = ("channel", "id")
_OF = select(*columns(accounts, Account)).where(accounts.c.channel == bindparam("channel")).order_by(accounts.c.id)
_ONE = _OF.where(accounts.c.id == bindparam("id"))
_HELD = _ONE.with_for_update()
_OWN = _OF.where(accounts.c.merchant_id == bindparam("within"))
_SOME = _OF.where(or_(one_of(accounts.c.id, "ids"), one_of(accounts.c.merchant_id, "owners")))
_OWNERS = select(accounts.c.merchant_id).where(accounts.c.channel == bindparam("channel")).distinct()
_DELETE = delete(accounts).where(accounts.c.channel == bindparam("channel"), accounts.c.id == bindparam("id"))
_PUT = PerDialect(
    lambda insert: (new := insert(accounts)).on_conflict_do_update(
        index_elements=_KEY, set_={name: new.excluded[name] for name in ("doc", "sealed", "updated_at")},
        where=accounts.c.merchant_id == new.excluded.merchant_id,
    )
)  # fmt: skip


class SqlAccounts:
    """bot.stores.Accounts."""

    def __init__(self, db: Db) -> None:
        self._db = db
        self._owners: dict[str, frozenset[str]] = {}

    def get(self, channel: str, id: str, *, held: bool = False) -> Account | None:
        """By id; `held`: nobody else changes or removes it before this transaction ends."""
        row = self._db.first(_HELD if held else _ONE, {"channel": channel, "id": id})
        return _account_of(row) if row else None

    def of(self, channel: str, within: str | None = None) -> Sequence[Account]:
        """All of that channel."""
        statement, wanted = (_OF, {}) if within is None else (_OWN, {"within": within})
        return [_account_of(row) for row in self._db.all(statement, {"channel": channel, **wanted})]

    def some(self, channel: str, ids: Iterable[str], owners: Iterable[str]) -> Sequence[Account]:
        """One read for all of them."""
        wanted = {"ids": sorted(set(ids)), "owners": sorted(set(owners))}
        return [_account_of(row) for row in self._db.all(_SOME, {"channel": channel, **wanted})] if any(wanted.values()) else []

    def owners(self, channel: str) -> frozenset[str]:
        """Read once in a transaction."""
        if channel not in self._owners:
            self._owners[channel] = frozenset(row[0] for row in self._db.all(_OWNERS, {"channel": channel}))
        return self._owners[channel]

    def put(self, account: Account) -> None:
        """Adds or replaces it."""
        if not self._db.run(_PUT, values(account)):
            raise NotFound("no_such", field="id", kind=f"{account.channel} account", id=account.id)
        self._owners.clear()

    def delete(self, channel: str, id: str) -> None:
        """The id is free again."""
        self._db.run(_DELETE, {"channel": channel, "id": id})
        self._owners.clear()


def _account_of(row: Any) -> Account:
    account = Account(*row)
    return replace(account, sealed=bytes(account.sealed))
