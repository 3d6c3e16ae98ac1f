"""Pages: walking a list shows every item once, in order, whatever its size and the page's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.errors import BadUsage
from bot.messages import OrderFilter, Page, TicketFilter
from bot.stores import Stores
from storage.engine import Storage
from storage.pages import decode, encode
from storage.types import NEVER, from_micros, to_micros
from tests.storage.samples import NOW, entry, merchant, new_ticket, order, outgoing, person, shop

COUNT = 23
KEEPABLE = st.characters(codec="utf-8", exclude_characters="\0")
LISTS: dict[str, Callable[[Stores, int, str | None], Page[Any]]] = {
    "tickets": lambda stores, limit, cursor: stores.tickets.page(TicketFilter(), limit, cursor),
    "merchants": lambda stores, limit, cursor: stores.merchants.page(None, limit, cursor),
    "shops": lambda stores, limit, cursor: stores.merchants.shops(None, limit, cursor),
    "orders": lambda stores, limit, cursor: stores.orders.page(OrderFilter(merchant="m1"), limit, cursor),
    "people": lambda stores, limit, cursor: stores.people.page(None, limit, cursor),
    "timeline": lambda stores, limit, cursor: stores.timeline.page("m1", 1001, limit, cursor),
    "deliveries": lambda stores, limit, cursor: stores.outbox.page(None, "waiting", limit, cursor),
}


def _fill(stores: Stores) -> None:
    for at in range(COUNT):
        stores.merchants.put(merchant(f"m{at}"))
        stores.merchants.put_shop(shop(f"shop-{at}", f"m{at % 3}"))
        stores.people.put(person(f"Person {at}", None if at % 4 == 0 else f"m{at % 3}"))
        stores.orders.put(order(f"SP-{at}", f"shop-{at % 2}"))
        new_ticket(stores)
        same = NOW + timedelta(seconds=at // 5)
        stores.timeline.add([entry(f"type-{at}", at=same)])
        stores.outbox.add([outgoing(f"d{at}", created_at=same)])


async def _walk(storage: Storage, name: str, limit: int) -> list[Any]:
    found: list[Any] = []
    cursor: str | None = None
    while True:
        page = await storage.read(lambda stores: LISTS[name](stores, limit, cursor))  # noqa: B023
        assert len(page.items) <= limit
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_walking_a_list_shows_all_of_it_once_at_every_page_size(storage: Storage) -> None:
    await storage.write(_fill)
    for name in LISTS:
        whole = await _walk(storage, name, 200)
        assert len(whole) == COUNT, name
        for limit in (1, 2, 7, COUNT - 1, COUNT, COUNT + 1):
            assert await _walk(storage, name, limit) == whole, (name, limit)


@given(limits=st.lists(st.integers(1, 9), min_size=1, max_size=30), name=st.sampled_from(sorted(LISTS)))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_pages_of_any_sizes_join_without_gap_or_overlap(storage: Storage, limits: list[int], name: str) -> None:
    if await storage.read(lambda stores: stores.merchants.get("m0")) is None:
        await storage.write(_fill)
    whole = await _walk(storage, name, 200)
    found: list[Any] = []
    cursor: str | None = None
    for limit in limits:
        page = await storage.read(lambda stores: LISTS[name](stores, limit, cursor))  # noqa: B023
        found += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
    assert found == whole[: len(found)]
    assert (cursor is None) == (len(found) == COUNT)


async def test_what_comes_while_one_walks_moves_nothing(storage: Storage) -> None:
    first = [await storage.write(new_ticket) for _ in range(4)]
    page = await storage.read(lambda stores: stores.tickets.page(TicketFilter(), 2, None))
    await storage.write(new_ticket)
    rest = await storage.read(lambda stores: stores.tickets.page(TicketFilter(), 9, page.next_cursor))
    assert [*page.items, *rest.items] == [replace(each) for each in reversed(first)]


@given(st.text(KEEPABLE, max_size=80), st.integers(0, to_micros(NEVER)))
def test_any_key_goes_through_a_cursor(text: str, micros: int) -> None:
    at = from_micros(micros)
    assert decode(encode([text, at, -5]), [str, datetime, int]) == [text, at, -5]
    assert to_micros(at) == micros


@given(st.text(max_size=60))
def test_no_text_but_ours_is_a_cursor_and_none_breaks_it(text: str) -> None:
    with pytest.raises(BadUsage):
        decode(text, [str, datetime, int, str, int])
