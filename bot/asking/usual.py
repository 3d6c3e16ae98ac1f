"""What the subjects share: a page of documents, a ticket that its asker may see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.errors import NotFound
from bot.messages import Doc, Page
from bot.stores import Stores
from bot.ticket import Ticket


def seen_ticket(stores: Stores, number: int, within: str | None) -> Ticket:
    """The ticket, or NotFound for another merchant's too."""
    found = stores.tickets.get(number, within)
    if found is None:
        raise NotFound("no_ticket", ticket=f"T-{number}")
    return found


def docs(page: Page[Any], view: Callable[[Any], Doc]) -> Page[Doc]:
    """The same page, each thing as its document."""
    return Page(tuple(view(each) for each in page.items), page.next_cursor)
