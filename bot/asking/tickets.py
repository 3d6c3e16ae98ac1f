"""Tickets: found, one, its timeline, why its clocks are where they are."""

from __future__ import annotations

from bot import views
from bot.asking.usual import docs, seen_ticket
from bot.house import House
from bot.messages import Doc, FindTickets, GetTicket, Page, TimelineOf, WhyOf
from bot.sla.explain import earlier, explain
from bot.stores import Stores
from bot.wording.cases import case_line
from bot.wording.clocks import account_told, rule, told


def _find(stores: Stores, house: House, query: FindTickets) -> Page[Doc]:
    return docs(stores.tickets.page(query.filter, query.limit, query.cursor), views.ticket_doc)


def _ticket(stores: Stores, house: House, query: GetTicket) -> Doc:
    return views.ticket_doc(seen_ticket(stores, query.number, query.within))


def _timeline(stores: Stores, house: House, query: TimelineOf) -> Page[Doc]:
    ticket = seen_ticket(stores, query.number, query.within)
    return docs(stores.timeline.page(ticket.merchant_id, ticket.number, query.limit, query.cursor), views.entry_doc)


def _why(stores: Stores, house: House, query: WhyOf) -> Doc:
    ticket = seen_ticket(stores, query.number, query.within)
    merchant = stores.merchants.get(ticket.merchant_id)
    policy, now = house.policy(stores, ticket), house.clock.now()
    timezone = merchant.timezone if merchant else house.settings.timezone
    clocks = [
        views.account_doc(each, account_told(each, policy, query.locale, timezone, now)) for each in explain(ticket, policy, now)
    ]  # fmt: skip
    before = [views.account_doc(each, told(each, policy, query.locale, timezone, now)) for each in earlier(ticket, policy)]
    by = rule(ticket, policy, query.locale, now)
    evidence = case_line(ticket, timezone, now, query.locale)
    head = {"ticket": ticket.name, "number": ticket.number, "policy": policy.name, "rule": by}
    return {**head, "clocks": clocks, "earlier": before, "evidence": evidence, "dispute": dict(ticket.dispute) or None}


ANSWERS = {FindTickets: _find, GetTicket: _ticket, TimelineOf: _timeline, WhyOf: _why}
QUICK = (GetTicket, WhyOf)
