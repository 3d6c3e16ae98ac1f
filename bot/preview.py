"""What a policy would do to the tickets that are open now: a dry run that changes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from bot import policies
from bot.house import House
from bot.messages import Doc, Put
from bot.ports import Work
from bot.records import OPERATOR
from bot.ruling import checked
from bot.sla.pauses import relaid
from bot.sla.policy import Policy, deployment_wide
from bot.sla.rules import Rule, in_force
from bot.stores import Stores
from bot.ticket import TARGETS, Ticket
from bot.views import moment, policy_doc

BATCH = 500  # tickets in one read
MOST, MOST_SECONDS = 10_000, 3.0  # tickets looked at, and for how long; the answer says how many they were
SHOWN = 200  # of those that would change


async def preview(work: Work, house: House, change: Put) -> Doc:
    """`change` as PUT would take it → `looked_at`, `complete`, `would_change`, `would_be_overdue` and `changes`, SHOWN at most.

    Raises what PUT would. Each of `changes` has the ticket, the policy it has and would have, and for each clock that would move `from`
    and `to` (None: it stands still) and whether it would be `overdue` at once. `complete` false: there are more open tickets than were
    looked at within the limits, lowest numbers of each merchant first.
    """
    now = house.clock.now()
    rule = await work.read(lambda stores: checked(stores, house, change, now))
    within = None if rule.merchant_id == OPERATOR else rule.merchant_id
    after, looked, changed, overdue, complete = ("", 0), 0, 0, 0, False
    shown: list[dict[str, Any]] = []
    began = time.perf_counter()
    while looked < MOST and time.perf_counter() - began < MOST_SECONDS:
        tickets, changes = await work.read(lambda stores: _looked(stores, house, rule, within, after, now))  # noqa: B023
        looked += len(tickets)
        changed += len(changes)
        overdue += sum(any(clock["overdue"] for clock in each["clocks"].values()) for each in changes)
        shown += changes[: SHOWN - len(shown)]
        if len(tickets) < BATCH:
            complete = True
            break
        after = (tickets[-1].merchant_id, tickets[-1].number)
    return {
        "policy": policy_doc(rule), "looked_at": looked, "complete": complete, "would_change": changed, "would_be_overdue": overdue,
        "changes": shown,
    }  # fmt: skip


def _looked(
    stores: Stores, house: House, rule: Rule, within: str | None, after: tuple[str, int], now: datetime
) -> tuple[list[Ticket], list[dict[str, Any]]]:  # fmt: skip
    tickets = list(stores.tickets.running(within, after, BATCH))
    present = house.policies(stores, tickets)
    proposed: dict[tuple[str, str, str], Policy] = {}
    found = []
    for ticket in tickets:
        key = (ticket.merchant_id, ticket.category.label, ticket.priority)
        if key not in proposed:
            proposed[key] = _proposed(stores, house, rule, *key)
        doc = _change(ticket, present[ticket.number], proposed[key], now)
        if doc is not None:
            found.append(doc)
    return tickets, found


def _proposed(stores: Stores, house: House, rule: Rule, merchant_id: str, category: str, priority: str) -> Policy:
    """What would hold for such tickets."""
    rules = _with(policies.rules(stores, house.settings, merchant_id), rule)
    zone = policies.zone(stores, house.settings, merchant_id)
    return in_force(rules, deployment_wide(house.settings), zone, merchant_id, category, priority)


def _change(ticket: Ticket, present: Policy, proposed: Policy, now: datetime) -> dict[str, Any] | None:
    """What would become of this ticket; None: nothing."""
    if proposed == present:
        return None
    after = relaid(ticket, proposed, now)
    clocks = {
        kind: {"from": moment(was), "to": moment(will), "overdue": will is not None and will <= now}
        for kind in TARGETS
        if (was := ticket.target(kind).due_at) != (will := after.target(kind).due_at)
    }
    if not clocks:
        return None
    names = {"from": present.name, "to": proposed.name}
    return {"ticket": ticket.name, "number": ticket.number, "merchant_id": ticket.merchant_id, "policy": names, "clocks": clocks}


def _with(rules: Iterable[Rule], rule: Rule) -> list[Rule]:
    return [*(each for each in rules if each.id != rule.id), rule]
