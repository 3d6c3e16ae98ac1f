"""Corrections stay with their tickets, one each; what is looked at again is looked at once."""

from __future__ import annotations

from datetime import timedelta

from bot.stores import Stores
from bot.stores.labels import Correction, Taught
from storage.engine import Storage
from tests.storage.samples import NOW, ticket


async def test_a_correction_teaches_what_was_said_last_and_keeps_what_the_engine_had_said_first(storage: Storage) -> None:
    def body(stores: Stores) -> None:
        for number, merchant in ((1, "m1"), (2, "m1"), (3, "m2")):
            stores.tickets.add(ticket(number, merchant, subject=f"s{number}"), None)
            stores.labels.correct(Correction(merchant, number, "other", "not_received", 0.4, "mei", NOW + timedelta(seconds=number)))
        stores.labels.correct(Correction("m1", 1, "not_received", "refund_delay", 1.0, "chen", NOW + timedelta(seconds=9)))

    await storage.write(body)
    newest, first, second = await storage.read(
        lambda stores: (stores.labels.newest("m1"), stores.labels.taught("m1", 9), stores.labels.taught(None, 9))
    )
    said = "It has not come 还没到"
    assert newest == NOW + timedelta(seconds=9)
    assert first == [Taught("s1", said, "refund_delay"), Taught("s2", said, "not_received")]
    assert [each.subject for each in second] == ["s1", "s3", "s2"]
    assert await storage.read(lambda stores: stores.labels.newest("m3")) is None


async def test_what_waits_for_a_second_look_is_given_oldest_first_until_it_was_looked_at(storage: Storage) -> None:
    def body(stores: Stores) -> None:
        stores.labels.look_again("m1", 2, NOW + timedelta(seconds=1))
        stores.labels.look_again("m2", 1, NOW)

    await storage.write(body)
    assert await storage.read(lambda stores: stores.labels.waiting(9)) == [("m2", 1), ("m1", 2)]
    await storage.write(lambda stores: stores.labels.looked([("m2", 1)]))
    assert await storage.read(lambda stores: stores.labels.waiting(9)) == [("m1", 2)]
