"""Merchants and their shops."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import bindparam, select

from bot.errors import NotFound
from bot.messages import Page
from bot.records import OPERATOR, Merchant, Shop
from storage import directory
from storage.db import Db, PerDialect
from storage.lists import one_of
from storage.pages import page
from storage.rows import columns, values
from storage.schema import merchants, shops

_MERCHANTS = select(*columns(merchants, Merchant))
_ONE = _MERCHANTS.where(merchants.c.id == bindparam("id"))
_LATEST = _ONE.with_for_update(key_share=True)  # tickets that name it are written meanwhile
_MANY = _MERCHANTS.where(one_of(merchants.c.id, "ids"))
_SHOPS = select(*columns(shops, Shop))
_SHOP = directory.Lookup(shops, "shop", columns(shops, Shop))
_PUT = PerDialect(
    lambda insert: (new := insert(merchants)).on_conflict_do_update(
        index_elements=["id"], set_={name: new.excluded[name] for name in ("name", "timezone", "locale", "profile", "enabled_at")}
    )
)
_PUT_SHOP = PerDialect(
    lambda insert: (new := insert(shops)).on_conflict_do_update(
        index_elements=["merchant_id", "id"], set_={name: new.excluded[name] for name in ("platform", "name", "more")}
    )
)


class SqlMerchants:
    """bot.stores.Merchants."""

    def __init__(self, db: Db) -> None:
        self._db = db

    def get(self, id: str) -> Merchant | None:
        """By id."""
        row = self._db.first(_ONE, {"id": id})
        return Merchant(*row) if row else None

    def latest(self, id: str) -> Merchant | None:
        """By id, locked; SQLite has but one writer."""
        row = self._db.first(_LATEST, {"id": id})
        return Merchant(*row) if row else None

    def many(self, ids: Iterable[str]) -> Mapping[str, Merchant]:
        """Those that exist."""
        wanted = sorted(set(ids))
        return {row[0]: Merchant(*row) for row in self._db.all(_MANY, {"ids": wanted})} if wanted else {}

    def put(self, merchant: Merchant) -> None:
        """Adds or replaces it."""
        if merchant.id == OPERATOR:
            raise NotFound("no_merchant", field="id", merchant=merchant.id)
        self._db.run(_PUT, values(merchant))

    def page(self, within: str | None, limit: int, cursor: str | None) -> Page[Merchant]:
        """By id."""
        statement = _MERCHANTS if within is None else _MERCHANTS.where(merchants.c.id == within)
        return page(self._db, statement, [merchants.c.id], [str], limit, cursor, lambda row: Merchant(*row))

    def shop(self, id: str, within: str | None = None) -> Shop | None:
        """By id."""
        row = _SHOP.row(self._db, id, within)
        return Shop(*row) if row else None

    def put_shop(self, shop: Shop) -> None:
        """Adds or replaces it. Raises NotFound when the id is another merchant's."""
        if not directory.register(self._db, "shop", shop.id, shop.merchant_id):
            raise NotFound("no_shop", field="id", shop=shop.id)
        self._db.run(_PUT_SHOP, values(shop))

    def shops(self, within: str | None, limit: int, cursor: str | None) -> Page[Shop]:
        """By merchant, then id."""
        statement = _SHOPS if within is None else _SHOPS.where(shops.c.merchant_id == within)
        key = [shops.c.merchant_id, shops.c.id]
        return page(self._db, statement, key, [str, str], limit, cursor, lambda row: Shop(*row))
