"""PostgreSQL: limits on every wait, what is tried again, and a pool that stays whole."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from bot.errors import Unavailable
from bot.stores import Stores
from storage.engine import open_storage
from storage.postgres import SERVER_SETTINGS, PostgresStorage
from tests.storage.samples import merchant, put_merchant


def _say(statement: str) -> Any:
    return lambda stores: stores.db.connection.exec_driver_sql(statement).scalar()


async def _opened(url: str, **more: Any) -> PostgresStorage:
    storage = await open_storage(url, **more)
    assert isinstance(storage, PostgresStorage)
    return storage


async def test_the_server_took_every_limit(postgres_url: str) -> None:
    storage = await _opened(postgres_url)

    def settings(stores: Any) -> list[Any]:
        return list(stores.db.connection.exec_driver_sql("SELECT name, setting FROM pg_settings").all())

    rows = await storage.read(settings)
    shown = {name.lower(): setting for name, setting in rows if name.lower() in SERVER_SETTINGS}
    over_socket = "0"  # the operating system has no such limit there
    assert shown == SERVER_SETTINGS | {"tcp_user_timeout": over_socket}
    await storage.close()


async def test_reads_are_outside_and_writes_inside_a_transaction(postgres_url: str) -> None:
    storage = await _opened(postgres_url)
    transaction = "SELECT pg_current_xact_id()::text"

    def twice(stores: Any) -> set[str]:
        return {_say(transaction)(stores), _say(transaction)(stores)}

    assert len(await storage.read(twice)) == 2
    assert len(await storage.write(twice)) == 1
    assert await storage.write(_say("SHOW transaction_isolation")) == "read committed"
    await storage.close()


async def test_a_deadlock_is_tried_again_until_both_are_done(postgres_url: str) -> None:
    storage = await _opened(postgres_url)
    for id in ("a", "b"):
        await storage.write(put_merchant(id))
    tries: list[int] = []

    def crossing(first: str, second: str) -> Any:
        def body(stores: Any) -> None:
            tries.append(1)
            update = "UPDATE merchants SET name = name || '{0}' WHERE id = '{0}' RETURNING 1"
            _say(update.format(first))(stores)
            _say("SELECT pg_sleep(0.2)")(stores)
            _say(update.format(second))(stores)

        return body

    await asyncio.gather(storage.write(crossing("a", "b")), storage.write(crossing("b", "a")))
    assert len(tries) > 2
    found = await storage.read(lambda stores: stores.merchants.many(["a", "b"]))
    assert {each.name for each in found.values()} == {"Merchant aaa", "Merchant bbb"}
    await storage.close()


async def test_a_lost_connection_is_replaced_and_the_whole_unit_tried_again(postgres_url: str) -> None:
    storage = await _opened(postgres_url)
    tries: list[int] = []

    def body(stores: Any) -> int:
        tries.append(1)
        stores.merchants.put(merchant(f"m{len(tries)}"))
        if len(tries) == 1:
            _say("SELECT pg_terminate_backend(pg_backend_pid())")(stores)
        return len(tries)

    assert await storage.write(body) == 2
    assert await storage.read(lambda stores: stores.merchants.get("m1")) is None
    assert await storage.read(lambda stores: stores.merchants.get("m2")) is not None
    await storage.close()


async def test_a_lock_that_is_held_too_long_is_not_waited_for(postgres_url: str) -> None:
    storage = await _opened(postgres_url)
    await storage.write(lambda stores: stores.merchants.put(merchant()))

    def hold(stores: Any) -> None:
        _say("SELECT 1 FROM merchants FOR UPDATE")(stores)
        _say("SELECT pg_sleep(3)")(stores)

    holding = asyncio.create_task(storage.write(hold))
    await asyncio.sleep(0.2)
    with pytest.raises(Unavailable):
        await storage.write(lambda stores: stores.merchants.put(merchant()))
    await holding
    await storage.close()


async def test_a_database_that_is_not_there_does_not_answer() -> None:
    storage = await _opened("postgres://nobody@127.0.0.1:1/nothing")
    with pytest.raises(Unavailable):
        await storage.read(lambda stores: stores.merchants.get("m1"))
    assert await storage.ping() is not None
    await storage.close()


async def test_callers_cancelled_at_any_moment_leak_no_connection(postgres_url: str) -> None:
    storage = await _opened(postgres_url, pool=5)
    chance = random.Random(7)

    def body(stores: Stores) -> None:
        stores.merchants.get("m1")
        stores.merchants.put(merchant(f"m{chance.randrange(50)}"))

    async def one() -> None:
        task = asyncio.create_task(storage.write(body) if chance.random() < 0.5 else storage.read(body))
        await asyncio.sleep(chance.random() * 0.02)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    for _ in range(10):
        await asyncio.gather(*(one() for _ in range(100)))
    await asyncio.wait(storage._running) if storage._running else None
    pool: Any = storage.engine.pool
    assert pool.checkedout() == 0
    await asyncio.gather(*(storage.read(_say("SELECT pg_sleep(0.05)")) for _ in range(5)))
    own = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'deskbell'"
    assert await storage.read(_say(own)) <= 5
    stuck = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
    assert await storage.read(_say(stuck)) == 0
    await storage.close()
