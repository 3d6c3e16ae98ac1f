"""Merchants' own fields of tickets."""

from __future__ import annotations

from bot import views
from bot.asking.usual import docs
from bot.errors import BadUsage
from bot.house import House
from bot.messages import Doc, ListOf, Page
from bot.stores import Stores


def _field(stores: Stores, id: str, within: str | None) -> Doc | None:
    """A key is a merchant's: the operator says whose."""
    if within is None:
        raise BadUsage("field_whose", field="merchant")
    return next((views.custom_field_doc(each) for each in stores.custom.of(within) if each.key == id), None)


def _fields(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    return docs(stores.custom.page(query.within, query.limit, query.cursor), views.custom_field_doc)


READERS = {"custom-fields": _field}
LISTS = {"custom-fields": _fields}
