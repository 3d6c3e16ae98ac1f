"""Who may do what: role by role, on what is theirs, unclaimed, or another's."""

from __future__ import annotations

import pytest

from bot import people
from bot.commands import registry
from bot.people import Person, Role, may
from bot.ticket import Category
from tests.bot.test_ticket import ticket

UNCLAIMED, MINE, THEIRS = ticket(), ticket(assignee="p"), ticket(assignee="other")
FREE = ("claim", "note", "reply", "tag", "pending", "snooze", "escalate", "new")
OWN = ("resolve", "close", "release", "priority")
LEADS = ("assign", "merge", "reopen", "unfreeze", "link")
READS = ("list", "show", "order", "why", "freezes")
SELF = ("help", "whoami", "lang", "away", "back", "undo")
RISKS = ("reviews", "confirm", "dismiss")
ALL = (*FREE, *OWN, *LEADS, *READS, *SELF, *RISKS, "setup", "deliveries", "retry")

ALLOWED = {
    Role.AGENT: {*FREE, *OWN, *READS, *SELF},
    Role.LEAD: {*FREE, *OWN, *LEADS, *READS, *SELF, "setup"},
    Role.SENIOR_MANAGER: {*FREE, *OWN, *LEADS, *READS, *SELF},
    Role.ADMIN: set(ALL),
    Role.AUDITOR: {*READS, *SELF},
    Role.FINANCE: {*READS, *SELF},
    Role.RISK: {*READS, *SELF, *RISKS, "unfreeze"},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("verb", ALL)
def test_on_what_is_theirs_each_role_may_do_this(role: Role, verb: str) -> None:
    assert (may(Person("p", "P", role), verb, MINE) is None) == (verb in ALLOWED[role])


@pytest.mark.parametrize("verb", OWN)
def test_an_agent_works_ones_own_and_the_unclaimed_but_not_anothers(verb: str) -> None:
    agent = Person("p", "P", Role.AGENT)
    assert [may(agent, verb, each) for each in (MINE, UNCLAIMED, THEIRS)] == [None, None, "not_yours"]


@pytest.mark.parametrize("verb", OWN)
@pytest.mark.parametrize("role", [Role.LEAD, Role.SENIOR_MANAGER, Role.ADMIN])
def test_leads_managers_and_admins_work_anybodys(role: Role, verb: str) -> None:
    assert may(Person("p", "P", role), verb, THEIRS) is None


def test_finance_works_reconciliation_tickets_and_no_others() -> None:
    finance = Person("p", "P", Role.FINANCE)
    reconciling = ticket(category=Category("reconciliation_mismatch"))
    assert may(finance, "claim", reconciling) is None
    assert may(finance, "claim", MINE) == "role_may_not"


def test_a_merchants_person_sees_that_merchant_alone_and_the_operators_see_all() -> None:
    assert [Person("p", "P", Role.LEAD, "m").sees(merchant) for merchant in ("m", "other")] == [True, False]
    assert Person("p", "P", Role.SENIOR_MANAGER).sees("other")


def test_every_command_stands_in_one_list_of_those_who_may() -> None:
    lists = (people.SELF, people.READ, people.WORK, people.OWN, people.LEADS, people.ADMINS, people.SETUP, people.RISKS)
    assert {verb.name: sum(verb.name in each for each in lists) for verb in registry.all_verbs()} == dict.fromkeys(
        frozenset().union(*lists), 1
    )
