"""Whatever is done, set or refused is in the audit log, with who, from where and when; and nothing is done that is not."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import MISSING, fields
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text as sql

from bot.audit import grown, leaf_hash, root
from bot.audit.note import read
from bot.audit.tree import Grown, included, inclusion
from bot.commands import registry
from bot.configuring import _table
from bot.errors import Refused
from bot.messages import Chat, ChatSeen, Command, ForgetChat, Identity, NewKey, Put, Remove, TellAdmins
from bot.stores import Stores
from bot.stores.audit import Asked
from storage.engine import Storage
from tests.storage.samples import NOW, entry
from tests.world import World


async def log(world: World, asked: Asked | None = None) -> list[dict[str, Any]]:
    """Every entry, sealed, in order."""
    await world.desk.sealing.all()
    found = await world.bot.storage.read(lambda stores: stores.audit.some(asked or Asked(), -1, 10_000))
    return [json.loads(each.entry or "{}") for each in found]


async def test_who_did_what_from_where_is_in_the_log_and_so_is_what_was_refused(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.says(f"claim {number}", by="bo")
    await world.says("away 2h")
    await world.call("PUT", "/v1/policies/vip", {"merchant_id": "lumiere", "targets": {"resolution": "PT8H"}}, status=200)
    await world.call("PUT", "/v1/policies/odd", {"merchant_id": "nobody", "targets": {"resolution": "PT8H"}}, status=404)
    await world.desk.configure(NewKey("till", "lumiere", ("tickets:read",), by="command line"))
    said = [(each["actor"], each["action"], each["ticket"], each["via"], each["outcome"], each["code"]) for each in await log(world)]
    for expected in (
        ("key:admin", "ticket.created", number, "api", "done", ""),
        ("mei", "ticket.claimed", number, "slack", "done", ""),
        ("bo", "command.claim", number, "slack", "refused", "already_claimed"),
        ("mei", "command.away", None, "slack", "done", ""),
        ("key:admin", "policies.put", None, "api", "done", ""),
        ("key:admin", "policies.put", None, "api", "refused", "not_found"),
        ("command line", "new_key", None, "cli", "done", ""),
    ):
        assert expected in said, expected


async def test_every_command_and_every_change_leaves_an_entry_done_or_refused(world: World) -> None:
    """Walks all there are: one that is added is walked too."""
    await world.ticket()
    storage = world.bot.storage

    async def entries() -> int:
        await world.desk.sealing.all()
        state = await storage.read(lambda stores: stores.audit.log())
        return state.tree.size if state else 0

    for verb in registry.all_verbs():
        if verb.changes:
            before = await entries()
            await world.desk.reply(Command(Identity("agent", "mei"), verb=verb.name, ticket=1001, args={"text": "x"}, via="api"))
            assert await entries() > before, verb.name
    for change in _changes():
        before = await entries()
        try:
            await world.desk.configure(change)
        except (Refused, KeyError, TypeError, ValueError, AttributeError) as failed:
            if not isinstance(failed, Refused):
                continue  # a document that no edge lets through: a fault, and nothing was done
        assert isinstance(change, ChatSeen | ForgetChat) or await entries() > before, change


def _changes() -> Iterable[Any]:
    """One of each: of things that are not there, as any may be."""
    for kind in _table("PUTS"):
        yield Put(kind, "x", {})
    for kind in _table("REMOVES"):
        yield Remove(kind, "x")
    values = {
        "str": "x", "int": 1, "bool": True, "tuple[str, ...]": ("x",), "Mapping[str, Any]": {}, "Mapping[str, str]": {}, "datetime": NOW,
    }  # fmt: skip
    for kind in _table("CHANGES"):
        needed = [each for each in fields(kind) if each.default is MISSING and each.default_factory is MISSING]
        given = {each.name: _least(str(each.type), values) for each in needed if each.name != "chat"}
        if kind in (ChatSeen, ForgetChat):
            given = {"chat": Chat("slack", "b", "c", "single", None, NOW)}
        if kind is TellAdmins:
            given |= {"about": "stuck_overdue", "params": {"count": "1", "names": "T-1"}}
        yield kind(**given)


def _least(type: str, values: dict[str, Any]) -> Any:
    """Something of that type; of a Literal the first word."""
    return type.split("'")[1] if type.startswith("Literal[") else values[type.removesuffix(" | None")]


async def test_without_its_entry_nothing_is_done(storage: Storage) -> None:
    def broken(stores: Stores) -> None:
        stores.timeline.add([entry("claimed")])
        db: Any = stores.audit
        db._db.flush()
        db._db.connection.execute(sql("INSERT INTO audit_log (merchant_id) VALUES ('m1')"))

    with pytest.raises(Exception):  # noqa: B017  # each database has its own
        await storage.write(broken)
    found = await storage.read(lambda stores: stores.timeline.page("m1", 1001, 10, None))
    assert not found.items


async def test_entries_get_their_leaves_once_and_in_order(storage: Storage) -> None:
    def write(stores: Stores, many: int) -> None:
        stores.timeline.add([entry(f"step-{at}") for at in range(many)])

    def seal(stores: Stores) -> None:
        stores.audit.begin(b"key", "00")
        state = stores.audit.log(lock=True)
        assert state is not None
        some = stores.audit.waiting(150)
        after = grown(state.tree, [leaf_hash(each.commitment) for each in some])
        stores.audit.seal([(each, state.tree.size + place) for place, each in enumerate(some)], after)

    await storage.write(lambda stores: write(stores, 300))
    for _ in range(3):
        await storage.write(seal)
    kept = await storage.read(lambda stores: stores.audit.some(Asked(), -1, 1000))
    state = await storage.read(lambda stores: stores.audit.log())
    assert state is not None
    assert [each.leaf for each in kept] == list(range(300))
    assert root(state.tree) == root(grown(Grown(), [leaf_hash(each.commitment) for each in kept]))
    for place in (0, 149, 150, 255, 256, 299):
        path = await storage.read(partial(_path, place))
        assert included(leaf_hash(kept[place].commitment), place, 300, path, root(state.tree))
    first = await storage.read(lambda stores: stores.audit.page(Asked("m1", ticket=1001), 200, None))
    rest = await storage.read(lambda stores: stores.audit.page(Asked("m1", ticket=1001), 200, first.next_cursor))
    assert [each.leaf for each in (*first.items, *rest.items)] == list(reversed(range(300)))
    assert not (await storage.read(lambda stores: stores.audit.page(Asked("m2"), 200, None))).items


async def test_a_head_is_signed_after_each_batch_and_tells_size_and_root(world: World) -> None:
    await world.ticket()
    await world.desk.sealing.all()
    state, newest = await world.bot.storage.read(lambda stores: (stores.audit.log(), stores.audit.checkpoint()))
    assert state is not None
    assert newest is not None
    found = read(newest[2].partition("\n\n")[0] + "\n")
    assert (found.size, found.root) == (state.tree.size, root(state.tree))


def _path(place: int, stores: Stores) -> list[bytes]:
    return inclusion(stores.audit.nodes, place, 300)
