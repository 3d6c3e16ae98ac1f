"""Orders, each with its tickets."""

from __future__ import annotations

from bot import views
from bot.asking.usual import docs
from bot.house import House
from bot.messages import Doc, FindOrders, ListOf, OrderFilter, Page
from bot.records import Order
from bot.stores import Stores


def _order(stores: Stores, id: str, within: str | None) -> Doc | None:
    shop_id, _, order_no = id.partition("/")
    found = stores.orders.get(shop_id, order_no, within)
    if found is None:
        return None
    return views.order_doc(found, list(stores.tickets.of_order(found.shop_id, found.order_no)), stores.payments.of_orders([found]))


def _orders(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return _with_tickets(stores, stores.orders.page(OrderFilter(merchant=query.within), query.limit, query.cursor))


def _find(stores: Stores, house: House, query: FindOrders) -> Page[Doc]:
    return _with_tickets(stores, stores.orders.page(query.filter, query.limit, query.cursor))


def _with_tickets(stores: Stores, page: Page[Order]) -> Page[Doc]:
    tickets = stores.tickets.of_orders(page.items)
    paid = stores.payments.of_orders(page.items)
    return docs(page, lambda order: views.order_doc(order, list(tickets.get((order.shop_id, order.order_no), ())), paid))


READERS = {"orders": _order}
LISTS = {"orders": _orders}
ANSWERS = {FindOrders: _find}
