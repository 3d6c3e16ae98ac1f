"""Who speaks: the person behind an identity, and the language in which they are answered."""

from __future__ import annotations

from bot.errors import BadUsage, NotFound, UnknownPerson
from bot.house import House
from bot.messages import Identity
from bot.people import Person
from bot.stores import Stores
from bot.wording import say


def speaker(stores: Stores, house: House, by: Identity, within: str | None = None) -> Person:
    """The agent. Raises UnknownPerson (in both languages: theirs is not known), BadUsage for a key that is no person, NotFound."""
    if by.channel == "key":
        raise BadUsage("agent_needed", field="agent")
    if by.channel != "agent":
        found = house.linked(stores, by.channel, by.id)
        if found is None:
            unknown = UnknownPerson("unknown_person")
            unknown.say = f"{say('unknown_person', 'en')}\n{say('unknown_person', 'zh')}"
            raise unknown
        return found
    found = stores.people.get(by.id, within)
    if found is None or (within is not None and found.merchant_id != within):
        raise NotFound("no_agent", field="agent", agent=by.id[:64])
    return found


def language(stores: Stores, house: House, who: Person) -> str:
    """`zh` or `en`: their own choice, else their merchant's, else the deployment's."""
    if who.locale:
        return who.locale
    merchant = stores.merchants.get(who.merchant_id) if who.merchant_id else None
    return merchant.locale if merchant else house.settings.locale
