"""Merchants, shops, orders, people, keys, webhooks, freezes: what is put comes back, and nobody reads what is another's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.errors import NotFound, Refused
from bot.messages import OrderFilter, TicketFilter
from bot.people import Role
from bot.records import OPERATOR, ApiKey, Freeze, Webhook
from bot.stores import Stores
from storage.engine import Storage
from tests.storage.samples import NOW, entry, merchant, message, new_ticket, order, outgoing, people_and_shops, person, shop

HOUR = timedelta(hours=1)
KEY = ApiKey("k1", "m1", "erp", "digest", ("tickets:read", "orders:write"), NOW)
HOOK = Webhook("w1", "m1", "https://example.com/hook", ("ticket.created",), b"\x01sealed", NOW)
FREEZE = Freeze("f1", "m1", "refund", "s1", "sla_tier3", NOW, NOW + HOUR, ticket=1001)


async def test_merchants_and_shops_are_put_and_replaced(storage: Storage) -> None:
    await storage.write(people_and_shops)
    changed = merchant("m1", enabled_at=NOW)
    await storage.write(lambda stores: stores.merchants.put(changed))
    await storage.write(lambda stores: stores.merchants.put_shop(shop("s1", more={"shopify": {"store_url": "https://a"}})))
    assert await storage.read(lambda stores: stores.merchants.get("m1")) == changed
    assert await storage.read(lambda stores: stores.merchants.get("nobody")) is None
    assert set(await storage.read(lambda stores: stores.merchants.many(["m1", "m2", "m3"]))) == {"m1", "m2"}
    assert await storage.read(lambda stores: stores.merchants.shop("s1")) == shop("s1", more={"shopify": {"store_url": "https://a"}})


async def test_an_id_that_is_another_merchants_is_answered_as_unknown(storage: Storage) -> None:
    await storage.write(people_and_shops)
    taken: list[Callable[[Stores], Any]] = [
        lambda stores: stores.merchants.put_shop(shop("s2", "m1")),
        lambda stores: stores.people.put(person("bob", "m1")),
        lambda stores: stores.people.put(person("sue", "m1")),
        lambda stores: stores.people.put(person("ann", None, Role.ADMIN)),
        lambda stores: stores.merchants.put(merchant(OPERATOR)),
    ]
    for put in taken:
        with pytest.raises(NotFound):
            await storage.write(put)
    assert await storage.read(lambda stores: stores.merchants.shop("s2")) == shop("s2", "m2")


async def test_orders_are_found_by_shop_and_by_number(storage: Storage) -> None:
    await storage.write(people_and_shops)
    mine, theirs = order(buyer={"name": "王*"}, buyer_sealed=b"x", updated_at=NOW), order("SP-1", "s2", "m2")
    for each in (order(), mine, theirs):
        await storage.write(lambda stores: stores.orders.put(each))  # noqa: B023
    assert await storage.read(lambda stores: stores.orders.get("s1", "SP-1")) == mine
    assert await storage.read(lambda stores: stores.orders.get("s1", "SP-1", "m1")) == mine
    assert await storage.read(lambda stores: stores.orders.get("s1", "SP-2")) is None
    assert await storage.read(lambda stores: stores.orders.find("SP-1", None)) == [mine, theirs]
    assert await storage.read(lambda stores: stores.orders.find("SP-1", "m2")) == [theirs]


async def test_a_person_is_found_by_id_link_name_and_role(storage: Storage) -> None:
    await storage.write(people_and_shops)
    away = person("ann", "m1", slack_user_id="U1", slack_team_id="T1", email="a@example.com", locale="en", away_until=NOW)
    await storage.write(lambda stores: stores.people.put(away))
    await storage.write(lambda stores: stores.people.put(replace(person("mei", "m1"), name="梅 Élan")))

    def ids(find: Callable[[Stores], Any]) -> Callable[[Stores], list[str]]:
        return lambda stores: [each.id for each in find(stores)]

    assert await storage.read(lambda stores: stores.people.get("ann")) == away
    assert set(await storage.read(lambda stores: stores.people.many(["ann", "sue", "nobody"]))) == {"ann", "sue"}
    assert await storage.read(ids(lambda stores: stores.people.named(" ANN ", "m1"))) == ["ann"]
    assert await storage.read(ids(lambda stores: stores.people.named("梅 éLAN", "m1"))) == ["mei"]
    assert await storage.read(ids(lambda stores: stores.people.named("sue", "m1"))) == ["sue"]
    assert await storage.read(ids(lambda stores: stores.people.named("bob", "m1"))) == []
    assert await storage.read(ids(lambda stores: stores.people.senior_managers())) == ["sue"]
    assert (await storage.read(lambda stores: stores.people.get("sue"))).merchant_id is None  # type: ignore[union-attr]


LINKS = [
    ("slack", "T1/U1", "ann"), ("slack", "T2/U1", None), ("slack", "U1", None), ("slack", "T1/U2", "bob"), ("slack", "/U2", "bob"),
    ("wecom", "bob", "bob"), ("wecom", "T1/bob", None), ("email", "U1", None), ("slack", "T1/", None), ("slack", "", None),
]  # fmt: skip


async def test_a_link_with_a_team_is_that_teams_and_one_without_matches_any(storage: Storage) -> None:
    await storage.write(people_and_shops)
    for channel, external_id, wanted in LINKS:
        found = await storage.read(lambda stores: stores.people.linked(channel, external_id))  # noqa: B023
        assert (found.id if found else None) == wanted, (channel, external_id)


async def test_a_chat_account_belongs_to_one_person(storage: Storage) -> None:
    await storage.write(people_and_shops)
    thieves = [
        person("eve", slack_user_id="U1", slack_team_id="T1"), person("eve", slack_user_id="U1"),
        person("eve", slack_user_id="U2", slack_team_id="T9"), person("eve", "m2", wecom_user_id="bob"),
    ]  # fmt: skip
    for thief in thieves:
        with pytest.raises(Refused) as refused:
            await storage.write(lambda stores: stores.people.put(thief))  # noqa: B023
        assert refused.value.code == "already_linked"
    assert await storage.read(lambda stores: stores.people.get("eve")) is None
    await storage.write(lambda stores: stores.people.put(person("eve", slack_user_id="U1", slack_team_id="T9")))


async def test_who_is_deleted_is_unknown_and_leaves_their_id_and_accounts_free(storage: Storage) -> None:
    await storage.write(people_and_shops)
    await storage.write(lambda stores: stores.people.delete("ann"))
    await storage.write(lambda stores: stores.people.delete("nobody"))
    assert await storage.read(lambda stores: stores.people.get("ann")) is None
    assert await storage.read(lambda stores: stores.people.linked("slack", "T1/U1")) is None
    await storage.write(lambda stores: stores.people.put(person("ann", "m2", slack_user_id="U1")))
    assert (await storage.read(lambda stores: stores.people.linked("slack", "T5/U1"))).merchant_id == "m2"  # type: ignore[union-attr]


async def test_keys_webhooks_and_freezes_come_back(storage: Storage) -> None:
    await storage.write(lambda stores: stores.people.put_key(KEY))
    await storage.write(lambda stores: stores.people.put_key(replace(KEY, id="k2", merchant_id=None)))
    await storage.write(lambda stores: stores.people.put_key(replace(KEY, revoked_at=NOW)))
    assert await storage.read(lambda stores: stores.people.key("k1")) == replace(KEY, revoked_at=NOW)
    assert await storage.read(lambda stores: stores.people.key("k2")) == replace(KEY, id="k2", merchant_id=None)
    everyone = replace(HOOK, id="w2", merchant_id=OPERATOR, events=("*",))
    for hook in (HOOK, everyone, replace(HOOK, id="w3", disabled_at=NOW), replace(HOOK, id="w4", merchant_id="m2")):
        await storage.write(lambda stores: stores.webhooks.add(hook))  # noqa: B023
    assert await storage.read(lambda stores: stores.webhooks.subscribed(["m1", OPERATOR])) == [everyone, HOOK]
    assert await storage.read(lambda stores: stores.webhooks.many(["w1", "w9"])) == {"w1": HOOK}
    await storage.write(lambda stores: stores.webhooks.delete("w1"))
    assert await storage.read(lambda stores: stores.webhooks.get("w1")) is None


async def test_a_freeze_holds_until_it_is_lifted_or_lapses(storage: Storage) -> None:
    longer = replace(FREEZE, id="f2", until=NOW + 2 * HOUR)
    for freeze in (FREEZE, longer, replace(FREEZE, id="f3", merchant_id="m2"), replace(FREEZE, id="f4", kind="collection")):
        await storage.write(lambda stores: stores.freezes.add([freeze]))  # noqa: B023

    async def active(at: Any, merchant_id: str | None = "m1") -> list[str]:
        found = await storage.read(lambda stores: stores.freezes.active("refund", "s1", merchant_id, at))
        return [each.id for each in found]

    assert await active(NOW) == ["f2", "f1"]
    assert await active(NOW, None) == ["f2", "f1", "f3"]
    assert await active(NOW + HOUR) == ["f2"]
    lifted = replace(longer, lifted_at=NOW, lifted_by="sue", why="paid")
    assert await storage.write(lambda stores: stores.freezes.lift(lifted))
    assert not await storage.write(lambda stores: stores.freezes.lift(replace(lifted, lifted_by="sara"))), "one lifts it, and tells of it"
    assert await active(NOW) == ["f1"]
    assert await storage.read(lambda stores: stores.freezes.get("f2")) == lifted
    page = await storage.read(lambda stores: stores.freezes.page("m1", NOW, 10, None))
    assert {each.id for each in page.items} == {"f1", "f4"}


def _fill(stores: Stores) -> None:
    people_and_shops(stores)
    new_ticket(stores, "m1", order_no="SP-1")
    stores.orders.put(order())
    stores.people.put_key(KEY)
    stores.webhooks.add(HOOK)
    stores.freezes.add([FREEZE])
    stores.messages.add(message("msg1"))
    stores.timeline.add([entry("ticket.created")])
    stores.outbox.add([outgoing("d1")])


# What reads, and whether `m1`, whose it all is, may have it; `m2` never.
GETTERS: dict[str, Callable[[Stores, str], Any]] = {
    "tickets.get": lambda stores, within: stores.tickets.get(1001, within),
    "merchants.shop": lambda stores, within: stores.merchants.shop("s1", within),
    "orders.get": lambda stores, within: stores.orders.get("s1", "SP-1", within),
    "orders.find": lambda stores, within: stores.orders.find("SP-1", within),
    "people.get": lambda stores, within: stores.people.get("ann", within),
    "webhooks.get": lambda stores, within: stores.webhooks.get("w1", within),
    "outbox.get": lambda stores, within: stores.outbox.get("d1", within),
    "outbox.of_cause": lambda stores, within: stores.outbox.of_cause(within, "cause:d1"),
    "messages.get": lambda stores, within: stores.messages.get(within, 1001, "msg1"),
    "messages.last": lambda stores, within: stores.messages.last(within, 1001, 5),
    "timeline.page": lambda stores, within: stores.timeline.page(within, 1001, 5, None).items,
    "freezes.active": lambda stores, within: stores.freezes.active("refund", "s1", within, NOW),
    "freezes.page": lambda stores, within: stores.freezes.page(within, None, 5, None).items,
    "tickets.page": lambda stores, within: stores.tickets.page(TicketFilter(merchant=within), 5, None).items,
    "tickets.urgent": lambda stores, within: stores.tickets.urgent(TicketFilter(merchant=within), 5).items,
    "orders.page": lambda stores, within: stores.orders.page(OrderFilter(merchant=within), 5, None).items,
    "people.keys": lambda stores, within: stores.people.keys(within, 5, None).items,
    "webhooks.page": lambda stores, within: stores.webhooks.page(within, 5, None).items,
    "outbox.page": lambda stores, within: stores.outbox.page(within, None, 5, None).items,
    "merchants.page": lambda stores, within: [each for each in stores.merchants.page(within, 5, None).items if each.id == "m1"],
    "merchants.shops": lambda stores, within: [each for each in stores.merchants.shops(within, 5, None).items if each.id == "s1"],
    "people.page": lambda stores, within: [each for each in stores.people.page(within, 5, None).items if each.id == "ann"],
    "people.named": lambda stores, within: stores.people.named("ann", within),
}


async def test_no_getter_and_no_list_shows_a_merchant_what_is_anothers(storage: Storage) -> None:
    await storage.write(_fill)
    for name, get in GETTERS.items():
        assert await storage.read(lambda stores: get(stores, "m1")), name  # noqa: B023
        for stranger in ("m2", OPERATOR, "", "nobody"):
            assert not await storage.read(lambda stores: get(stores, stranger)), (name, stranger)  # noqa: B023


async def test_text_that_no_database_keeps_is_the_askers_mistake(storage: Storage) -> None:
    for text in ("\ud800", "half \udfff"):
        with pytest.raises(Refused):
            await storage.write(lambda stores: stores.merchants.put(replace(merchant(), name=text)))  # noqa: B023
    nul = replace(merchant(), name="a\0b")
    if storage.dialect == "postgresql":
        with pytest.raises(Refused):
            await storage.write(lambda stores: stores.merchants.put(nul))
    else:
        await storage.write(lambda stores: stores.merchants.put(nul))
