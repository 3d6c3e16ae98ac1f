"""How one shop is reached: its address and credentials, as they were put."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import DeliveryFailed

_PLACE = re.compile(r"[A-Za-z0-9_-]{3,255}\.[A-Za-z0-9_-]{2,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Link:
    """Either a token, or a client's id and secret to get one with. `fields`: custom fields by their metafield."""

    store: str
    token: str = field(default="", repr=False)
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    fields: Mapping[str, str] = field(default_factory=dict)


def link_of(account: Mapping[str, Any] | None) -> Link:
    """Of the opened account. Raises DeliveryFailed where there is none, or it cannot be used."""
    if not account:
        raise DeliveryFailed("rejected", "the shop has no Shopify credentials any more")
    config = json.loads(account["config"])
    store = str(config.get("store_url") or "").rstrip("/")
    store = store if "://" in store else f"https://{store}"
    fields = config.get("metafields") or {}
    for place in fields:
        if not _PLACE.fullmatch(place):
            raise DeliveryFailed("rejected", f"shopify.metafields: {place[:80]!r} is no metafield, write namespace.key")
    return Link(
        store, config.get("access_token") or "", config.get("client_id") or "", config.get("client_secret") or "",
        {str(place): str(name) for place, name in fields.items()},
    )  # fmt: skip


def values(link: Link, custom: Mapping[str, Any]) -> dict[str, str]:
    """What goes into the mapped metafields: those fields that the ticket has, each in one line."""
    said = {place: custom.get(name.removeprefix("custom_fields.")) for place, name in link.fields.items()}
    return {place: " ".join(str(value).split())[:1_000] for place, value in said.items() if value not in (None, "")}
