"""A masked value is shown to one person who may see it, alone, and that it was is on record."""

from __future__ import annotations

import json
from typing import Any

from storage.schema import METADATA
from tests.world import World

PHONE, OTHER, MAIL = "13912345678", "13887654321", "canary.owner@buyer.example"
BUYER = {"phone": PHONE, "name": "Wilhelmina Canary", "locale": "zh-CN"}


async def test_one_value_is_shown_to_whoever_may_see_it_alone(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        number = await world.ticket(
            message=f"call {OTHER} or {MAIL}",
            buyer=BUYER,
            custom_fields={"contact": f"tel {OTHER}", "id": f"id {OTHER}", "phone": f"home {OTHER}"},
        )
        before = len(world.slack.channel("C0LUMIERE"))
        assert PHONE not in await world.says(f"reveal {number} phone", by="eve"), "not another merchant's"
        assert PHONE in await world.says(f"reveal {number} phone", by="chen"), "a lead, whosever it is"
        assert (await world.shown(number))["assignee"] is None, "a lead's look takes nothing on"

        said = await world.says(f"明文 {number} 电话")
        assert PHONE in said
        assert OTHER in said, "what the text told, too"
        assert (await world.shown(number))["assignee"] == "mei", "an agent's look at what is nobody's makes it theirs"
        assert MAIL in await world.says(f"reveal {number} email")
        assert f"call {OTHER} or {MAIL}" in await world.says(f"reveal {number} message")
        assert f"tel {OTHER}" in await world.says(f"reveal {number} contact")
        for field, said in (("id", "id"), ("custom_fields.phone", "home")):  # a key is not taken for another field's word
            assert f"{said} {OTHER}" in await world.says(f"reveal {number} {field}")
        assert "Wilhelmina Canary" in await world.says(f"reveal {number} buyer.name")
        await world.call("POST", f"/v1/tickets/{number}/messages", {"from": "buyer", "text": f"now {OTHER} only"}, status=201)
        assert f"now {OTHER} only" in await world.says(f"reveal {number} last")

        listed = await world.says(f"reveal {number}")
        assert "name, phone, email, message, last, contact, id, custom_fields.phone" in listed
        assert PHONE not in listed
        assert "passport" in await world.says(f"reveal {number} passport"), "says that there is none"
        told = json.dumps([each.seen for each in world.slack.channel("C0LUMIERE")[before:]], ensure_ascii=False)
        assert not [each for each in (PHONE, OTHER, MAIL, "Wilhelmina") if each in told], "nobody else reads it"

        timeline = (await world.call("GET", f"/v1/tickets/{number}/timeline"))["items"]
        looks = [(each["actor"], each["detail"]["field"]) for each in timeline if each["type"] == "revealed"]
        assert looks == [
            ("chen", "phone"), ("mei", "phone"), ("mei", "email"), ("mei", "message"), ("mei", "contact"),
            ("mei", "id"), ("mei", "custom_fields.phone"), ("mei", "name"), ("mei", "last"),
        ]  # fmt: skip
        await world.desk.sealing.all()
        entries = (await world.call("GET", f"/v1/audit?ticket={number}"))["items"]
        assert len([each for each in entries if each["action"] == "revealed"]) == len(looks)
        refused = [each for each in entries if each["action"] == "command.reveal"]
        assert {each["outcome"] for each in refused} == {"refused"}

        def cells(stores: Any) -> str:
            return str([[tuple(row) for row in stores.db.all(table.select())] for table in METADATA.sorted_tables])

        stored = await world.desk._work.write(cells)
        assert not [each for each in (PHONE, OTHER, MAIL, "Wilhelmina") if each in stored], "nor does it stay behind"


async def test_the_api_shows_it_to_an_agent_whose_ticket_it_is(sqlite_url: str) -> None:
    async with World(sqlite_url) as world:
        number = await world.ticket(buyer=BUYER)
        path = f"/v1/tickets/{number}/reveal"
        asked = {"agent": "mei", "field": "phone"}
        shown = await world.call("POST", path, asked, status=200, Idempotency_Key="once")
        assert shown == {"ticket": f"T-{number}", "field": "phone", "value": PHONE}
        assert await world.call("POST", path, asked, Idempotency_Key="once") == shown
        assert (await world.call("POST", path, {"agent": "bo", "field": "phone"}, status=403))["code"] == "not_allowed"
        assert (await world.call("POST", path, {"agent": "mei", "field": "card"}, status=404))["code"] == "not_found"
        assert (await world.call("POST", path, {"agent": "mei"}, status=422))["code"] == "invalid"
