"""Who works here and what they may do: may(person, verb, ticket) → None, or the key of the reason why not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.ticket import Ticket

# An e-mail address, as the API takes it too.
EMAIL = re.compile(r"[^@\s\x00-\x1f\x7f,;<>\"()\[\]\\]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


class Role(StrEnum):
    """CONTRACT §1. `risk` and `senior_manager` are the operator's."""

    AGENT = "agent"
    LEAD = "lead"
    FINANCE = "finance"
    RISK = "risk"
    SENIOR_MANAGER = "senior_manager"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Person:
    """An agent. `merchant_id` None: the operator's side, which sees every merchant."""

    id: str
    name: str
    role: Role
    merchant_id: str | None = None
    slack_user_id: str | None = None
    slack_team_id: str | None = None
    wecom_user_id: str | None = None
    email: str | None = None
    locale: str | None = None
    away_until: datetime | None = None

    def away(self, now: datetime) -> bool:
        """Whether alerts for this person go to the team now."""
        return self.away_until is not None and now < self.away_until

    def sees(self, merchant_id: str) -> bool:
        """Another merchant's things are unknown to this person."""
        return self.merchant_id is None or self.merchant_id == merchant_id


SELF = frozenset({"help", "whoami", "lang", "away", "back", "undo"})
READ = frozenset({"list", "show", "order", "why", "report", "freezes", "stats"})
WORK = frozenset({"new", "claim", "note", "reply", "tag", "pending", "snooze", "unsnooze", "escalate", "translate"})
OWN = frozenset({"resolve", "close", "release", "priority", "reveal"})  # for what is theirs, claiming what is unclaimed on the way
LEADS = frozenset({"assign", "merge", "reopen", "unfreeze", "link"})  # a lead's unfreeze only asks
ADMINS = frozenset({"deliveries", "retry"})
RISKS = frozenset({"reviews", "confirm", "dismiss"})
SETUP = frozenset({"setup"})  # a lead's and an admin's, nobody else's


def may(person: Person, verb: str, ticket: Ticket | None = None) -> str | None:
    """None: yes. Else the wording key of the reason why not. Visibility (`Person.sees`) is asked before this."""
    role = person.role
    if verb in RISKS:
        return None if reviews(person) else "only_risk"
    if verb in SELF or role is Role.ADMIN or (verb == "unfreeze" and role is Role.RISK):
        return None
    if verb in READ:
        return None
    if verb in ADMINS:
        return "only_admins"
    if verb in SETUP:
        return None if role is Role.LEAD else "only_leads"
    if role in (Role.LEAD, Role.SENIOR_MANAGER):
        return None if verb in WORK | OWN | LEADS else "role_may_not"
    if role is Role.AGENT:
        return _agent(person, verb, ticket)
    if role is Role.FINANCE and ticket is not None and ticket.category.label == "reconciliation_mismatch":
        return _agent(person, verb, ticket)
    return "role_changes_nothing" if role is Role.AUDITOR else "role_may_not"


def _agent(person: Person, verb: str, ticket: Ticket | None) -> str | None:
    if verb in WORK:
        return None
    if verb == "reopen" and ticket is not None and ticket.assignee == person.id and ticket.ledger.thanked_at is not None:
        return None  # the desk took the buyer's message for thanks and did not reopen it: whose ticket it is may see it otherwise
    if verb in OWN:
        return None if ticket is None or ticket.assignee in (None, person.id) else "not_yours"
    return "only_leads" if verb in LEADS else "role_may_not"


def reviews(person: Person) -> bool:
    """Who decides risk reviews, and freezes and unfreezes collection channels: the operator's people for risk, and its admins."""
    return person.merchant_id is None and person.role in (Role.RISK, Role.ADMIN)


def lifts_freezes(person: Person) -> bool:
    """Who lifts a shop's freeze at a word: the operator's side. A merchant's own people only ask for it."""
    return person.merchant_id is None and person.role in (Role.SENIOR_MANAGER, Role.ADMIN)
