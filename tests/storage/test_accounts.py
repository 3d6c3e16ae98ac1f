"""Credentials of channels: unique by their id, a merchant's own; and whom a WeCom app may speak for."""

from __future__ import annotations

import json

import pytest

from bot.errors import NotFound, Refused
from bot.records import Account
from storage.engine import Storage
from tests.storage.samples import NOW, outgoing, people_and_shops, person


def account(id: str = "app1", merchant_id: str = "m1", channel: str = "wecom") -> Account:
    return Account(channel, id, merchant_id, {"corp_id": "ww1"}, json.dumps({"secret": "s"}).encode(), NOW)


async def test_an_account_is_found_by_its_id_and_by_its_merchant(storage: Storage) -> None:
    for each in (account(), account("app2", "m2"), account("T1", "m1", "slack")):
        await storage.write(lambda stores: stores.accounts.put(each))  # noqa: B023
    assert await storage.read(lambda stores: stores.accounts.get("wecom", "app1")) == account()
    assert await storage.read(lambda stores: stores.accounts.get("slack", "app1")) is None
    for ids, owners, found in ((["app1"], [], ["app1"]), ([], ["m2"], ["app2"]), (["app1", "x"], ["m2"], ["app1", "app2"]), ([], [], [])):
        rows = await storage.read(lambda stores: stores.accounts.some("wecom", ids, owners))  # noqa: B023
        assert [each.id for each in rows] == found
    assert await storage.read(lambda stores: stores.accounts.owners("wecom")) == {"m1", "m2"}
    assert [each.id for each in await storage.read(lambda stores: stores.accounts.of("wecom", "m2"))] == ["app2"]
    await storage.write(lambda stores: stores.accounts.delete("wecom", "app2"))
    assert [each.id for each in await storage.read(lambda stores: stores.accounts.of("wecom"))] == ["app1"]


async def test_another_merchants_id_cannot_be_taken(storage: Storage) -> None:
    await storage.write(lambda stores: stores.accounts.put(account()))
    with pytest.raises(NotFound):
        await storage.write(lambda stores: stores.accounts.put(account(merchant_id="m2")))
    found = await storage.read(lambda stores: stores.accounts.get("wecom", "app1"))
    assert found is not None
    assert found.merchant_id == "m1"


async def test_a_merchants_app_speaks_for_its_own_people_and_for_nobody_else(storage: Storage) -> None:
    await storage.write(people_and_shops)  # bob of m2 has the userid "bob"
    await storage.write(lambda stores: stores.accounts.put(account(merchant_id="m1")))
    await storage.write(lambda stores: stores.people.put(person("bert", "m1", wecom_user_id="Bob")))
    asked = {"m1/bob": "bert", "m1/BOB": "bert", "-/bob": "bob", "m2/bob": None, "m1/sue": None}
    for external_id, wanted in asked.items():
        found = await storage.read(lambda stores: stores.people.linked("wecom", external_id))  # noqa: B023
        assert (found.id if found else None) == wanted, external_id
    with pytest.raises(Refused):
        await storage.write(lambda stores: stores.people.put(person("ben", "m1", wecom_user_id="bob")))
    await storage.write(lambda stores: stores.accounts.delete("wecom", "app1"))
    assert await storage.read(lambda stores: stores.people.linked("wecom", "-/bob")) is None, "two are called so now: neither is believed"


async def test_what_a_press_brings_is_kept_over_a_sender_that_settles_meanwhile(storage: Storage) -> None:
    await storage.write(lambda stores: stores.outbox.add([outgoing("d1", channel="wecom", target="m1/ann")]))
    (row,) = await storage.write(lambda stores: stores.outbox.lease(NOW, NOW, 1))
    sent = outgoing("d1", attempt=row.attempt, state="sent", receipt={"thread": "t1", "code": "A"})
    await storage.write(lambda stores: stores.outbox.settle([sent], NOW))
    card = await storage.read(lambda stores: stores.outbox.by_receipt("wecom", None, "t1"))
    assert card is not None
    await storage.write(lambda stores: stores.outbox.freshen(card, {"fresh": "B"}, NOW))
    (again,) = await storage.write(lambda stores: stores.outbox.lease(NOW, NOW, 1))
    assert (again.receipt, again.fresh) == ({"thread": "t1", "code": "A"}, {"fresh": "B"})
    await storage.write(lambda stores: stores.outbox.freshen(card, {"fresh": "C"}, NOW))
    used = outgoing("d1", attempt=again.attempt, revision=again.revision, state="sent", receipt={"thread": "t1", "used": "B"})
    await storage.write(lambda stores: stores.outbox.settle([used], NOW))
    found = await storage.read(lambda stores: stores.outbox.get("d1"))
    assert found is not None
    assert (found.state, found.receipt, found.fresh) == ("waiting", {"thread": "t1", "used": "B"}, {"fresh": "C"})
