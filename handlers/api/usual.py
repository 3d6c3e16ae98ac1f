"""What most resources do alike: put, get, list, remove."""

from __future__ import annotations

from typing import Literal

from bot.messages import Doc, Get, ListOf, Page, Put, Remove
from handlers.api.route import Call, Work

Kind = Literal["merchants", "shops", "agents", "orders", "policies"]


def put(kind: Kind) -> Work:
    """Creates or replaces one; what the body leaves out gets its default."""

    async def work(call: Call) -> Doc:
        doc = call.body.model_dump(exclude_none=True)
        return await call.desk.configure(Put(kind, _id(call), doc, within=call.within, by=call.by))

    return work


def get(kind: Kind | Literal["webhooks", "api-keys", "reviews"]) -> Work:
    """Reads one."""

    async def work(call: Call) -> Doc:
        found: Doc = await call.desk.ask(Get(kind, _id(call), within=call.within))
        return found

    return work


def listed(kind: Kind | Literal["webhooks", "api-keys", "deliveries", "freezes", "reviews"]) -> Work:
    """A page of them; `state` where the query has one."""

    async def work(call: Call) -> Page[Doc]:
        asked = call.query
        query = ListOf(kind, call.within, asked.limit, asked.cursor, getattr(asked, "state", None), getattr(asked, "webhook", None))
        found: Page[Doc] = await call.desk.ask(query)
        return found

    return work


def remove(kind: Literal["agents", "webhooks", "api-keys", "policies"]) -> Work:
    """Removes one."""

    async def work(call: Call) -> None:
        await call.desk.configure(Remove(kind, _id(call), within=call.within, by=call.by))

    return work


def _id(call: Call) -> str:
    """An order is known by its shop and number."""
    return call.path["id"] if "id" in call.path else f"{call.path['shop_id']}/{call.path['order_no']}"
