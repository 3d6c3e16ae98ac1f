"""Who may set what in an SLA policy, and what a policy must hold to; putting and removing one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from bot import policies
from bot.errors import BadUsage, NotAllowed, NotFound
from bot.house import House
from bot.messages import Put
from bot.records import OPERATOR
from bot.settings import duration
from bot.sla import days_off
from bot.sla.hours import WEEKDAYS, windows
from bot.sla.policy import Policy, deployment_wide, span
from bot.sla.rules import Rule, compiled, in_force, targets_of
from bot.stores import Stores
from bot.ticket import TARGETS

MOST = 200  # of one merchant; thirteen categories with four priorities and without make 70
SHORTEST, LONGEST = timedelta(seconds=1), timedelta(days=366)  # no policy switches a tier off, be it by a target that nobody lives to see


def checked(stores: Stores, house: House, change: Put, now: datetime) -> Rule:
    """The rule that this document makes. Raises BadUsage naming the field, NotAllowed for what is the operator's, NotFound.

    A merchant's key makes rules that only tighten: targets no longer than the operator's for the same tickets; calendars and pauses are
    the operator's. Nothing is stored.
    """
    merchant_id = change.doc.get("merchant_id") or change.within or OPERATOR
    if change.within not in (None, merchant_id) or (merchant_id != OPERATOR and stores.merchants.get(merchant_id) is None):
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    before = stores.policies.get(change.id)
    if before is not None and before.merchant_id != merchant_id:
        raise NotFound("no_such", field="id", kind="policy", id=change.id)
    doc = {key: change.doc[key] for key in ("targets", "calendar", "pause_on", "warn") if change.doc.get(key) is not None}
    if "warn" in doc:
        doc["warn"] = sorted(set(doc["warn"]))
    rule = Rule(change.id, merchant_id, change.doc.get("category"), change.doc.get("priority"), doc, change.within is not None, now)
    if doc.get("calendar"):
        _check_calendar(doc["calendar"])
    if rule.tightens:
        _check_tightens(stores, house, rule, before)
    else:
        _check_targets(rule.doc, deployment_wide(house.settings).targets)
        _check_far(compiled(rule, deployment_wide(house.settings), _zone(stores, house, rule)), now)
    return rule


def put(stores: Stores, house: House, change: Put, now: datetime) -> Rule:
    """Raises what `checked` does, BadUsage when there are too many. Open tickets are worked out anew in the background."""
    rule = checked(stores, house, change, now)
    if stores.policies.get(rule.id) is None and len(stores.policies.of([rule.merchant_id])) >= MOST:
        raise BadUsage("too_many", field="id", most=MOST)
    stores.policies.put(rule)
    policies.changed(stores, rule.merchant_id, now)
    return rule


def remove(stores: Stores, rule: Rule, within: str | None, now: datetime) -> None:
    """Raises NotAllowed where a merchant would remove the operator's."""
    if within is not None and not rule.tightens:
        raise NotAllowed("operator_only", field="id")
    stores.policies.delete(rule)
    policies.changed(stores, rule.merchant_id, now)


def _check_tightens(stores: Stores, house: House, rule: Rule, before: Rule | None) -> None:
    if before is not None and not before.tightens:
        raise NotAllowed("operator_only", field="id")
    for field in ("calendar", "pause_on"):
        if rule.doc.get(field):
            raise NotAllowed("operator_only", field=field)
    limit = operators(stores, house, rule.merchant_id, rule.category, rule.priority)
    for kind, asked, most in zip(TARGETS, targets_of(rule.doc, limit.targets), limit.targets, strict=True):
        if asked > most:
            raise NotAllowed("only_tighten", field=f"targets.{kind}", asked=span(asked), most=span(most))
    _check_targets(rule.doc, limit.targets)


def operators(stores: Stores, house: House, merchant_id: str, category: str | None, priority: str | None) -> Policy:
    """What holds for these tickets of a merchant as the operator has it, whatever the merchant has tightened."""
    theirs = [each for each in policies.rules(stores, house.settings, merchant_id) if not each.tightens]
    zone = policies.zone(stores, house.settings, merchant_id)
    return in_force(theirs, deployment_wide(house.settings), zone, merchant_id, category or "", priority or "")


def _zone(stores: Stores, house: House, rule: Rule) -> str:
    return house.settings.timezone if rule.merchant_id == OPERATOR else policies.zone(stores, house.settings, rule.merchant_id)


def _check_targets(doc: Mapping[str, Any], otherwise: tuple[timedelta, timedelta, timedelta]) -> None:
    for kind, text in (doc.get("targets") or {}).items():
        if duration(text) < SHORTEST:
            raise BadUsage("target_too_short", field=f"targets.{kind}")
    found = targets_of(doc, otherwise)
    for place in (1, 2):
        if found[place] <= found[place - 1]:
            kind, before = TARGETS[place], TARGETS[place - 1]
            raise BadUsage(
                "targets_grow", field=f"targets.{kind}", target=kind, length=span(found[place]), before=before, other=span(found[place - 1])
            )


def _check_far(policy: Policy, now: datetime) -> None:
    for kind in TARGETS:
        if policy.due(kind, now) - now > LONGEST:
            raise BadUsage("target_too_far", field=f"targets.{kind}", most=LONGEST.days)


def _check_calendar(doc: Mapping[str, Any]) -> None:
    for day, given in doc["hours"].items():
        _check_day(f"calendar.hours.{day}", given)
    if not any(windows(doc["hours"])):
        raise BadUsage("no_hours", field="calendar.hours", days=" ".join(WEEKDAYS))
    country = doc.get("holidays")
    if country and not days_off.known(country):
        raise BadUsage("unknown_holidays", field="calendar.holidays", country=country)


def _check_day(field: str, given: Sequence[Sequence[str]]) -> None:
    for place, (opens, closes) in enumerate(given):
        if closes != "00:00" and closes <= opens:
            raise BadUsage("window_backwards", field=f"{field}.{place}", opens=opens, closes=closes)
    found = windows({WEEKDAYS[0]: given})[0]
    for before, after in pairwise(found):
        if after[0] < before[1]:
            raise BadUsage("windows_overlap", field=field)
