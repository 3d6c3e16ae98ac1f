"""Orders, each with its tickets."""

from __future__ import annotations

from bot import views
from bot.asking.usual import docs
from bot.house import House
from bot.messages import Doc, ListOf, Page
from bot.records import Order
from bot.stores import Stores


def _order(stores: Stores, id: str, within: str | None) -> Doc | None:
    shop_id, _, order_no = id.partition("/")
    found = stores.orders.get(shop_id, order_no, within)
    return _order_doc(stores, found) if found else None


def _order_doc(stores: Stores, order: Order) -> Doc:
    return views.order_doc(order, list(stores.tickets.of_order(order.shop_id, order.order_no)))


def _orders(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.orders.page(query.within, query.limit, query.cursor), lambda order: _order_doc(stores, order))


READERS = {"orders": _order}
LISTS = {"orders": _orders}
