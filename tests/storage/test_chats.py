"""What one process holds, the chats a bot knows, codes that link: on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.records import Chat, Hold, LinkCode
from storage.engine import Storage
from tests.storage.samples import NOW

SOON = NOW + timedelta(seconds=6)


async def taken(storage: Storage, holder: str, after: float = 0) -> Hold:
    now = NOW + timedelta(seconds=after)
    return await storage.write(lambda stores: stores.holds.take("bot", holder, now, now + timedelta(seconds=6), {"state": holder}))


async def test_of_many_who_try_at_once_one_holds_it(storage: Storage) -> None:
    found = await asyncio.gather(*(taken(storage, f"p{number}") for number in range(8)))
    assert len({each.holder for each in found}) == 1
    assert {each.fence for each in found} == {1}


async def test_a_hold_is_renewed_by_its_holder_and_by_nobody_else_until_it_lapses(storage: Storage) -> None:
    assert await taken(storage, "a") == Hold("bot", "a", 1, SOON, {"state": "a"})
    assert (await taken(storage, "b", 5.9)).holder == "a"
    assert (await taken(storage, "a", 5.9)).until == SOON + timedelta(seconds=5.9)
    assert (await taken(storage, "b", 11)).holder == "a"
    assert await taken(storage, "b", 11.9) == Hold("bot", "b", 2, SOON + timedelta(seconds=11.9), {"state": "b"})


async def test_what_is_released_is_free_at_once_and_only_its_holder_releases_it(storage: Storage) -> None:
    await taken(storage, "a")
    await storage.write(lambda stores: stores.holds.release("bot", "b", NOW))
    assert (await taken(storage, "b")).holder == "a"
    await storage.write(lambda stores: stores.holds.release("bot", "a", NOW))
    assert (await taken(storage, "b")).fence == 2


async def test_chats_are_known_in_their_own_case_and_forgotten_alone(storage: Storage) -> None:
    upper, lower = Chat("wecom_bot", "B", "Wr1", "group", None, NOW), Chat("wecom_bot", "B", "wr1", "group", None, SOON)
    for chat in (upper, lower, upper, Chat("wecom_bot", "other", "Wr1", "group", None, NOW)):
        await storage.write(lambda stores: stores.chats.saw(chat))  # noqa: B023
    assert await storage.read(lambda stores: list(stores.chats.of_bot("wecom_bot", "B"))) == [lower, upper]
    await storage.write(lambda stores: stores.chats.forget("wecom_bot", "B", "wr1"))
    assert await storage.read(lambda stores: list(stores.chats.of_bot("wecom_bot", "B"))) == [upper]


async def test_an_agent_has_one_code_that_works_once_and_lapses(storage: Storage) -> None:
    first, second = LinkCode("m1", "mei", b"1", SOON, "cli"), LinkCode("m1", "mei", b"2", SOON, "cli")
    await storage.write(lambda stores: stores.link_codes.put(first, NOW))
    await storage.write(lambda stores: stores.link_codes.put(second, NOW))
    assert await storage.read(lambda stores: list(stores.link_codes.alive(NOW))) == [second]
    assert await storage.read(lambda stores: list(stores.link_codes.alive(SOON))) == []
    assert [await storage.write(lambda stores: stores.link_codes.use(each)) for each in (first, second, second)] == [False, True, False]  # noqa: B023


async def test_tries_are_counted_by_account_and_start_anew_after_their_time(storage: Storage) -> None:
    async def tried(account: str, minutes: float) -> int:
        now = NOW + timedelta(minutes=minutes)
        return await storage.write(lambda stores: stores.link_codes.tried("wecom", account, now, now - timedelta(minutes=15)))

    assert [await tried("x", 0), await tried("x", 1), await tried("y", 1), await tried("x", 14.9)] == [1, 2, 1, 3]
    assert await tried("x", 15) == 1
