"""What an answer of the Admin API means for a delivery. Everything we send may be sent again: a repeat changes nothing. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from bot.errors import DeliveryFailed

PUT_AGAIN = timedelta(minutes=10)  # what somebody has to mend at the shop is looked for so often
STALE = frozenset({"STALE_OBJECT", "INVALID_COMPARE_DIGEST", "TAKEN"})
_STATUS = {
    401: "the shop does not take these credentials: put new ones with PUT /v1/shops/{id}",
    402: "the shop is frozen: its owner has a bill to pay",
    403: "the shop does not let this app in: install it, with read_orders and write_orders",
    404: "there is no shop at this store_url",
    423: "the shop is locked",
}


def of_status(status: int, wait: timedelta | None) -> DeliveryFailed | None:
    """None: a success."""
    if status == 200:
        return None
    if status in _STATUS:
        return DeliveryFailed("later", f"{_STATUS[status]} (Shopify answered {status})", PUT_AGAIN)
    if 300 <= status < 400:
        return DeliveryFailed("rejected", f"Shopify answered {status}: store_url is not the shop's own address (…myshopify.com)")
    if status == 429:
        return DeliveryFailed("later", "throttled by Shopify", wait or timedelta(seconds=2))
    return DeliveryFailed("later", f"Shopify answered {status}", wait)


def of_errors(answer: Mapping[str, Any]) -> DeliveryFailed | None:
    """Of the document as a whole: HTTP says 200 all the same. None: there are none."""
    errors = answer.get("errors")
    if not errors:
        return None
    some = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    codes = {str((each.get("extensions") or {}).get("code") or "") for each in some}
    said = "; ".join(str(each.get("message") or "") for each in some)[:200] or str(errors)[:200]
    if "THROTTLED" in codes:
        return DeliveryFailed("later", "throttled by Shopify", refill(answer))
    if "ACCESS_DENIED" in codes:
        return DeliveryFailed("later", f"the app lacks a scope (read_orders, write_orders): {said}", PUT_AGAIN)
    if "INTERNAL_SERVER_ERROR" in codes:
        return DeliveryFailed("later", f"Shopify failed: {said}")
    return DeliveryFailed("rejected", f"Shopify refused the request: {said}")


def refill(answer: Mapping[str, Any]) -> timedelta:
    """How long until the bucket holds what a whole delivery asks: https://shopify.dev/docs/api/usage/limits."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    bucket = cost.get("throttleStatus") or {}
    lacking = 4 * float(cost.get("requestedQueryCost") or 50) - float(bucket.get("currentlyAvailable") or 0)
    return timedelta(seconds=min(60.0, max(0.5, lacking / max(1.0, float(bucket.get("restoreRate") or 50)))))


def refused(part: Mapping[str, Any] | None) -> Sequence[Mapping[str, Any]]:
    """A mutation's `userErrors`."""
    return (part or {}).get("userErrors") or ()


def of_user_errors(errors: Sequence[Mapping[str, Any]]) -> DeliveryFailed:
    """In Shopify's own words, with the field it names."""
    said = "; ".join(f"{'.'.join(str(each) for each in error.get('field') or ['-'])}: {error.get('message')}" for error in errors)
    return DeliveryFailed("rejected", f"Shopify refused: {said[:300]}")
