"""Merchants and their shops: put, enable."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot import views
from bot.errors import BadUsage, NotAllowed, NotFound, Refused
from bot.house import House
from bot.messages import Doc, Enable, Put
from bot.onboarding import missing, profile
from bot.records import Merchant, Shop
from bot.stores import Stores


def _put_merchant(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    if change.within not in (None, change.id):
        raise NotFound("no_merchant", merchant=change.id)
    before = stores.merchants.get(change.id)
    doc = change.doc
    full = profile(doc)
    if change.within is not None and full["onboarding"] != (before.profile.get("onboarding") if before else None):
        raise NotAllowed("operator_only", field="onboarding")  # nobody verifies themselves
    if full["retention_days"] < 180:
        raise BadUsage("retention_too_short", field="retention_days")
    settings = house.settings
    merchant = Merchant(
        change.id, doc.get("name") or (before.name if before else change.id), doc.get("timezone") or settings.timezone,
        doc.get("locale") or settings.locale, full, before.enabled_at if before else None,
    )  # fmt: skip
    stores.merchants.put(merchant)
    return views.merchant_doc(merchant)


def _put_shop(stores: Stores, house: House, change: Put, now: datetime) -> Doc:
    doc = dict(change.doc)
    merchant_id = doc.pop("merchant_id")
    if change.within not in (None, merchant_id) or stores.merchants.get(merchant_id) is None:
        raise NotFound("no_merchant", field="merchant_id", merchant=merchant_id)
    name, platform = doc.pop("name", None) or change.id, doc.pop("platform")
    shop = Shop(change.id, merchant_id, platform, name, _sealed(house, change.id, doc))
    stores.merchants.put_shop(shop)
    return views.shop_doc(shop)


def _sealed(house: House, shop_id: str, value: Any) -> Any:
    """The shop's links with their secrets sealed; what is None is left out."""
    if not isinstance(value, Mapping):
        return value
    kept: dict[str, Any] = {}
    for name, inner in value.items():
        if name in views.SECRETS and isinstance(inner, str):
            cipher = house.vault.seal(inner.encode(), f"shops|{name}|{shop_id}")
            kept[name] = {"sealed": base64.b64encode(cipher).decode()}
        elif inner is not None:
            kept[name] = _sealed(house, shop_id, inner)
    return kept


def _enable(stores: Stores, house: House, change: Enable, now: datetime) -> Doc:
    merchant = stores.merchants.get(change.merchant_id) if change.within in (None, change.merchant_id) else None
    if merchant is None:
        raise NotFound("no_merchant", merchant=change.merchant_id)
    lacking = missing(merchant)
    if lacking:
        raise Refused(
            "onboarding_incomplete", code="onboarding_incomplete", extra={"missing": lacking}, missing=", ".join(lacking)
        )  # fmt: skip
    enabled = replace(merchant, enabled_at=merchant.enabled_at or now)
    stores.merchants.put(enabled)
    return views.merchant_doc(enabled)


PUTS = {"merchants": _put_merchant, "shops": _put_shop}
CHANGES = {Enable: _enable}
