"""A database that goes away: nobody waits long, nothing is done twice, the pool stays whole, and it goes on as soon as it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.errors import Unavailable
from storage import postgres
from storage.postgres import PostgresStorage
from storage.urls import database
from tests.fakes.wire import Wire, over, to_postgres
from tests.storage.samples import put_merchant

POOL = 5


@pytest.fixture
async def wire(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Wire]:
    """Between a pool and its server. Patience is shortened: what it is in earnest, `make chaos ARGS='--only outage'` measures."""
    monkeypatch.setattr(postgres, "UNIT", 1.5)
    monkeypatch.setattr(postgres, "PING", 0.3)
    async with Wire(to_postgres(postgres_url)) as made:
        yield made


@pytest.fixture
async def storage(wire: Wire, postgres_url: str) -> AsyncIterator[PostgresStorage]:
    """Its connections are all open."""
    opened = PostgresStorage(database(over(postgres_url, wire.port)), pool=POOL)
    await asyncio.gather(*(opened.read(_say("SELECT pg_sleep(0.05)")) for _ in range(POOL)))
    yield opened
    await opened.close()


def _say(statement: str) -> Any:
    return lambda stores: stores.db.connection.exec_driver_sql(statement).scalar()


async def _whole(storage: PostgresStorage) -> None:
    pool: Any = storage.engine.pool
    assert pool.checkedout() == 0
    own = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'deskbell'"
    assert await storage.read(_say(own)) <= POOL


async def test_a_network_that_swallows_everything_holds_nobody_up_for_long_and_is_forgotten_when_it_is_over(
    wire: Wire, storage: PostgresStorage
) -> None:
    working = asyncio.gather(*(storage.write(_say("SELECT pg_sleep(0.2)")) for _ in range(3)), return_exceptions=True)
    await asyncio.sleep(0.1)
    await wire.set("swallow")
    calls = [storage.write(put_merchant(f"m{each}")) for each in range(12)]
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(each) for each in (*found, *await working)} == {Unavailable}
    assert await storage.ping() is not None
    await wire.set("pass")
    await storage.write(put_merchant("after"))
    assert await storage.read(lambda stores: stores.merchants.get("after")) is not None
    assert await storage.ping() is None
    await _whole(storage)


async def test_a_server_that_is_not_there_is_told_at_once_and_used_again_when_it_is_back(wire: Wire, storage: PostgresStorage) -> None:
    await wire.set("refuse")
    for _ in range(2 * POOL):
        with pytest.raises(Unavailable):
            await storage.write(put_merchant("m1"))
    await wire.set("pass")
    await asyncio.gather(*(storage.write(put_merchant(f"m{each}")) for each in range(2 * POOL)))
    await _whole(storage)


async def test_a_commit_whose_answer_is_lost_is_not_done_again(storage: PostgresStorage) -> None:
    def dies_at_commit(stores: Any) -> None:
        run = stores.db.connection.exec_driver_sql
        run(
            "CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END$$"
        )
        run("CREATE CONSTRAINT TRIGGER gone AFTER INSERT ON merchants DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gone()")

    await storage.write(dies_at_commit)
    tries: list[int] = []

    def body(stores: Any) -> None:
        tries.append(1)
        put_merchant("m1")(stores)

    with pytest.raises(Unavailable, match="not known"):
        await storage.write(body)
    assert len(tries) == 1
