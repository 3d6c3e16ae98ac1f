"""SLA policies."""

from __future__ import annotations

from datetime import timedelta

from bot import views
from bot.asking.usual import docs
from bot.house import House
from bot.messages import Doc, HolidaysKnown, ListOf, Page
from bot.sla import days_off
from bot.stores import Stores

AHEAD = timedelta(days=60)  # longer than most tickets live


def _policy(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.policies.get(id, within)
    return views.policy_doc(found) if found else None


def _policies(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.policies.page(query.within, query.limit, query.cursor), views.policy_doc)


def _holidays(stores: Stores, house: House, query: HolidaysKnown) -> Doc:
    now = house.clock.now()
    years = range(now.year, (now + AHEAD).year + 1)
    return {"country": "CN", "years": [each for each in years if not days_off.year("CN", each).official]}


READERS = {"policies": _policy}
LISTS = {"policies": _policies}
ANSWERS = {HolidaysKnown: _holidays}
