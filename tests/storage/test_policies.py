"""SLA policies and what is left to be worked out anew, on both databases; how often a batch asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot import policies
from bot.errors import NotFound
from bot.records import OPERATOR, Recount
from bot.settings import Settings
from bot.sla.rules import Rule
from bot.stores import Stores
from storage.engine import Storage
from tests.storage.samples import NOW, merchant, ticket
from tests.storage.statements import said

OFFICE = {"hours": {"mon": [["09:00", "18:00"]]}}


def rule(id: str = "p1", merchant_id: str = "m1", **more: Any) -> Rule:
    given: dict[str, Any] = {"category": None, "priority": None, "doc": {"targets": {"closure": "48h"}}, "tightens": False}
    return Rule(id, merchant_id, **{**given, **more}, updated_at=NOW)


async def put(storage: Storage, *rules: Rule) -> None:
    def body(stores: Stores) -> None:
        for each in rules:
            stores.policies.put(each)

    await storage.write(body)


async def test_a_policy_comes_back_as_it_was_put_and_goes(storage: Storage) -> None:
    kept = rule(category="not_received", priority="urgent", doc={"calendar": OFFICE, "warn": [0.5]}, tightens=True)
    await put(storage, rule(), kept, rule("p0", OPERATOR))
    assert await storage.read(lambda stores: stores.policies.get("p1")) == kept
    assert await storage.read(lambda stores: stores.policies.get("p1", "m2")) is None
    assert [each.id for each in (await storage.read(lambda stores: stores.policies.page(None, 9, None))).items] == ["p0", "p1"]
    assert [each.id for each in (await storage.read(lambda stores: stores.policies.page("m1", 9, None))).items] == ["p1"]
    with pytest.raises(NotFound):
        await put(storage, rule("p1", "m2"))
    await storage.write(lambda stores: stores.policies.delete(kept))
    await put(storage, rule("p1", "m2"))
    assert [each.merchant_id for each in await storage.read(lambda stores: stores.policies.of(["m1", "m2", OPERATOR]))] == [OPERATOR, "m2"]


async def test_a_batch_of_any_size_asks_once_and_once_more_for_the_zones_of_its_merchants(storage: Storage) -> None:
    def merchants(stores: Stores) -> None:
        for index in range(20):
            stores.merchants.put(replace(merchant(f"m{index}"), timezone="Asia/Tokyo" if index else "UTC"))

    await storage.write(merchants)
    await put(storage, *(rule(f"p{index}", f"m{index}") for index in range(20)))
    batch = [ticket(1000 + index, f"m{index % 20}") for index in range(200)]

    def asked(stores: Stores) -> None:
        policies.of_all(stores, Settings(), batch)
        for each in batch:
            found = policies.of(stores, Settings(), each.merchant_id, each.category.label, each.priority)
            assert found.targets[2] == timedelta(hours=48)

    assert len(await said(storage, asked)) == 1
    await put(storage, rule("all", OPERATOR, priority="normal", doc={"calendar": OFFICE}), rule("p7", "m7", doc={"calendar": OFFICE}))

    def zones(stores: Stores) -> None:
        found = policies.of_all(stores, Settings(), batch)
        assert found[1000].calendar is None
        assert found[1007].calendar is not None
        assert found[1007].calendar.timezone == "Asia/Tokyo"

    assert len(await said(storage, zones)) == 2


async def test_what_one_transaction_remembers_is_forgotten_with_it(storage: Storage) -> None:
    def closure(stores: Stores) -> timedelta:
        return policies.of(stores, Settings(), "m1", "other", "normal").targets[2]

    for hours in (72, 48, 36):
        for how in (storage.read, storage.write):
            assert await how(closure) == timedelta(hours=hours)
        assert await storage.read(closure, quick=True) == timedelta(hours=hours)
        await put(storage, rule(doc={"targets": {"closure": "36h" if hours == 48 else "48h"}}))


async def test_what_is_left_after_a_change_is_taken_by_one_at_a_time_and_begins_again_after_another(storage: Storage) -> None:
    await storage.write(lambda stores: policies.changed(stores, "m1", NOW))
    await storage.write(lambda stores: policies.changed(stores, OPERATOR, NOW + timedelta(seconds=1)))
    assert await storage.read(lambda stores: stores.policies.next_recount()) == NOW
    taken = await storage.write(lambda stores: stores.policies.take_recount(NOW))
    assert taken == Recount("m1", NOW)
    await storage.write(lambda stores: stores.policies.put_recount(replace(taken, of_merchant="m1", after=1200)))
    await storage.write(lambda stores: policies.changed(stores, "m1", NOW))
    assert await storage.write(lambda stores: stores.policies.take_recount(NOW)) == taken
    await storage.write(lambda stores: stores.policies.end_recount("m1"))
    assert await storage.write(lambda stores: stores.policies.take_recount(NOW)) is None
    assert await storage.read(lambda stores: stores.policies.next_recount()) == NOW + timedelta(seconds=1)
