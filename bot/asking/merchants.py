"""Merchants and their shops."""

from __future__ import annotations

from bot import views
from bot.asking.usual import docs
from bot.house import House
from bot.messages import Doc, ListOf, Page
from bot.stores import Stores


def _merchant(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.merchants.get(id) if within in (None, id) else None
    return views.merchant_doc(found) if found else None


def _shop(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.merchants.shop(id, within)
    return views.shop_doc(found) if found else None


def _merchants(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.merchants.page(query.within, query.limit, query.cursor), views.merchant_doc)


def _shops(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.merchants.shops(query.within, query.limit, query.cursor), views.shop_doc)


READERS = {"merchants": _merchant, "shops": _shop}
LISTS = {"merchants": _merchants, "shops": _shops}
