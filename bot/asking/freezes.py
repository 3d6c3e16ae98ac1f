"""What is switched off, and whether a shop may refund now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import views
from bot.asking.usual import docs
from bot.errors import NotFound
from bot.house import House
from bot.messages import Doc, ListOf, Page, RefundPermission
from bot.records import Freeze
from bot.stores import Stores


def _freeze(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.freezes.get(id)
    return views.freeze_doc(found) if found and within in (None, found.merchant_id) else None


def _freezes(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    active = house.clock.now() if query.state == "active" else None
    return docs(stores.freezes.page(query.within, active, query.limit, query.cursor), views.freeze_doc)


def place_of(stores: Stores, query: RefundPermission) -> tuple[str, str]:
    """The shop's merchant, and the shop. Raises NotFound."""
    shop = stores.merchants.shop(query.shop_id, query.within)
    if shop is None:
        raise NotFound("no_shop", shop=query.shop_id[:80])
    return shop.merchant_id, shop.id


def held(stores: Stores, house: House, query: RefundPermission) -> tuple[Freeze, ...]:
    """What keeps this shop from refunding now, the latest end first. Raises NotFound."""
    merchant_id, shop_id = place_of(stores, query)
    return tuple(stores.freezes.active("refund", shop_id, merchant_id, house.clock.now()))


def permission_doc(freezes: Sequence[Freeze], now: datetime) -> Doc:
    """Of freezes that may have ended meanwhile."""
    holding = [each for each in freezes if each.until > now]
    if not holding:
        return {"allowed": True}
    last = holding[0]
    ticket = f"T-{last.ticket}" if last.ticket else None
    return {"allowed": False, "frozen_until": views.moment(last.until), "reason": last.reason, "ticket": ticket}


def _permission(stores: Stores, house: House, query: RefundPermission) -> Doc:
    return permission_doc(held(stores, house, query), house.clock.now())


READERS = {"freezes": _freeze}
LISTS = {"freezes": _freezes}
ANSWERS = {RefundPermission: _permission}
QUICK = (RefundPermission,)
