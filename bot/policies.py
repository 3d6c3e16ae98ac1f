"""The SLA policies of one transaction: read once for each merchant, worked out once for each kind of ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.records import OPERATOR, Recount
from bot.settings import Settings
from bot.sla.policy import Policy, deployment_wide
from bot.sla.rules import Rule, in_force, needs_zone
from bot.stores import Stores
from bot.ticket import Ticket

Key = tuple[str, str, str]  # merchant, category, priority


@dataclass(slots=True)
class _Memory:
    """What this transaction knows of policies. `rules` and `zones` are by merchant."""

    deployment: Policy
    rules: dict[str, tuple[Rule, ...]] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    found: dict[Key, Policy] = field(default_factory=dict)


def of_all(stores: Stores, settings: Settings, tickets: Iterable[Ticket]) -> Mapping[int, Policy]:
    """The policy of each of these by number: one read for all of their merchants, a second where calendars are in merchants' own zones."""
    wanted = {ticket.number: (ticket.merchant_id, ticket.category.label, ticket.priority) for ticket in tickets}
    memory = _memory(stores, settings)
    _read(stores, memory, {key[0] for key in wanted.values()})
    return {number: _found(stores, settings, memory, key) for number, key in wanted.items()}


def of(stores: Stores, settings: Settings, merchant_id: str, category: str, priority: str) -> Policy:
    """The policy of such tickets; one read for each merchant that is asked about."""
    memory = _memory(stores, settings)
    _read(stores, memory, {merchant_id})
    return _found(stores, settings, memory, (merchant_id, category, priority))


def rules(stores: Stores, settings: Settings, merchant_id: str) -> Sequence[Rule]:
    """All that could hold for this merchant's tickets, the deployment's included."""
    memory = _memory(stores, settings)
    _read(stores, memory, {merchant_id})
    return memory.rules[merchant_id]


def zone(stores: Stores, settings: Settings, merchant_id: str) -> str:
    """The zone of calendars that name none."""
    memory = _memory(stores, settings)
    if merchant_id not in memory.zones:
        found = stores.merchants.get(merchant_id)
        memory.zones[merchant_id] = found.timezone if found else settings.timezone
    return memory.zones[merchant_id]


def changed(stores: Stores, merchant_id: str, now: datetime) -> None:
    """Something that clocks go by has changed for this merchant (OPERATOR: for all): every open ticket's are to be worked out anew."""
    stores.memory.pop(_Memory, None)
    stores.policies.put_recount(Recount(merchant_id, now))


def _memory(stores: Stores, settings: Settings) -> _Memory:
    memory: _Memory | None = stores.memory.get(_Memory)
    if memory is None:
        memory = stores.memory[_Memory] = _Memory(deployment_wide(settings))
    return memory


def _read(stores: Stores, memory: _Memory, merchant_ids: set[str]) -> None:
    new = merchant_ids - memory.rules.keys()
    if not new:
        return
    found = stores.policies.of(new | {OPERATOR})
    for merchant_id in new:
        memory.rules[merchant_id] = tuple(rule for rule in found if rule.merchant_id in (OPERATOR, merchant_id))
    if any(needs_zone(rule) for rule in found):
        memory.zones |= {id: merchant.timezone for id, merchant in stores.merchants.many(new).items()}


def _found(stores: Stores, settings: Settings, memory: _Memory, key: Key) -> Policy:
    policy = memory.found.get(key)
    if policy is None:
        mine = memory.rules[key[0]]
        timezone = zone(stores, settings, key[0]) if any(needs_zone(rule) for rule in mine) else settings.timezone
        policy = memory.found[key] = in_force(mine, memory.deployment, timezone, *key) if mine else memory.deployment
    return policy
