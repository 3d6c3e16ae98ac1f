"""Which SLA policy holds for a ticket: the most specific, and never a looser one than the operator's because a merchant says so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.records import OPERATOR
from bot.settings import duration
from bot.sla.hours import Calendar, calendar, windows
from bot.sla.policy import Policy
from bot.ticket import TARGETS


@dataclass(frozen=True, slots=True)
class Rule:
    """An SLA policy as it is kept. `merchant_id` OPERATOR, `category` None, `priority` None: any.

    `doc` has what was given of `targets` (kind → a duration as text), `calendar`, `pause_on` and `warn`. `tightens`: made by a merchant.
    """

    id: str
    merchant_id: str
    category: str | None
    priority: str | None
    doc: Mapping[str, Any]
    tightens: bool
    updated_at: datetime

    def fits(self, merchant_id: str, category: str, priority: str) -> bool:
        """Whether it is about such a ticket."""
        mine = self.merchant_id in (OPERATOR, merchant_id)
        return mine and self.category in (None, category) and self.priority in (None, priority)

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, datetime, str]:
        """The higher, the more specific: a merchant's over all merchants', then a category's, then a priority's.

        So a merchant's policy for everything outranks a deployment-wide one for urgent chargebacks. Of two about the same tickets a
        merchant's own outranks the operator's (it can only tighten it), then the one put last.
        """
        whose = self.merchant_id != OPERATOR
        return whose, self.category is not None, self.priority is not None, self.tightens, self.updated_at, self.id


def in_force(rules: Iterable[Rule], deployment: Policy, timezone: str, merchant_id: str, category: str, priority: str) -> Policy:
    """The policy of such a ticket. Without any rule about it, the deployment's.

    Where a merchant's own wins, each of its targets is at most the one that the operator's most specific rule says, whenever that was
    put; calendar and pauses are that one's. `timezone` is the merchant's, for calendars that name none.
    """
    fitting = [rule for rule in rules if rule.fits(merchant_id, category, priority)]
    theirs = max((rule for rule in fitting if not rule.tightens), key=lambda rule: rule.rank, default=None)
    policy = deployment if theirs is None else compiled(theirs, deployment, timezone)
    own = max((rule for rule in fitting if rule.tightens), key=lambda rule: rule.rank, default=None)
    if own is None or (theirs is not None and theirs.rank > own.rank):
        return policy
    return tightened(own, policy)


def compiled(rule: Rule, deployment: Policy, timezone: str) -> Policy:
    """The operator's rule; targets and warnings that it does not name are the deployment's."""
    targets = targets_of(rule.doc, deployment.targets)
    warn = rule.doc.get("warn")
    return replace(
        deployment, name=rule.id, targets=targets, warn=deployment.warn if warn is None else tuple(warn),
        labels=deployment.labels if targets == deployment.targets else None,
        calendar=_calendar(rule.doc.get("calendar"), timezone), pause_on=tuple(rule.doc.get("pause_on") or ()),
        about=(None if rule.merchant_id == OPERATOR else rule.merchant_id, rule.category, rule.priority),
    )  # fmt: skip


def tightened(rule: Rule, policy: Policy) -> Policy:
    """`policy` with what the merchant's rule shortens of it.

    No tier comes after a later one: where the operator has lengthened a target since that the rule does not name, it is at most the next.
    """
    asked = targets_of(rule.doc, policy.targets)
    first, second, third = (min(pair) for pair in zip(asked, policy.targets, strict=True))
    second = min(second, third)
    first = min(first, second)
    warn = rule.doc.get("warn")
    return replace(
        policy, name=rule.id, targets=(first, second, third), warn=policy.warn if warn is None else tuple(warn),
        labels=policy.labels if (first, second, third) == policy.targets else None, about=(rule.merchant_id, rule.category, rule.priority),
    )  # fmt: skip


def targets_of(doc: Mapping[str, Any], otherwise: tuple[timedelta, timedelta, timedelta]) -> tuple[timedelta, timedelta, timedelta]:
    """The three targets of a policy's document."""
    given = doc.get("targets") or {}
    first, second, third = (duration(given[kind]) if given.get(kind) else each for kind, each in zip(TARGETS, otherwise, strict=True))
    return first, second, third


def needs_zone(rule: Rule) -> bool:
    """Whether its calendar is read in each merchant's own zone."""
    found: Mapping[str, Any] | None = rule.doc.get("calendar")
    return found is not None and not found.get("timezone")


def _calendar(doc: Mapping[str, Any] | None, timezone: str) -> Calendar | None:
    return calendar(doc.get("timezone") or timezone, windows(doc["hours"]), doc.get("holidays")) if doc else None
