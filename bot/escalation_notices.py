"""Who is told when a tier fires: CONTRACT §5 as rows of the outbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.announce import notices
from bot.house import House
from bot.messages import Address
from bot.people import Person
from bot.records import Merchant, Outgoing
from bot.ticket import Ticket


def tier_notices(
    house: House, ticket: Ticket, merchant: Merchant, seniors: Sequence[Person], tier: int, cause: str,
    payload: Mapping[str, object], now: datetime,
) -> list[Outgoing]:  # fmt: skip
    """CONTRACT §5: tier 1 to the merchant's channels; 2 and 3 to every senior manager in person, on every link, beside them."""
    addresses: dict[str | None, list[Address]] = defaultdict(list)
    addresses[None] = house.everywhere(merchant)
    if tier >= 2:
        for senior in seniors:
            addresses[senior.id] += house.person(senior)
    rows: list[Outgoing] = []
    taken: set[Address] = set()
    for person, places in addresses.items():
        fresh = [place for place in dict.fromkeys(places) if place not in taken]
        taken.update(fresh)
        if fresh:
            rows += notices(ticket, cause, f"tier{tier}", fresh, {**payload, "card": True, "person": person}, now)
    return rows or notices(ticket, cause, f"tier{tier}", [], {**payload, "card": True}, now)
