"""Words in braces become what the ticket says: `{order_no}`, `{state}`, `{custom_fields.reason}`. Pure.

A value is put in after the document was taken apart, so that no buyer's word becomes a field, a header or a part of a URL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bot.errors import DeliveryFailed

_WORD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_.-]*)\}")
NAMES = (
    "id", "ticket", "number", "order_no", "shop_id", "state", "state_label", "category", "category_label", "priority", "subject", "tier",
    "assignee", "currency", "created_at", "updated_at", "timestamp", "timestamp_ms", "nonce",
)  # fmt: skip


def values(id: str, data: Mapping[str, Any], now: datetime) -> dict[str, str]:
    """What there is to put in. `timestamp` is in seconds since 1970; `nonce` differs from try to try, `id` does not."""
    ticket = data["ticket"]
    seconds = now.timestamp()
    plain = {name: ticket.get(name) for name in NAMES}
    found = {name: "" if value is None else str(value) for name, value in plain.items()}
    found |= {
        "id": id, "ticket": data["name"], "state_label": data["state"], "category": ticket["category"]["label"],
        "category_label": data["category"], "timestamp": str(int(seconds)), "timestamp_ms": str(int(seconds * 1000)),
        "nonce": f"{id}{int(seconds * 1000)}",
    }  # fmt: skip
    for name, value in ticket["custom_fields"].items():
        found[f"custom_fields.{name}"] = "" if value is None else str(value)
    return found


def filled(template: Any, known: Mapping[str, str], where: str) -> Any:
    """The template with its words put in, in whatever it holds. Raises DeliveryFailed with where a word is that nobody knows."""
    if isinstance(template, str):
        return _WORD.sub(lambda found: _value(found[1], known, where), template)
    if isinstance(template, Mapping):
        return {str(name): filled(each, known, f"{where}.{name}") for name, each in template.items()}
    if isinstance(template, list):
        return [filled(each, known, f"{where}.{place}") for place, each in enumerate(template)]
    return template


def address(template: str, known: Mapping[str, str]) -> str:
    """A URL, in which a value stays within its part of it."""
    return str(filled(template, {name: quote(value, safe="") for name, value in known.items()}, "url"))


def uses(template: Any, word: str) -> bool:
    """Whether it stands anywhere in it."""
    if isinstance(template, str):
        return f"{{{word}}}" in template
    inside = template.values() if isinstance(template, Mapping) else template if isinstance(template, list) else ()
    return any(uses(each, word) for each in inside)


def _value(word: str, known: Mapping[str, str], where: str) -> str:
    if word in known:
        return known[word]
    if word.startswith("custom_fields."):
        return ""  # a ticket need not have each
    raise DeliveryFailed("rejected", f"erp.{where}: there is nothing called {{{word[:40]}}}")
