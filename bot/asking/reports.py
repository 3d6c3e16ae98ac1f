"""What a ticket's service anomaly report says."""

from __future__ import annotations

from bot.asking.usual import seen_ticket
from bot.errors import Unauthentic
from bot.house import House
from bot.messages import ReportByLink, ReportOf
from bot.report import Report
from bot.reporting import opened, report
from bot.stores import Stores


def _of(stores: Stores, house: House, query: ReportOf) -> Report:
    ticket = seen_ticket(stores, query.number, query.within)
    return report(stores, house, ticket, query.locale, house.clock.now())


def _by_link(stores: Stores, house: House, query: ReportByLink) -> Report:
    now = house.clock.now()
    merchant_id, number = opened(house, query.key, now)
    ticket = stores.tickets.get(number, merchant_id)
    if ticket is None or ticket.name != query.ticket:
        raise Unauthentic("its ticket is gone, or is another")
    return report(stores, house, ticket, None, now)


ANSWERS = {ReportOf: _of, ReportByLink: _by_link}
