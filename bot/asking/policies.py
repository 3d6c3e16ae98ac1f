"""SLA policies."""

from __future__ import annotations

from bot import views
from bot.asking.usual import docs
from bot.house import House
from bot.messages import Doc, ListOf, Page
from bot.stores import Stores


def _policy(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.policies.get(id, within)
    return views.policy_doc(found) if found else None


def _policies(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.policies.page(query.within, query.limit, query.cursor), views.policy_doc)


READERS = {"policies": _policy}
LISTS = {"policies": _policies}
