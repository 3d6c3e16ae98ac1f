"""Who is told when a tier fires: CONTRACT §5 as rows of the outbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.administrators import telling
from bot.announce import notices
from bot.house import House
from bot.messages import Address, TellAdmins
from bot.people import Person, may
from bot.records import Merchant, Outgoing
from bot.rota import on_duty
from bot.stores import Stores
from bot.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Crew:
    """The people that a batch of tickets concerns, read at once: by id, the senior managers on duty, and each merchant's own.

    `unled`: where no senior manager can be told in person, what administrators hear of that; whoever sends it takes it off.
    """

    people: Mapping[str, Person]
    seniors: Sequence[Person]
    teams: Mapping[str, Sequence[Person]]
    unled: list[Outgoing] = field(default_factory=list)


def crew(stores: Stores, house: House, tickets: Iterable[Ticket], now: datetime) -> Crew:
    """Read for these tickets, as things are at this moment."""
    these = list(tickets)
    people = stores.people.many({ticket.assignee for ticket in these if ticket.assignee})
    teams = stores.people.teams({ticket.merchant_id for ticket in these}) if house.personal else {}
    managers = house.managers(stores)
    unled = [] if any(house.person(stores, each) for each in managers) else telling(stores, house, _unled(now), now)
    return Crew(people, on_duty(stores.rota.get(), managers, now), teams, unled)


def tier_notices(
    stores: Stores, house: House, ticket: Ticket, merchant: Merchant, crew: Crew, tier: int, cause: str,
    payload: Mapping[str, object], now: datetime,
) -> list[Outgoing]:  # fmt: skip
    """CONTRACT §5: tier 1 to the merchant's channels and its agents; 2 and 3 to the senior managers on duty on every link, beside them."""
    addresses: dict[str | None, list[Address]] = defaultdict(list)
    addresses[None] = house.everywhere(merchant)
    if tier == 1 and house.personal:
        for agent in _alerted(ticket, crew, now):
            addresses[agent.id] += house.in_person(stores, agent)
    if tier >= 2:
        for senior in crew.seniors:
            addresses[senior.id] += house.person(stores, senior)
    if tier == 3:
        addresses[None] += house.grave(merchant)
    rows: list[Outgoing] = []
    if tier >= 2:
        rows += crew.unled
        crew.unled.clear()
    taken: set[Address] = set()
    for person, places in addresses.items():
        fresh = [place for place in dict.fromkeys(places) if place not in taken]
        taken.update(fresh)
        if fresh:
            rows += notices(ticket, cause, f"tier{tier}", fresh, {**payload, "card": True, "person": person}, now)
    return rows if taken else [*rows, *notices(ticket, cause, f"tier{tier}", [], {**payload, "card": True}, now)]


def _unled(now: datetime) -> TellAdmins:
    """Once a day: it is a gap in the roster and no matter of this ticket."""
    return TellAdmins("no_manager", f"no_manager:{now.date()}")


def _alerted(ticket: Ticket, crew: Crew, now: datetime) -> list[Person]:
    """The assignee; while there is none, everyone of the merchant who may claim it. Who is away hears of it through the team."""
    holder = crew.people.get(ticket.assignee) if ticket.assignee else None
    found = [holder] if holder else [each for each in crew.teams.get(ticket.merchant_id, ()) if may(each, "claim", ticket) is None]
    return [each for each in found if not each.away(now)]
