"""The audit log over the API: read by who may, each merchant's for itself, and proved."""

from __future__ import annotations

import base64
import json
from typing import Any

from bot.audit import commitment, leaf_hash
from bot.audit.note import opened
from bot.audit.tree import consistent, included
from tests.world import World


async def _key(world: World, merchant: str, *scopes: str) -> str:
    wanted = {"name": "k", "merchant_id": merchant, "scopes": list(scopes)}
    made: dict[str, Any] = await world.call("POST", "/v1/api-keys", wanted, status=201)
    return str(made["token"])


async def test_it_is_read_by_filters_and_no_merchant_reads_anothers(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    key, other = await _key(world, "lumiere", "audit:read"), await _key(world, "other", "audit:read")
    bare = await _key(world, "lumiere", "tickets:read")
    await world.desk.sealing.all()
    found = await world.call("GET", f"/v1/audit?ticket={number}", key=key, status=200)
    assert [(each["action"], each["actor"], each["via"]) for each in found["items"][:1]] == [("ticket.claimed", "mei", "slack")]
    assert {each["ticket"] for each in found["items"]} == {f"T-{number}"}
    mine = await world.call("GET", "/v1/audit?actor=mei&limit=1", key=key, status=200)
    assert mine["items"][0]["actor"] == "mei"
    assert not (await world.call("GET", "/v1/audit?to=2020-01-01T00:00:00Z", key=key, status=200))["items"]
    assert (await world.call("GET", "/v1/audit?from=2020-01-01T00:00:00Z&merchant=lumiere", status=200))["items"]
    theirs = await world.call("GET", "/v1/audit?limit=200", key=other, status=200)
    assert {each["merchant_id"] for each in theirs["items"]} <= {"other"}
    await world.call("GET", "/v1/audit?merchant=lumiere", key=other, status=404)
    await world.call("GET", f"/v1/audit/proof?ticket={number}", key=other, status=404)
    await world.call("GET", "/v1/audit", key=bare, status=403)


async def test_a_tickets_entries_are_proved_and_so_is_that_the_log_has_only_grown(world: World) -> None:
    number = await world.ticket()
    await world.desk.sealing.all()
    first = await world.call("GET", "/v1/audit/checkpoint", status=200)
    await world.says(f"claim {number}")
    await world.desk.sealing.all()
    proof = await world.call("GET", f"/v1/audit/proof?ticket={number}", status=200)
    public = base64.b64decode(proof["public_key"].split("+", 2)[2])[1:]
    head, before = (opened(each["checkpoint"], public, verified) for each in (proof, first))
    for each in proof["entries"]:
        said = bytes.fromhex(each["commitment"])
        assert commitment(bytes.fromhex(each["salt"]), each["entry"]) == said
        assert included(leaf_hash(said), each["leaf"], head.size, [base64.b64decode(part) for part in each["path"]], head.root)
    assert json.loads(proof["entries"][-1]["entry"])["action"] == "ticket.claimed"
    newer = await world.call("GET", f"/v1/audit/checkpoint?since={before.size}", status=200)
    path = [base64.b64decode(part) for part in newer["consistency"]]
    assert consistent(before.size, head.size, path, before.root, head.root)
    await world.call("GET", "/v1/audit/checkpoint?since=1000000", status=422)


def verified(public: bytes, message: bytes, signature: bytes) -> bool:
    """Ed25519, checked with the public half alone."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True
