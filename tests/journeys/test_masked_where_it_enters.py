"""What tells of a person is masked before it is stored, searched, shown or sent; as it was written it is kept sealed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from bot import originals
from bot.house import House
from bot.settings import Settings
from storage.schema import METADATA
from storage.vault import KeyVault
from tests.clock import PushedClock
from tests.world import CHANNEL, World

PHONE, MAIL, CARD, NUMBER = "13912345678", "canary.lin@buyer.example", "4539 1488 0343 6467", "+60 12-738 4410"
CANARIES = (PHONE, MAIL, CARD, CARD.replace(" ", ""), NUMBER, "127384410", "Wilhelmina Canary")
BUYER = {"name": "Wilhelmina Canary", "email": MAIL, "phone": NUMBER, "ip": "203.0.113.77"}


KEY = "a secret key of these tests"


async def within(world: World, body: Callable[[Any], Any]) -> Any:
    """What it comes to in a transaction of its own on the world's database."""
    return await world.desk._work.write(body)


def home(key: str) -> House:
    return House(Settings(), PushedClock(), KeyVault(key), {})


async def cells(world: World) -> str:
    """All that the database holds, as text; what is sealed stays as it is."""

    def read(stores: Any) -> str:
        found = []
        for table in METADATA.sorted_tables:
            found += [
                table.name + str([value.decode("latin-1") if isinstance(value, bytes) else value for value in row])
                for row in stores.db.all(table.select())
            ]
        return "\n".join(found)

    return str(await within(world, read))


async def test_no_canary_is_left_anywhere_and_every_text_can_be_opened_again(make_world: Callable[..., World], capfd: Any) -> None:
    async with make_world(secret_key=KEY) as world:
        hook = await world.call("POST", "/v1/webhooks", {"url": world.receiver.url, "events": ["*"]}, status=201)
        world.receiver.secrets.append(hook["secret"])
        profile = await world.call("GET", "/v1/merchants/lumiere")
        put = {key: value for key, value in profile.items() if key not in ("id", "enabled", "enabled_at")} | {"buyer_mail": True}
        put["legal_representative"] = {"name": "Wang Wei", "phone": "+8613800138000"}
        await world.call("PUT", "/v1/merchants/lumiere", put)
        written = f"Wilhelmina Canary here, call {PHONE} or write to {MAIL}; I paid with {CARD}"
        number = await world.ticket("Call me", message=written, buyer=BUYER, custom_fields={"contact": f"tel {PHONE}", "size": 4})
        shown = await world.shown(number)
        assert "139****5678" in shown["message"]
        assert "c***@buyer.example" in shown["message"]
        assert "****6467" in shown["message"]
        assert shown["custom_fields"] == {"contact": "tel 139****5678", "size": 4}

        said = {"from": "buyer", "text": f"my other number is {PHONE}"}
        await world.call("POST", f"/v1/tickets/{number}/messages", said, status=201)
        await world.call("PATCH", f"/v1/tickets/{number}", {"custom_fields": {"late": f"mail {MAIL}"}})
        await world.says(f"note {number} called {PHONE}, no answer")
        await world.says(f"escalate {number} buyer {PHONE} is angry")
        await world.says(f"reply {number} We called you at {PHONE}.")
        await world.pass_time(seconds=11)
        await world.says(f"new shop:lights-sg Please ring {PHONE}")
        await world.settle()

        [mail] = [each for each in world.smtp.mails if MAIL in each.to]
        assert f"We called you at {PHONE}." in mail.part("plain"), "the buyer gets what was written"
        told = json.dumps([each.seen for each in world.slack.channel(CHANNEL)], ensure_ascii=False)
        told += json.dumps([str(each) for each in world.receiver.events], ensure_ascii=False)
        told += await cells(world)
        told += json.dumps(await world.call("GET", f"/v1/tickets/{number}/timeline"), ensure_ascii=False)
        told += "".join(capfd.readouterr())
        assert [line for line in told.splitlines() if any(each in line for each in CANARIES)] == []

        def opened(stores: Any) -> dict[str, str | None]:
            return {place: originals.original(stores, home(KEY), "lumiere", place) for place in stores.personal.places("lumiere", number)}

        found = await within(world, opened)
        assert found[f"T-{number}/message"] == written
        assert found[f"T-{number}/field/contact"] == f"tel {PHONE}"
        assert found[f"T-{number}/field/late"] == f"mail {MAIL}"
        assert sorted(text for place, text in found.items() if place.startswith("msg_") and text) == sorted(
            [said["text"], f"called {PHONE}, no answer", f"We called you at {PHONE}."]
        )

        def spoken_of(stores: Any) -> list[list[str]]:
            asked = (("email", MAIL.upper()), ("phone", "0127384410"), ("phone", "+86 139 1234 5678"), ("phone", "13900000000"))
            return [list(stores.personal.about("lumiere", originals.token(home(KEY), "lumiere", *each), 10)) for each in asked]

        assert await within(world, spoken_of) == [[f"T-{number}"], [f"T-{number}"], [f"T-{number}", f"T-{number + 1}"], []]


@pytest.mark.parametrize("off", [True, False])
async def test_where_gdpr_mode_is_off_a_full_number_is_refused_and_nothing_is_stored(make_world: Callable[..., World], off: bool) -> None:
    async with make_world() as world:
        profile = await world.call("GET", "/v1/merchants/lumiere")
        put = {key: value for key, value in profile.items() if key not in ("id", "enabled", "enabled_at")}
        put["legal_representative"] = {"name": "Wang Wei", "phone": "+8613800138000"}
        await world.call("PUT", "/v1/merchants/lumiere", {**put, "privacy": {"gdpr_mode": not off}})
        plain = await world.ticket()
        tries: list[tuple[str, dict[str, Any], str]] = [
            ("/v1/tickets", {"subject": f"call {PHONE}", "message": "please"}, "subject"),
            ("/v1/tickets", {"subject": "late", "message": f"call {PHONE}"}, "message"),
            ("/v1/tickets", {"subject": "late", "message": "please", "buyer": {"phone": NUMBER}}, "buyer.phone"),
            ("/v1/tickets", {"subject": "late", "message": "please", "custom_fields": {"tel": PHONE}}, "custom_fields.tel"),
            (f"/v1/tickets/{plain}/messages", {"from": "buyer", "text": f"call {PHONE}"}, "text"),
        ]
        for path, body, field in tries:
            given = {"shop_id": "lights-sg", **body} if path == "/v1/tickets" else body
            answer = await world.call("POST", path, given, status=422 if off else 201)
            if off:
                assert answer["code"] == "pii_requires_gdpr_mode"
                assert answer["errors"][0]["loc"] == ["body", *field.split(".")], "what to mend is named"
        notes = [await world.says(f"{verb} {plain} ring {PHONE}") for verb in ("note", "reply")]
        notes.append(await world.says(f"new shop:lights-sg ring {PHONE}"))
        assert [("GDPR mode is off" in each) for each in notes] == [off] * 3
        items = (await world.call("GET", "/v1/tickets"))["items"]
        assert len(items) == (1 if off else 6)


async def test_the_secret_key_is_changed_while_it_runs_and_what_was_sealed_opens(sqlite_url: str) -> None:
    old, new = "an old secret key of ours", "a new secret key of ours"
    async with World(sqlite_url, secret_key=old) as world:
        number = await world.ticket(message=f"call {PHONE}")
        before = await within(world, lambda stores: dict(stores.personal.keys("lumiere")))
    async with World(sqlite_url, populated=False, secret_key=f"{new},{old}") as world:
        after = await within(world, lambda stores: dict(stores.personal.keys("lumiere")))
        assert after.keys() == before.keys()
        assert after != before, "wrapped anew"
        place = f"T-{number}/message"
        assert await within(world, lambda stores: originals.original(stores, home(f"{new},{old}"), "lumiere", place)) == f"call {PHONE}"
        forgotten = await within(world, lambda stores: stores.personal.forget("lumiere", number))
        assert forgotten == 1
        assert await within(world, lambda stores: originals.original(stores, home(f"{new},{old}"), "lumiere", place)) is None
