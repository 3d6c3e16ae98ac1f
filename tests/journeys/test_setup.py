"""`setup` in chat: what a merchant lacks, who is told, its privacy, and how fast its tickets are worked."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from tests.journeys.test_policies import clock
from tests.world import CHANNEL, MERCHANT, World


async def test_a_lead_sees_what_is_there_and_what_is_missing_in_plain_words(world: World) -> None:
    told = await world.says("setup", by="chen")
    assert "Setup of Lumière Lights" in told
    assert "enabled and takes tickets" in told
    assert "⬜" not in told
    assert "ops@lumiere.example" in told
    assert "GDPR mode is on" in told
    assert "first response 2 h, resolution 24 h, closure 72 h" in told
    assert "Every hour of every day counts" in told

    lacking = {**MERCHANT, "onboarding": {"kyc": {"business_licence": True}}, "notify": {"wecom_bot_chat_id": "wr-1"}}
    await world.call("PUT", "/v1/merchants/lumiere", {**lacking, "privacy": {"gdpr_mode": False}})
    told = await world.says("设置", by="chen")
    assert "⬜ Identity checked (KYC): identity card of the legal representative, bank account permit" in told
    assert "⬜ At least one settlement account" in told
    assert "wr-1 (this channel is not connected" in told
    assert "add a group robot or e-mail" in told
    assert "GDPR mode is off" in told


async def test_a_lead_chooses_shorter_targets_and_takes_them_back(world: World) -> None:
    number = await world.ticket()
    await world.says("setup sla", by="chen")
    shown = world.slack.ephemerals("U0CHEN")[-1]
    assert shown.labels == ["1 h · 12 h · 48 h", "30 min · 8 h · 24 h", "15 min · 4 h · 24 h"]
    await world.slack.press(shown, "1 h · 12 h · 48 h", user="U0CHEN")
    await world.settle()
    assert await clock(world, number) == timedelta(hours=12)
    assert "first response 1 h, resolution 12 h, closure 48 h" in await world.says("setup", by="chen")
    await world.says("设置 时限 30m 8h 24h", by="chen")
    assert await clock(world, number, "closure") == timedelta(hours=24)
    assert [each["id"] for each in (await world.call("GET", "/v1/policies"))["items"]] == ["lumiere-setup"], "its own, changed"
    assert "may only shorten" in await world.says("setup sla 3h 24h 72h", by="chen")
    assert "Each target must be longer" in await world.says("setup sla 2h 1h 72h", by="chen")
    assert "no duration" in await world.says("setup sla soon 12h 48h", by="chen")
    assert "three lengths" in await world.says("setup sla 1h", by="chen")
    assert "operator's hold" in await world.says("setup sla reset", by="chen")
    assert await clock(world, number) == timedelta(hours=24)


async def test_an_admin_of_the_operator_says_whose_and_may_lengthen(world: World) -> None:
    number = await world.ticket()
    assert "Which merchant" in await world.says("setup", by="ada")
    assert "Setup of Other" in await world.says("setup merchant:other", by="ada")
    assert "There is no merchant" in await world.says("setup merchant:nobody", by="ada")
    await world.says("setup sla 4h 48h 96h merchant:lumiere", by="ada")
    assert await clock(world, number) == timedelta(hours=48)
    assert "There is no merchant" in await world.says("setup merchant:other", by="chen")


async def test_it_is_a_leads_and_an_admins(world: World) -> None:
    for who in ("mei", "sara"):
        assert "Only a lead does that" in await world.says("setup", by=who)
        assert "Only a lead does that" in await world.says("setup sla 1h 12h 48h", by=who)
    assert not (await world.call("GET", "/v1/policies"))["items"]


async def test_a_lead_changes_who_is_told_in_a_form_and_takes_it_back(world: World) -> None:
    await world.says("setup", by="chen")
    card = world.slack.ephemerals("U0CHEN")[-1]
    view = await world.slack.press_for_view(card, "Edit…", user="U0CHEN")
    assert view is not None
    given = {name: str(each["element"].get("initial_value", "")) for name, each in view.inputs.items()} | {"locale": "en"}
    assert (given["emails"], given["slack_channel"], given["resolution"]) == ("ops@lumiere.example", CHANNEL, "24h")
    for name, value, said in (
        ("emails", "ops", "no e-mail address"), ("timezone", "Mars/Base", "no time zone"), ("resolution", "30h", "may only shorten"),
        ("closure", "soon", "no duration"), ("slack_channel", "#general", "no Slack channel's ID"),
    ):  # fmt: skip
        left = await world.slack.submit("U0CHEN", {**given, name: value})
        assert left is not None
        assert said in left.errors[name]
    sent = {**given, "emails": "a@lumiere.example， b@lumiere.example", "timezone": "asia/singapore", "first_response": "1h"}
    await world.slack.submit("U0CHEN", sent)
    await world.settle()
    merchant = await world.call("GET", "/v1/merchants/lumiere")
    assert merchant["notify"]["emails"] == ["a@lumiere.example", "b@lumiere.example"]
    assert (merchant["timezone"], merchant["locale"], merchant["enabled_at"] is not None) == ("Asia/Singapore", "en", True)
    assert merchant["legal_representative"]["name"] == "Li Lei"
    assert "first response 1 h, resolution 24 h" in await world.says("setup", by="chen")
    await world.says("setup emails a@lumiere.example", by="chen")
    told = world.slack.ephemerals("U0CHEN")[-1]
    assert "a@lumiere.example, b@lumiere.example → a@lumiere.example" in told.seen
    await world.slack.press(told, "Undo: E-mail", user="U0CHEN")
    await world.settle()
    assert len((await world.call("GET", "/v1/merchants/lumiere"))["notify"]["emails"]) == 2


async def test_what_can_be_changed_is_also_typed_in_both_languages(world: World) -> None:
    how = await world.says("设置 修改", by="chen")
    assert "setup timezone Asia/Shanghai" in how
    for words, said in (
        ("setup emails", "setup emails ops@example.com"), ("setup channel general", "no Slack channel's ID"),
        ("setup language fr", "neither zh nor en"), ("setup channel C0OTHER", "another merchant is told"),
        ("设置 语言 zh", "en → zh"), ("设置 频道 C0NEW", "→ C0NEW"),
        ("setup emails -", "ops@lumiere.example → none"), ("setup channel -", "needs somewhere to send alerts"),
        ("setup timezone Asia/Shanghai", "it was so already"), ("setup timezone UTC merchant:other", "There is no merchant"),
    ):  # fmt: skip
        assert said in await world.says(words, by="chen"), words
    assert "Asia/Shanghai → UTC" in await world.says("setup timezone UTC merchant:other", by="ada")
    assert "Only a lead does that" in await world.says("setup emails x@y.example", by="mei")
    notify = (await world.call("GET", "/v1/merchants/lumiere"))["notify"]
    assert notify["slack_channel"] == "C0NEW"
    assert not notify.get("emails")


async def test_two_who_have_the_form_open_do_not_take_each_others_changes_back(world: World) -> None:
    await world.says("setup", by="chen")
    view = await world.slack.press_for_view(world.slack.ephemerals("U0CHEN")[-1], "Edit…", user="U0CHEN")
    assert view is not None
    given = {name: str(each["element"].get("initial_value", "")) for name, each in view.inputs.items()} | {"locale": "en"}
    await world.says("setup emails ops@lumiere.example, night@lumiere.example merchant:lumiere", by="ada")
    await world.says("setup sla 1h 24h 72h", by="chen")
    await world.slack.submit("U0CHEN", {**given, "timezone": "UTC", "closure": "48h"})
    await world.settle()
    merchant = await world.call("GET", "/v1/merchants/lumiere")
    assert merchant["timezone"] == "UTC"
    assert merchant["notify"]["emails"] == ["ops@lumiere.example", "night@lumiere.example"]
    assert "first response 1 h, resolution 24 h, closure 48 h" in await world.says("setup", by="chen")


async def test_parts_that_are_saved_at_the_same_moment_all_stay(world: World) -> None:
    for zone, locale, channel in (("UTC", "zh", "C0ONE"), ("Asia/Tokyo", "en", "C0TWO"), ("Asia/Seoul", "zh", "C0THREE")):
        await asyncio.gather(
            world.slack.command(f"setup timezone {zone}", user="U0CHEN"),
            world.slack.command(f"setup channel {channel}", user="U0CHEN"),
            world.slack.command(f"setup language {locale} merchant:lumiere", user="U0ADA"),
        )
        merchant = await world.call("GET", "/v1/merchants/lumiere")
        assert (merchant["timezone"], merchant["locale"], merchant["notify"]["slack_channel"]) == (zone, locale, channel)
