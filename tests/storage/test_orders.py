"""Orders: a page with its tickets costs two reads, however long it is."""

from __future__ import annotations

from typing import Any

from bot import asking
from bot.messages import FindOrders, OrderFilter
from bot.stores import Stores
from storage.engine import Storage
from tests.storage.samples import new_ticket, order, people_and_shops
from tests.storage.statements import said


async def test_a_page_of_orders_with_their_tickets_and_payments_is_three_reads_however_long(storage: Storage) -> None:
    def fill(stores: Stores) -> None:
        people_and_shops(stores)
        for at in range(30):
            stores.orders.put(order(f"SP-{at}"))
            new_ticket(stores, order_no=f"SP-{at}")
            new_ticket(stores, order_no=f"SP-{at}")
        new_ticket(stores, "m2", shop_id="s2", order_no="SP-1")

    await storage.write(fill)
    house: Any = None
    for limit in (2, 30):
        pages: list[Any] = []
        heard = await said(storage, lambda stores: pages.append(asking.ask(stores, house, FindOrders(OrderFilter(), limit))))  # noqa: B023
        assert [len(each["tickets"]) for each in pages[0].items] == [2] * limit
        assert len(heard) == 3, heard
