"""Shows a ticket on its order in the shop: in the note's block, by tags, in a metafield. Said twice it is said once.

The metafield is compared and set, and the rest follows from it: whoever writes the note looks afterwards whether the metafield is still the
one it wrote from, so that of two that write at once the last shows both. The note itself can't be compared and set; but the same request
that writes it tells what stood there right before, so that a person's words of that moment are put back.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakValueDictionary

from bot.errors import DeliveryFailed
from bot.messages import Notice, Receipt
from bot.ports import Abilities
from handlers.shopify import documents, meaning, showing
from handlers.shopify.client import Admin
from handlers.shopify.link import Link, link_of, values
from handlers.shopify.note import rejoined, with_block

TRIES = 6  # rounds against others that write the same order


@dataclass(frozen=True, slots=True)
class Order:
    """As the shop has it. `base` is the note that people left, where that is not the one that stands there (`note`)."""

    id: str
    note: str
    tags: tuple[str, ...]
    value: str | None
    digest: str | None
    base: str | None = None


class ShopifyChannel:
    """The channel `shopify`: an address is a shop of ours, its account the credentials of that shop."""

    name = "shopify"
    abilities = Abilities(mirrors=True, edits=True, digests=False, account=lambda shop: shop)

    def __init__(self, admin: Admin) -> None:
        self._admin = admin
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def send(self, notice: Notice) -> Receipt:
        """Shows `notice.data`. Raises DeliveryFailed."""
        return await self.update({}, notice)

    async def update(self, receipt: Receipt, notice: Notice) -> Receipt:
        """The same; where it shows that already nothing is asked."""
        link = link_of(notice.route.get("account"))
        ticket, mine = notice.data["ticket"], showing.entry(notice.data)
        fields = values(link, ticket["custom_fields"])
        shown = _shown(mine, fields, link)
        if receipt.get("shown") == shown:
            return receipt
        number = str(ticket["order_no"] or "")
        if not number:
            raise DeliveryFailed("rejected", "the ticket names no order")
        lock = self._locks.setdefault((link.store, number), asyncio.Lock())
        self._admin.room(link)
        async with lock:
            order = await self._order(link, number, receipt.get("order"))
            tickets, order = await self._kept(link, order, notice.data["name"], mine, fields)
            await self._written(link, order, tickets)
        return {"order": order.id, "shown": shown}

    async def _order(self, link: Link, number: str, id: str | None) -> Order:
        if id:
            found = (await self._admin.ask(link, documents.READ, {"id": id})).get("order")
            if found:
                return _order_of(found)
        names = {number, f"#{number}"}
        wanted = " OR ".join(f'name:"{_quoted(each)}"' for each in sorted(names))
        nodes = (await self._admin.ask(link, documents.FIND, {"q": wanted}))["orders"]["nodes"]
        exact = [each for each in nodes if each["name"] in names]  # a search finds what is alike
        if len(exact) != 1:
            many = "no order" if not exact else "more than one order"
            raise DeliveryFailed("later", f"the shop has {many} named {number[:64]}", meaning.PUT_AGAIN)
        return _order_of(exact[0])

    async def _kept(
        self, link: Link, order: Order, name: str, mine: Mapping[str, str], fields: Mapping[str, str]
    ) -> tuple[showing.Tickets, Order]:
        """Keeps this ticket among the order's in the metafield; with what it holds then."""
        for _ in range(TRIES):
            tickets = showing.merged(showing.read(order.value), name, mine)
            wanted = showing.metafields(order.id, tickets, order.digest, fields)
            if wanted[0]["value"] == order.value and not fields:
                return tickets, order
            done = (await self._admin.ask(link, documents.KEEP, {"m": wanted}))["metafieldsSet"]
            errors = meaning.refused(done)
            if not errors:
                return tickets, order
            if not all(each.get("code") in meaning.STALE for each in errors):
                raise meaning.of_user_errors(errors)
            order = _order_of((await self._admin.ask(link, documents.READ, {"id": order.id}))["order"])
        raise DeliveryFailed("later", "others write to this order just now")

    async def _written(self, link: Link, order: Order, tickets: showing.Tickets) -> None:
        """The block and the tags; again, as long as somebody wrote in between."""
        for _ in range(TRIES):
            note = with_block(order.note if order.base is None else order.base, showing.lines(tickets))
            add, take = showing.tags(tickets, order.tags)
            if note == order.note and not take and set(add) <= set(order.tags):
                return
            asked = {"id": order.id, "add": add, "take": take, "taking": bool(take), "note": note, "writing": note != order.note}
            done = await self._admin.ask(link, documents.SHOW, asked)
            for part in ("orderUpdate", "tagsRemove", "tagsAdd"):
                if errors := meaning.refused(done.get(part)):
                    raise meaning.of_user_errors(errors)
            stood = str(((done.get("tagsAdd") or {}).get("node") or {}).get("note") or "")
            if asked["writing"]:
                seen = None if stood == order.note else stood if order.base is None else rejoined(stood, order.base)
                order = replace(_order_of(done["orderUpdate"]["order"]), base=seen)
            else:
                order = _order_of((await self._admin.ask(link, documents.READ, {"id": order.id}))["order"])
            tickets = showing.read(order.value) or tickets
        raise DeliveryFailed("later", "others write to this order just now")


def _order_of(found: Mapping[str, Any]) -> Order:
    field = found.get("metafield") or {}
    tags = tuple(str(each) for each in found.get("tags") or ())
    return Order(str(found["id"]), str(found.get("note") or ""), tags, field.get("value"), field.get("compareDigest"))


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _shown(mine: Mapping[str, str], fields: Mapping[str, str], link: Link) -> str:
    """What is shown, in short; not the moment, for a note on the ticket is no news there."""
    said = {name: value for name, value in mine.items() if name != "at"}
    return hashlib.sha256(json.dumps([said, dict(fields), link.store], sort_keys=True).encode()).hexdigest()[:16]
