"""Tier 3: the report is made, its link reaches the legal representative by text message and everybody else by their own channel."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from tests.fakes.sms import FakeSms
from tests.world import MERCHANT, World


@pytest.fixture
async def sms() -> AsyncIterator[FakeSms]:
    service = FakeSms()
    await service.start()
    yield service
    await service.stop()


async def test_the_legal_representative_gets_a_link_that_opens_the_report_for_a_week(database_url: str, sms: FakeSms) -> None:
    async with World(database_url, sms_url=sms.apprise_url) as world:
        number = await world.ticket("退款三周未到账", message="我要投诉 <script>，ภาษาไทย 😀" * 20, order_no="SP-1")
        early = await world.call("GET", f"/v1/tickets/{number}/anomaly-report", status=409)
        assert early["code"] == "no_report_yet"
        assert "closure target" in await world.says(f"report {number}")
        await world.pass_time(hours=71)
        assert sms.taken == []  # tiers 1 and 2 are nothing for a text message
        await world.pass_time(hours=2)
        (said,) = sms.taken
        assert said["to"] == "+8613800138000"
        assert f"T-{number} of lights-sg missed its closure target" in said["message"]
        (link,) = re.findall(r"http://127.0.0.1:8080(/reports/\S+)", said["message"])
        async with world.api.get(link) as answer:
            body = await answer.read()
            assert answer.headers["Cache-Control"] == "no-store"
        assert (answer.status, answer.content_type, body[:5]) == (200, "application/pdf", b"%PDF-")
        assert len(body) < 300_000
        async with world.api.get(link.replace(f"T-{number}", f"T-{number + 1}")) as answer:
            assert answer.status == 410, "a link opens its own ticket's report under its own name"
        async with world.api.get(f"/v1/tickets/{number}/anomaly-report", headers=world.admin) as answer:
            assert (await answer.read())[:5] == b"%PDF-"
        rows = (await world.call("GET", "/v1/deliveries?limit=200"))["items"]
        (row,) = [each for each in rows if each["channel"] == "sms"]
        assert (row["target"], row["state"]) == ("legal_representative:lumiere", "sent")
        assert "13800138000" not in str(rows)
        assert any("/reports/" in text for mail in world.smtp.mails for text in [mail.part("html")] if f"T-{number}" in text)
        await world.pass_time(days=8)
        async with world.api.get(link) as answer:
            assert (answer.status, "链接已失效" in await answer.text()) == (410, True)


@pytest.mark.parametrize("key", ["", "x", "A" * 100, "A" * 5000, "%00", "é"])
async def test_a_key_that_we_did_not_seal_opens_nothing(sqlite_url: str, key: str) -> None:
    async with World(sqlite_url) as world:
        number = await world.ticket()
        await world.pass_time(hours=73)
        async with world.api.get(f"/reports/T-{number}.pdf", params={"key": key}) as answer:
            assert (answer.status, answer.content_type) == (410, "text/html")
        async with world.api.get(f"/reports/T-{number}.pdf") as answer:
            assert answer.status == 410


async def test_a_phone_that_is_none_is_said_so_and_everybody_else_is_told(sqlite_url: str, sms: FakeSms) -> None:
    async with World(sqlite_url, sms_url=sms.apprise_url) as world:
        await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "legal_representative": {"name": "Li Lei", "phone": "13800"}})
        await world.ticket()
        await world.pass_time(hours=73)
        rows = (await world.call("GET", "/v1/deliveries?limit=200"))["items"]
        (row,) = [each for each in rows if each["channel"] == "sms"]
        assert row["state"] == "dead"
        assert "country code" in row["last_error"]
        assert "did not reach Lumière Lights's legal representative" in world.slack.dms("U0ADA")[-1].text
        assert [each for each in rows if each["kind"] == "tier3" and each["channel"] == "slack" and each["state"] == "sent"]


async def test_without_a_number_to_text_the_timeline_says_so_administrators_hear_and_everybody_else_is_told(
    database_url: str, sms: FakeSms
) -> None:
    async with World(database_url, sms_url=sms.apprise_url) as world:
        await world.call("PUT", "/v1/merchants/lumiere", {**MERCHANT, "legal_representative": {"name": "Li Lei"}})
        number = await world.ticket()
        await world.pass_time(hours=100)
        assert sms.taken == []
        timeline = (await world.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]
        (said,) = [each for each in timeline if each["type"] == "sms.not_sent"]
        assert said["detail"] == {"because": "no_phone"}
        rows = (await world.call("GET", "/v1/deliveries?limit=200"))["items"]
        (told,) = [each for each in rows if each["kind"] == "admins"]
        assert (told["channel"], told["state"]) == ("slack", "sent")
        assert f"T-{number}" in world.slack.dms("U0ADA")[-1].text
        assert {each["channel"] for each in rows if each["kind"] == "tier3" and each["state"] == "sent"} == {"slack", "email"}


async def test_the_representatives_number_is_shown_by_its_end_and_its_mask_given_back_keeps_it(database_url: str, sms: FakeSms) -> None:
    async with World(database_url, sms_url=sms.apprise_url) as world:
        shown = await world.call("GET", "/v1/merchants/lumiere")
        assert shown["legal_representative"] == {"name": "Li Lei", "phone": "****8000"}
        assert "13800138000" not in str(await world.call("GET", "/v1/merchants"))
        asked = {name: shown[name] for name in MERCHANT}
        again = await world.call("PUT", "/v1/merchants/lumiere", {**asked, "locale": "zh"})
        assert again["legal_representative"] == shown["legal_representative"]
        wrong = {**asked, "legal_representative": {"name": "Li Lei", "phone": "****1111"}}
        refused = await world.call("PUT", "/v1/merchants/lumiere", wrong, status=422)
        assert refused["errors"][0]["loc"] == ["body", "legal_representative", "phone"]
        await world.ticket()
        await world.pass_time(hours=73)
        assert [said["to"] for said in sms.taken] == ["+8613800138000"]
        kept = await world.bot.storage.read(lambda stores: stores.merchants.get("lumiere"))
        assert kept is not None
        assert "138001" not in str(kept.profile)
