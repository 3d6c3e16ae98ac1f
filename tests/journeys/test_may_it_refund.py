"""`refund-permission` on the payment system's hot path: from memory, never more than a second behind, also while the database is away."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.databases import Postgres
from tests.world import World

ASKED = "/v1/shops/lights-sg/refund-permission"
CHANNEL = "/v1/channels/ch-1/collection-permission?merchant=lumiere"


async def test_what_is_frozen_and_lifted_here_is_known_here_at_once(database_url: str) -> None:
    async with World(database_url) as world:
        assert await world.call("GET", ASKED) == {"allowed": True}
        number = await world.ticket()
        await world.pass_time(hours=72)
        frozen = await world.call("GET", ASKED)
        assert (frozen["allowed"], frozen["reason"], frozen["ticket"]) == (False, "sla_tier3", f"T-{number}")
        await world.says("unfreeze shop:lights-sg the bank confirmed", by="sara")
        assert await world.call("GET", ASKED) == {"allowed": True}
        assert (await world.call("GET", "/v1/shops/other-shop/refund-permission")) == {"allowed": True}
        await world.call("GET", "/v1/shops/nowhere/refund-permission", status=404)


async def test_it_ends_at_midnight_without_being_asked_anew(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        await world.ticket()
        await world.pass_time(hours=72)
        until = (await world.call("GET", ASKED))["frozen_until"]
        assert until.endswith("T16:00:00.000Z")  # midnight in Shanghai
        await world.pass_time(hours=15)
        assert await world.call("GET", ASKED) == {"allowed": True}


async def test_what_another_replica_wrote_is_known_within_a_second(postgres_url: str) -> None:
    async with World(postgres_url) as here, World(postgres_url, populated=False) as there:
        there.clock.push_to(here.clock.now())
        assert await there.call("GET", ASKED) == {"allowed": True}
        await here.ticket()
        await here.pass_time(hours=72)
        there.clock.push_to(here.clock.now())
        assert not (await there.call("GET", ASKED))["allowed"]
        assert await there.call("GET", CHANNEL) == {"allowed": True}
        await here.says("unfreeze shop:lights-sg why", by="sara")
        await here.call("POST", "/v1/channels/ch-1/freeze?merchant=lumiere&reason=odd&agent=ada")
        there.clock.push(timedelta(seconds=1))
        assert await there.call("GET", ASKED) == {"allowed": True}
        assert not (await there.call("GET", CHANNEL))["allowed"], "a collection channel, too"


@pytest.mark.parametrize(("fails", "allowed"), [("closed", False), ("open", True)])
async def test_while_the_database_is_away_the_setting_answers(postgres: Postgres, postgres_url: str, fails: str, allowed: bool) -> None:
    async with World(postgres_url, refund_check_fails=fails) as world:
        key = await _key(world, "freezes:read", "tickets:write")
        assert await world.call("GET", ASKED, key=key) == {"allowed": True}
        assert await world.call("GET", CHANNEL, key=key) == {"allowed": True}
        postgres.drop(urlsplit(postgres_url).path.strip("/"))
        assert await world.call("GET", ASKED, key=key) == {"allowed": True}  # from memory
        world.clock.push(timedelta(seconds=1))
        assert await world.call("GET", ASKED, key=key) == {"allowed": allowed, "reason": "unknown"}
        assert await world.call("GET", CHANNEL, key=key) == {"allowed": allowed, "reason": "unknown"}, "a collection channel, too"
        await world.call("GET", ASKED, key=f"{key}x", status=503)
        await world.call("POST", "/v1/tickets/1001/resolve", {"agent": "mei"}, key=key, status=503)  # that one takes the database


async def test_a_revoked_key_is_refused_at_once_on_every_replica_and_not_remembered(postgres: Postgres, postgres_url: str) -> None:
    async with World(postgres_url) as here, World(postgres_url, populated=False) as there:
        key = await _key(here, "freezes:read")
        assert await there.call("GET", ASKED, key=key) == {"allowed": True}
        await here.call("DELETE", f"/v1/api-keys/{key.split('_')[1]}", status=204)
        await there.call("GET", ASKED, key=key, status=401)
        postgres.drop(urlsplit(postgres_url).path.strip("/"))
        await there.call("GET", ASKED, key=key, status=503)


async def _key(world: World, *scopes: str) -> str:
    made = await world.call("POST", "/v1/api-keys", {"name": "payments", "merchant_id": "lumiere", "scopes": list(scopes)}, status=201)
    return str(made["token"])
