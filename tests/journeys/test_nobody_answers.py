"""When nobody does anything: three tiers at their moments, each once, and what reaches whom."""

from __future__ import annotations

from datetime import timedelta

from tests.world import CHANNEL, World, at


async def test_an_unclaimed_ticket_rings_three_times_at_its_moments_and_reaches_people(world: World) -> None:
    number = await world.ticket()
    created = world.clock.now()
    await world.pass_time(hours=1, minutes=59)
    assert len(world.slack.channel(CHANNEL)) == 1
    assert not world.smtp.mails

    await world.pass_time(minutes=1)
    assert "No response yet" in world.slack.channel(CHANNEL)[-1].seen
    assert "Claim" in world.slack.channel(CHANNEL)[-1].labels
    assert [mail.to for mail in world.smtp.mails] == [("ops@lumiere.example",)]
    assert not world.slack.dms("U0SARA")

    await world.pass_time(hours=22)
    assert "Escalated" in world.slack.dms("U0SARA")[-1].seen
    assert "已升级" in world.slack.dms("U0WANG")[-1].seen
    assert {mail.to[0] for mail in world.smtp.mails[1:]} == {"ops@lumiere.example", "sara@operator.example"}

    await world.pass_time(hours=48)
    frozen = await world.call("GET", "/v1/shops/lights-sg/refund-permission")
    assert frozen["allowed"] is False
    assert (frozen["reason"], frozen["ticket"]) == ("sla_tier3", f"T-{number}")
    assert "Refunds frozen" in world.slack.dms("U0SARA")[-1].seen
    assert len(world.slack.channel(CHANNEL)) == 4, "an alert, then a fresh post for each tier"

    fired = {each["type"]: at(each["at"]) - created for each in await _timeline(world, number) if each["type"].startswith("sla.")}
    assert fired == {"sla.tier1": timedelta(hours=2), "sla.tier2": timedelta(hours=24), "sla.tier3": timedelta(hours=72)}

    await world.pass_time(days=30)
    assert len(world.slack.channel(CHANNEL)) == 4, "each tier once"
    assert len(world.slack.dms("U0SARA")) == 2


async def test_a_frozen_shop_may_refund_again_at_its_merchants_midnight(world: World) -> None:
    await world.ticket()
    await world.pass_time(hours=72)  # 09:00 in Shanghai
    until = at((await world.call("GET", "/v1/shops/lights-sg/refund-permission"))["frozen_until"])
    assert until - world.clock.now() == timedelta(hours=15)
    assert (await world.call("GET", "/v1/shops/lights-my/refund-permission"))["allowed"] is True
    await world.pass_time(hours=15)
    assert (await world.call("GET", "/v1/shops/lights-sg/refund-permission")) == {"allowed": True}


async def test_a_lead_asks_for_an_unfreeze_and_a_senior_manager_lifts_it(world: World) -> None:
    await world.ticket()
    await world.pass_time(hours=72)
    assert "have been asked" in await world.says("unfreeze shop:lights-sg settled with the buyer", by="chen")
    assert "settled with the buyer" in world.slack.dms("U0SARA")[-1].seen
    assert "lights-sg" in await world.says("freezes", by="chen")
    assert "may refund again" in await world.says("unfreeze shop:lights-sg agreed", by="sara")
    assert (await world.call("GET", "/v1/shops/lights-sg/refund-permission"))["allowed"] is True
    assert "Nothing is frozen" in await world.says("freezes", by="chen")
    assert "Only a lead" in await world.says("unfreeze shop:lights-sg please", by="mei")


async def test_a_claim_in_time_spares_tier_1_and_a_manager_may_take_over_after_tier_2(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.pass_time(hours=3)
    assert (await world.shown(number))["tier"] == 0
    assert "Mei Lin has" in await world.says(f"claim {number}", by="sara")
    await world.pass_time(hours=21)
    assert (await world.shown(number))["assignee"] == "mei", "the assignee keeps it until a manager takes it"
    assert "yours now; Mei Lin had it" in await world.says(f"claim {number}", by="sara")


async def test_where_only_a_reply_counts_a_claim_does_not_stop_tier_1(make_world) -> None:
    async with make_world(first_response_by="reply") as world:
        number = await world.ticket()
        await world.says(f"claim {number}")
        await world.pass_time(hours=2)
        assert (await world.shown(number))["tier"] == 1


async def test_an_escalated_ticket_may_be_taken_over_by_a_manager_and_by_no_colleague(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    assert "Mei Lin" in await world.says(f"claim {number}", by="sara"), "a manager takes nothing over before it is escalated"
    await world.pass_time(hours=24)
    assert "Mei Lin" in await world.says(f"认领 {number}", by="bo")
    assert (await world.shown(number))["assignee"] == "mei"
    await world.says(f"claim {number}", by="sara")
    assert (await world.shown(number))["assignee"] == "sara"


async def test_a_freeze_that_would_be_over_by_the_time_we_are_back_is_kept_on_record_and_stops_nobody(world: World) -> None:
    number = await world.ticket()  # at 09:00 of the merchant's Monday: closure is due on Thursday, 09:00
    await world.pass_time(hours=70)
    await world.stop_bot()
    world.clock.push(timedelta(hours=18))
    await world.start_bot()
    await world.settle()
    assert (await world.shown(number))["tier"] == 3
    assert await world.call("GET", "/v1/shops/lights-sg/refund-permission") == {"allowed": True}
    assert [each["frozen_until"] for each in (await world.call("GET", "/v1/freezes"))["items"]] == ["2026-11-26T16:00:00.000Z"]
    assert not (await world.call("GET", "/v1/freezes?state=active"))["items"]
    assert "it is kept on record" in world.slack.channel(CHANNEL)[-1].seen


async def test_escalating_by_hand_tells_managers_now_leaves_tier_1_running_and_tier_2_silent(world: World) -> None:
    number = await world.ticket()
    assert "is escalated" in await world.says(f"escalate {number} threatens a chargeback")
    assert "threatens a chargeback" in world.slack.dms("U0SARA")[-1].seen
    await world.pass_time(hours=2)
    assert "No response yet" in world.slack.channel(CHANNEL)[-1].seen
    heard = len(world.slack.dms("U0SARA"))
    await world.pass_time(hours=30)
    assert len(world.slack.dms("U0SARA")) == heard
    assert (await world.shown(number))["sla"]["resolution"]["breached_at"] is not None


async def test_a_reopened_ticket_gets_fresh_tiers_2_and_3_and_no_instant_breach(world: World) -> None:
    number = await world.ticket()
    await world.says(f"claim {number}")
    await world.says(f"close {number}")
    await world.pass_time(hours=200)
    assert "open again" in await world.says(f"reopen {number} the buyer wrote again", by="chen")
    await world.pass_time(hours=23)
    assert (await world.shown(number))["tier"] == 0
    await world.pass_time(hours=1)
    assert (await world.shown(number))["tier"] == 2


async def test_warnings_reach_the_assignee_in_person_unless_snoozed_or_away(make_world) -> None:
    async with make_world(sla_warn="0.5,0.8") as world:
        number = await world.ticket()
        await world.pass_time(hours=1)
        assert "50%" in world.slack.channel(CHANNEL)[-1].seen, "the team while unclaimed"
        await world.says(f"claim {number}")
        await world.pass_time(hours=11)
        assert "50%" in world.slack.dms("U0MEI")[-1].seen
        await world.says(f"snooze {number} 10h")
        await world.pass_time(hours=8)
        assert "80%" not in world.slack.dms("U0MEI")[-1].seen, "silenced for her"
        await world.pass_time(hours=2)
        assert "snooze is over" in world.slack.dms("U0MEI")[-1].seen
        assert (await world.shown(number))["sla"]["resolution"]["breached_at"] is None
        await world.says("away 20h")
        await world.pass_time(hours=14)
        assert "50%" in world.slack.channel(CHANNEL)[-1].seen, "away: the team hears it"


async def test_after_an_outage_each_ticket_gets_one_notice_at_its_present_tier_marked_late(world: World) -> None:
    number = await world.ticket()
    await world.stop_bot()
    world.clock.push(timedelta(hours=30))
    await world.start_bot()
    await world.settle()
    posted = world.slack.channel(CHANNEL)[1:]
    assert len(posted) == 1
    assert "Escalated" in posted[0].seen
    assert "(late)" in posted[0].seen
    sla = (await world.shown(number))["sla"]
    assert sla["first_response"]["breached_at"] is not None


async def test_why_says_how_each_clock_got_where_it_is(world: World) -> None:
    number = await world.ticket()
    await world.pass_time(hours=3)
    await world.says(f"claim {number}")
    said = await world.says(f"why {number}")
    assert "Tier 1 (first response, 2 h): met late" in said
    assert "Tier 2 (resolution, 24 h): running; 3 h have counted" in said
    told = await world.call("GET", f"/v1/tickets/{number}/why")
    assert [clock["outcome"] for clock in told["clocks"]] == ["met_late", "running", "running"]
    assert "全天候计时" in await world.says(f"计时 {number}", by="bo")


async def test_more_alerts_than_an_address_takes_become_a_digest_that_names_every_ticket(world: World) -> None:
    world.slack.limited = True
    for count in range(40):
        await world.call("POST", "/v1/tickets", {"shop_id": "lights-sg", "subject": f"Storm {count}", "message": "…"}, status=201)
    await world.pass_time(minutes=2)
    seen = "\n".join(message.seen for message in world.slack.channel(CHANNEL))
    tickets = (await world.call("GET", "/v1/tickets?limit=200"))["items"]
    assert len(tickets) == 40
    assert all(f"T-{ticket['number']}" in seen for ticket in tickets)
    assert len(world.slack.channel(CHANNEL)) < 12


async def _timeline(world: World, number: int) -> list[dict[str, str]]:
    found: list[dict[str, str]] = (await world.call("GET", f"/v1/tickets/{number}/timeline?limit=200"))["items"]
    return found
