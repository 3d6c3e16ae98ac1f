"""What every use case has at hand: settings, policies, the channels that are there, the vault, the clock."""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot import policies
from bot.messages import Address
from bot.people import Person
from bot.ports import Abilities, Clock, Institution, Metrics, NoMetrics, Vault
from bot.records import Merchant
from bot.settings import Settings
from bot.sla.policy import Policy
from bot.stores import Stores
from bot.ticket import Ticket

DIGITS = 18
# Drawn many at a time: the system is asked without the interpreter's lock, and a busy thread waits long to get it back.
_drawn: deque[str] = deque()


@dataclass(frozen=True, slots=True)
class House:
    """Read-only, one per process.

    `channels` are the abilities of the channels that are connected, by name; `institutions` those whose events can be read.
    """

    settings: Settings
    clock: Clock
    vault: Vault
    channels: Mapping[str, Abilities]
    metrics: Metrics = field(default_factory=NoMetrics)
    institutions: Mapping[str, Institution] = field(default_factory=dict)

    def policy(self, stores: Stores, ticket: Ticket) -> Policy:
        """The SLA policy that holds for this ticket, by what this transaction sees; a merchant's are read once in it."""
        return policies.of(stores, self.settings, ticket.merchant_id, ticket.category.label, ticket.priority)

    def policies(self, stores: Stores, tickets: Iterable[Ticket]) -> Mapping[int, Policy]:
        """The same for many, by number, in one read. Whoever works a batch asks this first."""
        return policies.of_all(stores, self.settings, tickets)

    @property
    def personal(self) -> bool:
        """Whether there is a channel on which agents are alerted in person."""
        return any(each.personal for each in self.channels.values())

    @property
    def editing(self) -> tuple[str, ...]:
        """The channels whose cards change in place."""
        return tuple(name for name, abilities in self.channels.items() if abilities.edits)

    @property
    def mirrors(self) -> tuple[str, ...]:
        """The channels that show a shop's tickets in another system."""
        return tuple(name for name, abilities in self.channels.items() if abilities.mirrors)

    def team(self, merchant: Merchant) -> list[Address]:
        """Where the merchant's agents work together: its chats, or the deployment's."""
        return self._written(merchant, chat=True) or self.deployment()

    def mail(self, merchant: Merchant) -> list[Address]:
        """Where the merchant is told outside its chats: by e-mail."""
        return self._written(merchant, chat=False)

    def everywhere(self, merchant: Merchant) -> list[Address]:
        """All of the merchant's addresses, in the order in which one stands in for another."""
        return self.team(merchant) + self.mail(merchant)

    def grave(self, merchant: Merchant) -> list[Address]:
        """Who of the merchant's is told, beside all others, when refunds are frozen."""
        return [Address(name, target) for name, each in self.channels.items() if each.grave for target in each.merchant(merchant)]

    def deployment(self) -> list[Address]:
        """Where what reached nobody goes."""
        return [Address(name, each.deployment) for name, each in self.channels.items() if each.deployment]

    def person(self, stores: Stores, person: Person) -> list[Address]:
        """Every link a person has, chat first; not those through an account that nobody has."""
        chats_first = sorted(self.channels.items(), key=lambda each: not each[1].chat)
        links = [(name, each, each.person(person)) for name, each in chats_first]
        return [Address(name, target) for name, each, target in links if target and _stands(stores, name, each, target)]

    def linked(self, stores: Stores, channel: str, account: str) -> Person | None:
        """The person with this chat account, where its channel vouches for that."""
        found, abilities = stores.people.linked(channel, account), self.channels.get(channel)
        if found is None or abilities is None:
            return found
        return found if abilities.vouches(account, found, lambda: stores.accounts.of(channel)) else None

    def in_person(self, stores: Stores, person: Person) -> list[Address]:
        """Those of a person's links on which alone they get a ticket's buttons."""
        return [each for each in self.person(stores, person) if self.channels[each.channel].personal]

    def managers(self, stores: Stores) -> Sequence[Person]:
        """The senior managers who can be told in person; all of them where none can."""
        found = stores.people.senior_managers()
        return [each for each in found if self.person(stores, each)] or found

    def reach(self, stores: Stores, person: Person, merchant: Merchant, now: datetime) -> list[Address]:
        """One place that reaches this person now; the team while they are away or have no link."""
        own = [] if person.away(now) else self.person(stores, person)[:1]
        return own or self.team(merchant) or self.mail(merchant)

    def _written(self, merchant: Merchant, *, chat: bool) -> list[Address]:
        channels = [(name, each) for name, each in self.channels.items() if each.chat is chat and not each.grave]
        return [Address(name, target) for name, each in channels for target in each.merchant(merchant)]


def _stands(stores: Stores, name: str, abilities: Abilities, target: str) -> bool:
    """Whether there is an account for it, the deployment's or its owner's."""
    owner = None if abilities.stands else abilities.owner(target)
    return owner is None or owner in stores.accounts.owners(name)


def new_id(prefix: str) -> str:
    """A short unguessable id: `dlv_3f9c…`."""
    while True:
        try:
            return f"{prefix}_{_drawn.pop()}"
        except IndexError:
            some = secrets.token_hex(DIGITS // 2 * 256)
            _drawn.extend(some[place : place + DIGITS] for place in range(0, len(some), DIGITS))
