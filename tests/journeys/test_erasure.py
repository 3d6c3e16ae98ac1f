"""A person asks to be forgotten; what was closed long ago is forgotten by itself; holds and disputes keep back what they are about."""

from __future__ import annotations

import asyncio
import hashlib
import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from bot.audit import grown, leaf_hash, root
from bot.audit.note import read
from bot.audit.tree import Grown
from bot.erasing import AGAIN, SIGNED
from bot.keeping import BATCH, clear
from bot.stores import Stores
from bot.stores.audit import Asked
from storage.backup import backup, restore
from tests.world import World

BUYER = {"name": "Rosalind Canarywood", "email": "rosalind@canary.example", "phone": "+6591234567"}
CANARY = "the teapot with swallows arrived broken"


async def erase(world: World, status: int = 201, **whose: str) -> dict[str, Any]:
    body = {"merchant_id": "lumiere", "ground": "GDPR, article 17", **whose}
    found: dict[str, Any] = await world.call("POST", "/v1/erasures", body, status=status)
    return found


def signed(certificate: dict[str, Any]) -> bool:
    """As anybody checks it, with the key alone."""
    said = {name: value for name, value in certificate.items() if name not in ("sha256", "signature", "public_key")}
    plain = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(certificate["public_key"])).verify(
        bytes.fromhex(certificate["signature"]), SIGNED + plain
    )
    return hashlib.sha256(plain).hexdigest() == certificate["sha256"]


async def test_a_persons_data_goes_at_once_but_for_what_is_held_or_disputed(database_url: str) -> None:
    async with World(database_url) as world:
        free = await world.ticket(CANARY, message="Write to rosalind@canary.example", buyer=BUYER)
        held = await world.ticket("Held", buyer=BUYER)
        disputed = await world.ticket("Not me", buyer=BUYER, category="unauthorized_payment")
        other = await world.ticket("Somebody else's", buyer={"email": "other@canary.example"})
        await world.says(f"close {free} sent her a new one")
        await world.pass_time(minutes=1)
        until = (world.clock.now() + timedelta(days=30)).isoformat()
        hold = {"reason": "A court asks for it", "until": until, "agent": "chen"}
        await world.call("PUT", f"/v1/tickets/{held}/hold", {**hold, "agent": "mei"}, status=403)
        await world.call("PUT", f"/v1/tickets/{held}/hold", {**hold, "until": "2020-01-01T00:00:00Z"}, status=422)
        assert (await world.call("PUT", f"/v1/tickets/{held}/hold", hold))["by"] == "chen"
        await erase(world, 422)
        await erase(world, 404, email="a@b.example", merchant_id="nobody")
        done = await erase(world, email="Rosalind@Canary.example")
        assert done["state"] == "restricted"
        assert {(each["ticket"], each["because"]) for each in done["restricted"]} == {
            (f"T-{held}", "legal_hold"), (f"T-{disputed}", "open_dispute"),
        }  # fmt: skip
        assert done["removed"]["tickets"] == 1
        assert signed(done)
        assert "rosalind" not in json.dumps(done).casefold()
        shown = await world.shown(free)
        assert (shown["subject"], shown["message"], shown["buyer"], shown["state"]) == ("", "", {}, "closed")
        assert "new one" not in json.dumps(await world.call("GET", f"/v1/tickets/{free}/timeline?limit=200"))
        assert (await world.shown(held))["subject"] == "Held"
        assert (await world.shown(other))["subject"] == "Somebody else's"
        await world.call("DELETE", f"/v1/tickets/{held}/hold?agent=chen", status=204)
        await world.call("GET", f"/v1/tickets/{held}/hold", status=404)
        await world.says(f"close {disputed} settled")
        world.clock.push_to(world.clock.now() + AGAIN)
        await world.desk.keeping.run()
        after = await world.call("GET", f"/v1/erasures/{done['id']}")
        assert (after["state"], after["restricted"]) == ("done", [])
        assert signed(after)
        assert (await world.shown(held))["subject"] == ""
        assert [each["id"] for each in (await world.call("GET", "/v1/erasures"))["items"]] == [done["id"]]
        actions = {each["action"] for each in (await log(world))}
        assert {"erase", "erasure.done", "put_hold", "hold.lifted"} <= actions


@pytest.mark.parametrize("whose", [{"email": BUYER["email"]}, {"phone": "+65 9123 4567"}, {"order_no": "SP-1"}])
async def test_an_orders_buyer_goes_too_and_what_was_paid_stays(database_url: str, whose: dict[str, str]) -> None:
    async with World(database_url) as world:
        payment = {"provider": "uqpay", "channel_id": "ch-1", "transaction_id": "tx-1", "paid_at": "2026-11-20T08:00:00Z"}
        order = {"total": {"amount": "10.00", "currency": "SGD"}, "payment": payment}
        for number in ("SP-1", "SP-2"):
            buyer = BUYER if number == "SP-1" else {"email": "other@canary.example"}
            await world.call("PUT", f"/v1/orders/lights-sg/{number}", {**order, "buyer": buyer})
        disputed = await world.ticket("Not me", order_no="SP-1", category="unauthorized_payment")
        kept = await erase(world, 201, **whose)
        assert kept["state"] == "restricted"
        assert {each["what"] for each in kept["restricted"]} == {"orders/lights-sg/SP-1", f"T-{disputed}"}
        assert (await world.call("GET", "/v1/orders/lights-sg/SP-1"))["buyer"] != {}, "it stays with its dispute"
        await world.says(f"close {disputed} settled")
        world.clock.push_to(world.clock.now() + AGAIN)
        await world.desk.keeping.run()
        done = await world.call("GET", f"/v1/erasures/{kept['id']}")
        assert (done["state"], done["removed"]["orders"]) == ("done", 1)
        shown = await world.call("GET", "/v1/orders/lights-sg/SP-1")
        assert (shown["buyer"], shown["total"]["amount"]) == ({}, "10.00")
        assert (await world.call("GET", "/v1/orders/lights-sg/SP-2"))["buyer"] != {}


async def log(world: World) -> list[dict[str, Any]]:
    await world.desk.sealing.all()
    found: list[dict[str, Any]] = (await world.call("GET", "/v1/audit?limit=200"))["items"]
    return found


async def test_after_an_erasure_the_file_holds_no_byte_of_what_was_said(sqlite_url: str) -> None:
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    async with World(sqlite_url) as world:
        number = await world.ticket(CANARY, buyer=BUYER, order_no=None)
        await world.says(f"close {number} swallows replaced by magpies")
        await world.pass_time(minutes=1)
        await erase(world, phone="+65 9123 4567")
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    bytes_of = await asyncio.to_thread(file.read_bytes)
    assert b"canarywood" not in bytes_of.lower()
    assert b"teapot with swallows" not in bytes_of
    assert b"replaced by magpies" not in bytes_of


async def test_the_restore_drill_brings_all_back_but_what_was_erased_since(sqlite_url: str, tmp_path: Path) -> None:
    """Counts, integrity, the audit log's root under its signed head, and the erased are erased again."""
    copy = tmp_path / "copy.db"
    async with World(sqlite_url) as world:
        gone = await world.ticket(CANARY, buyer=BUYER, category="refund_delay")
        kept = await world.ticket("Kept", category="refund_delay")
        await world.desk.sealing.all()
        await backup(sqlite_url, copy)
        late = await world.ticket("After the backup")
        done = await erase(world, email=BUYER["email"])
        assert done["state"] == "done"
        await world.stop_bot()
        await restore(sqlite_url, copy)
        with sqlite3.connect(sqlite_url.removeprefix("sqlite:///")) as file:
            assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert file.execute("SELECT count(*) FROM tickets").fetchone() == (2,)
        file.close()
        await world.start_bot()
        assert (await world.shown(gone))["subject"] == CANARY
        await world.desk.keeping.run()
        assert (await world.shown(gone))["subject"] == ""
        assert (await world.shown(kept))["subject"] == "Kept"
        await world.call("GET", f"/v1/tickets/{late}", status=404)
        again = await world.call("GET", f"/v1/erasures/{done['id']}")
        assert (again["state"], signed(again)) == ("done", True)
        await world.desk.sealing.all()
        storage = world.bot.storage
        entries = await storage.read(lambda stores: stores.audit.some(Asked(), -1, 10_000))
        head = await storage.read(lambda stores: stores.audit.checkpoint())
        assert head is not None
        assert read(head[2]).root == root(grown(Grown(), [leaf_hash(each.commitment) for each in entries]))


async def test_what_was_closed_long_ago_is_cleared_in_batches_and_a_kill_between_loses_nothing(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.keeping.BATCH", 2)
    async with World(database_url) as world:
        many = [await world.ticket(f"{CANARY} {at}") for at in range(4)]
        still = await world.ticket("Open still")
        for number in many:
            await world.says(f"close {number} done")
        await world.pass_time(minutes=1)
        world.clock.push_to(world.clock.now() + timedelta(days=181))
        merchant = next(each for each in await world.desk.keeping._merchants() if each.id == "lumiere")
        before = world.clock.now() - timedelta(days=180)

        def killed(stores: Stores) -> None:
            clear(stores, "lumiere", before, world.clock.now())
            raise SystemError

        assert await world.desk.keeping.batch(merchant) == 2
        with pytest.raises(SystemError):
            await world.bot.storage.write(killed)
        await world.stop_bot()
        await world.start_bot()
        seen: list[tuple[int, int]] = []
        assert await world.desk.keeping.all(lambda done, total: seen.append((done, total))) == 2
        assert seen == [(2, 2)]
        async with world.api.get("/metrics", headers=world.admin) as answer:
            assert "deskbell_cleared_total 2.0" in await answer.text()
        assert [(await world.shown(each))["subject"] for each in many] == [""] * 4
        assert (await world.shown(still))["subject"] == "Open still"
        assert await world.desk.keeping.batch(merchant) == 0
        assert BATCH > 2
