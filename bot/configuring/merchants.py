"""Merchants and their shops: put, enable."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import accounts, policies, representative, views
from bot.errors import BadUsage, NotAllowed, NotFound, Refused
from bot.house import House
from bot.messages import Doc, Enable, Put
from bot.onboarding import missing, profile, warnings
from bot.records import Merchant, Shop
from bot.stores import Stores

LINKS = ("shopify", "erp")  # what a shop is connected to: channels, whose account it is under the shop's id
ROBOT = "wecom_robot"  # the channel whose account a merchant's robot is, under the merchant's own id


def _put_merchant(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    if change.within not in (None, change.id):
        raise NotFound("no_merchant", merchant=change.id)
    before = stores.merchants.latest(change.id)
    doc = change.doc
    full = profile(doc)
    if change.within is not None and full["onboarding"] != (before.profile.get("onboarding") if before else None):
        raise NotAllowed("operator_only", field="onboarding")  # nobody verifies themselves
    if full["retention_days"] < 180:
        raise BadUsage("retention_too_short", field="retention_days")
    settings = house.settings
    full[representative.PART] = representative.kept(house, change.id, full[representative.PART], before)
    full["notify"] = _robot_kept(stores, house, change.id, full["notify"])
    merchant = Merchant(
        change.id, doc.get("name") or (before.name if before else change.id), doc.get("timezone") or settings.timezone,
        doc.get("locale") or settings.locale, full, before.enabled_at if before else None,
    )  # fmt: skip
    stores.merchants.put(merchant)
    if before is not None and before.timezone != merchant.timezone:
        policies.changed(stores, merchant.id, now)  # calendars may be read in it
    _put_robot(stores, house, change.id, doc.get("notify") or {}, now)
    return views.merchant_doc(merchant)


def _robot_kept(stores: Stores, house: House, merchant_id: str, notify: Mapping[str, Any]) -> dict[str, Any]:
    """A robot's key is all that one needs to post as it: the profile has its mask."""
    key = notify.get("wecom_robot_key")
    if not key:
        return dict(notify)
    if key.startswith(accounts.MASK):
        before = stores.accounts.get(ROBOT, merchant_id)
        if before is None or key != accounts.mask(accounts.opened(house, before).secrets["key"]):
            raise BadUsage("masked_secret", field="notify.wecom_robot_key")
        return dict(notify)
    return {**notify, "wecom_robot_key": accounts.mask(_bare(key))}


def _put_robot(stores: Stores, house: House, merchant_id: str, notify: Mapping[str, Any], now: datetime) -> None:
    key = notify.get("wecom_robot_key")
    if not key:
        stores.accounts.delete(ROBOT, merchant_id)
    elif not key.startswith(accounts.MASK):
        accounts.put(stores, house, ROBOT, merchant_id, merchant_id, {}, {"key": _bare(key)}, now)


def _bare(key: str) -> str:
    """WeCom shows a robot's key within an address, and that is what people copy."""
    return key.rpartition("key=")[2].partition("&")[0] or key


def _put_shop(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    doc = dict(change.doc)
    merchant_id = doc.pop("merchant_id")
    if change.within not in (None, merchant_id) or stores.merchants.get(merchant_id) is None:
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    name, platform = doc.pop("name", None) or change.id, doc.pop("platform")
    more = {part: value for part, value in doc.items() if value is not None}
    shop = Shop(change.id, merchant_id, platform, name, views.redacted(more), now)
    stores.merchants.put_shop(shop)
    for channel in LINKS:
        _put_link(stores, house, shop, channel, more.get(channel), now)
    return views.shop_doc(shop)


def _put_link(stores: Stores, house: House, shop: Shop, channel: str, part: Mapping[str, Any] | None, now: datetime) -> None:
    """The whole of it is sealed: an address or a template may hold a secret, too."""
    if part is None:
        stores.accounts.delete(channel, shop.id)
        return
    before = stores.accounts.get(channel, shop.id)
    known = json.loads(accounts.opened(house, before).secrets["config"]) if before is not None else {}
    config = _unmasked(part, known, channel)
    accounts.put(stores, house, channel, shop.id, shop.merchant_id, {}, {"config": json.dumps(config)}, now)


def _unmasked(value: Any, known: Any, where: str) -> Any:
    """What was read and is put again unchanged keeps its secrets; what is None is left out."""
    if isinstance(value, Mapping):
        before = known if isinstance(known, Mapping) else {}
        return {name: _unmasked(each, before.get(name), f"{where}.{name}") for name, each in value.items() if each is not None}
    if value != views.HIDDEN:
        return value
    if not isinstance(known, str):
        raise BadUsage("masked_secret", field=where)
    return known


def _enable(stores: Stores, house: House, change: Enable, now: datetime) -> Doc:
    merchant = stores.merchants.latest(change.merchant_id) if change.within in (None, change.merchant_id) else None
    if merchant is None:
        raise NotFound("no_merchant", merchant=change.merchant_id)
    lacking = missing(merchant)
    if lacking:
        raise Refused(
            "onboarding_incomplete", code="onboarding_incomplete", extra={"missing": lacking}, missing=", ".join(lacking)
        )  # fmt: skip
    enabled = replace(merchant, enabled_at=merchant.enabled_at or now)
    stores.merchants.put(enabled)
    return {**views.merchant_doc(enabled), "warnings": warnings(enabled)}


PUTS = {"merchants": _put_merchant, "shops": _put_shop}
CHANGES = {Enable: _enable}
