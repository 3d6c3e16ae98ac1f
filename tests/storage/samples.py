"""Small things to store."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.people import Person, Role
from bot.records import Deadline, Entry, Inbound, Merchant, Message, Order, Outgoing, Shop
from bot.stores import Stores
from bot.target import Target
from bot.ticket import Ticket

NOW = datetime(2026, 11, 23, 8, 0, 0, 123456, tzinfo=UTC)
LATER = NOW + timedelta(seconds=12)


def merchant(id: str = "m1", **more: Any) -> Merchant:
    return Merchant(id, f"Merchant {id}", "Asia/Shanghai", "zh", {"notify": {"emails": [f"{id}@example.com"]}}, **more)


def shop(id: str = "s1", merchant_id: str = "m1", **more: Any) -> Shop:
    return Shop(id, merchant_id, "shopee", f"Shop {id}", **more)


def person(id: str = "ann", merchant_id: str | None = "m1", role: Role = Role.AGENT, **more: Any) -> Person:
    return Person(id, id.title(), role, merchant_id, **more)


def order(order_no: str = "SP-1", shop_id: str = "s1", merchant_id: str = "m1", **more: Any) -> Order:
    return Order(merchant_id, shop_id, order_no, {"amount": "12.34", "currency": "SGD"}, {"provider": "uqpay"}, **more)


def ticket(number: int, merchant_id: str = "m1", **more: Any) -> Ticket:
    given: dict[str, Any] = {
        "shop_id": "s1", "platform": "shopee", "subject": "Where is my parcel", "message": "It has not come 还没到",
        "created_at": NOW, "updated_at": NOW, "first_response": Target(NOW, NOW + timedelta(hours=2)),
    }  # fmt: skip
    return Ticket(merchant_id, number, **{**given, **more})


def message(id: str, ticket: int = 1001, **more: Any) -> Message:
    given: dict[str, Any] = {"author": "agent", "agent_id": "ann", "text": "hello", "public": True, "created_at": NOW}
    return Message("m1", ticket, id, **{**given, **more})


def entry(type: str, ticket: int = 1001, at: datetime = NOW, merchant_id: str = "m1", **more: Any) -> Entry:
    return Entry(merchant_id, ticket, at, type, "system", **more)


def deadline(ticket: int, due_at: datetime = NOW, kind: str = "sla", merchant_id: str = "m1") -> Deadline:
    return Deadline(merchant_id, ticket, kind, due_at)


def outgoing(id: str, **more: Any) -> Outgoing:
    given: dict[str, Any] = {
        "merchant_id": "m1", "ticket": 1001, "cause": f"cause:{id}", "kind": "alert", "channel": "slack", "target": "C1",
        "payload": {"card": True}, "created_at": NOW, "available_at": NOW,
    }  # fmt: skip
    return Outgoing(id, **{**given, **more})


def inbound(id: str, **more: Any) -> Inbound:
    return Inbound("slack", id, {"command": {"words": "help"}}, more.pop("received_at", NOW), **more)


def people_and_shops(stores: Stores) -> None:
    """Two merchants, a shop and an agent each, and the operator's senior manager."""
    for id in ("m1", "m2"):
        stores.merchants.put(merchant(id))
    stores.merchants.put_shop(shop("s1", "m1"))
    stores.merchants.put_shop(shop("s2", "m2"))
    stores.people.put(person("ann", "m1", slack_user_id="U1", slack_team_id="T1"))
    stores.people.put(person("bob", "m2", slack_user_id="U2", wecom_user_id="bob"))
    stores.people.put(person("sue", None, Role.SENIOR_MANAGER))


def new_ticket(stores: Stores, merchant_id: str = "m1", next_due: datetime | None = NOW, **more: Any) -> Ticket:
    """One that is stored."""
    made = ticket(stores.tickets.next_number(merchant_id), merchant_id, **more)
    stores.tickets.add(made, next_due)
    return made


def put_merchant(id: str) -> Callable[[Stores], None]:
    """A body that puts one."""
    return lambda stores: stores.merchants.put(merchant(id))
