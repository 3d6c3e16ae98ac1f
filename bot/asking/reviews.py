"""Risk reviews."""

from __future__ import annotations

from bot import views
from bot.asking.usual import docs
from bot.house import House
from bot.messages import Doc, ListOf, Page
from bot.stores import Stores


def _review(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.risk.review(id, within)
    return views.review_doc(found) if found else None


def _reviews(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.risk.page(query.within, query.state == "open", query.limit, query.cursor), views.review_doc)


READERS = {"reviews": _review}
LISTS = {"reviews": _reviews}
