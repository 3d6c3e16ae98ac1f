"""What is switched off; whether a shop may refund now, and a channel collect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import views
from bot.asking.usual import docs
from bot.errors import BadUsage, NotFound
from bot.house import House
from bot.messages import CollectionPermission, Doc, ListOf, Page, RefundPermission
from bot.records import Freeze
from bot.stores import Stores

Permission = RefundPermission | CollectionPermission
KINDS: dict[type, str] = {RefundPermission: "refund", CollectionPermission: "collection"}


def _freeze(stores: Stores, id: str, within: str | None) -> Doc | None:
    found = stores.freezes.get(id)
    return views.freeze_doc(found) if found and within in (None, found.merchant_id) else None


def _freezes(stores: Stores, house: House, query: ListOf) -> Page[Doc]:
    active = house.clock.now() if query.state == "active" else None
    return docs(stores.freezes.page(query.within, active, query.limit, query.cursor), views.freeze_doc)


def place_of(stores: Stores, query: Permission) -> tuple[str, str]:
    """The merchant, and its shop or channel. Raises NotFound, BadUsage."""
    if isinstance(query, CollectionPermission):
        return owner_of(stores, query.merchant, query.within), query.channel_id
    shop = stores.merchants.shop(query.shop_id, query.within)
    if shop is None:
        raise NotFound("no_shop", shop=query.shop_id[:80])
    return shop.merchant_id, shop.id


def owner_of(stores: Stores, merchant: str | None, within: str | None) -> str:
    """Whose channel is meant: many merchants may collect over one. Raises BadUsage where it is not said, NotFound."""
    wanted = merchant or within
    if wanted is None:
        raise BadUsage("merchant_needed", field="merchant")
    if within not in (None, wanted) or stores.merchants.get(wanted) is None:
        raise NotFound("no_merchant", field="merchant", merchant=wanted[:80])
    return wanted


def held(stores: Stores, house: House, query: Permission) -> tuple[Freeze, ...]:
    """What keeps this shop from refunding now, or this channel from collecting, the latest end first. Raises NotFound, BadUsage."""
    merchant_id, subject = place_of(stores, query)
    kind = KINDS[type(query)]
    return tuple(stores.freezes.active(kind, subject, merchant_id, house.clock.now()))


def permission_doc(freezes: Sequence[Freeze], now: datetime) -> Doc:
    """Of freezes that may have ended meanwhile."""
    holding = [each for each in freezes if each.until > now]
    if not holding:
        return {"allowed": True}
    last = holding[0]
    ticket = f"T-{last.ticket}" if last.ticket else None
    return {"allowed": False, "frozen_until": views.moment(last.until), "reason": last.reason, "ticket": ticket}


def _permission(stores: Stores, house: House, query: Permission) -> Doc:
    return permission_doc(held(stores, house, query), house.clock.now())


READERS = {"freezes": _freeze}
LISTS = {"freezes": _freezes}
ANSWERS = {RefundPermission: _permission, CollectionPermission: _permission}
QUICK = (RefundPermission, CollectionPermission)
