"""What every use case has at hand: settings, policies, the channels that are there, the vault, the clock."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.messages import Address
from bot.people import Person
from bot.ports import Abilities, Clock, Metrics, NoMetrics, Vault
from bot.records import Merchant
from bot.settings import Settings
from bot.sla.policy import Policy, deployment_wide
from bot.ticket import Ticket


@dataclass(frozen=True, slots=True)
class House:
    """Read-only, one per process. `channels` are the abilities of the channels that are connected, by name."""

    settings: Settings
    clock: Clock
    vault: Vault
    channels: Mapping[str, Abilities]
    metrics: Metrics = field(default_factory=NoMetrics)

    def policy(self, ticket: Ticket) -> Policy:
        """The SLA policy that holds for this ticket."""
        del ticket  # narrower policies, by merchant, category and priority, come to be asked for here
        return deployment_wide(self.settings)

    @property
    def editing(self) -> tuple[str, ...]:
        """The channels whose cards change in place."""
        return tuple(name for name, abilities in self.channels.items() if abilities.edits)

    def team(self, merchant: Merchant) -> list[Address]:
        """Where the merchant's agents work together: its chat channel, or the deployment's."""
        target = merchant.notify.get("slack_channel") or self.settings.slack_channel
        return self._there([Address("slack", str(target))] if target else [])

    def mail(self, merchant: Merchant) -> list[Address]:
        """The merchant's e-mail addresses."""
        return self._there([Address("email", str(each)) for each in merchant.notify.get("emails") or ()])

    def everywhere(self, merchant: Merchant) -> list[Address]:
        """All of the merchant's addresses, in the order in which one stands in for another."""
        return self.team(merchant) + self.mail(merchant)

    def deployment(self) -> list[Address]:
        """Where what reached nobody goes."""
        return self._there([Address("slack", self.settings.slack_channel)] if self.settings.slack_channel else [])

    def person(self, person: Person) -> list[Address]:
        """Every link a person has, chat first."""
        found = [Address("slack", person.slack_user_id)] if person.slack_user_id else []
        if person.email:
            found.append(Address("email", person.email))
        return self._there(found)

    def reach(self, person: Person, merchant: Merchant, now: datetime) -> list[Address]:
        """One place that reaches this person now; the team while they are away or have no link."""
        own = [] if person.away(now) else self.person(person)[:1]
        return own or self.team(merchant) or self.mail(merchant)

    def _there(self, addresses: list[Address]) -> list[Address]:
        return [each for each in addresses if each.channel in self.channels]


def new_id(prefix: str) -> str:
    """A short unguessable id: `dlv_3f9c…`."""
    return f"{prefix}_{secrets.token_hex(9)}"
