"""One ticket in WeCom and in Slack: what happens in one is seen in the other, and a card lives as long as its ticket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from bot.messages import PutAccount
from tests.fakes.wecom_people import WecomMessage
from tests.fakes.wecom_sealing import Sealer
from tests.journeys.claiming import claims_at_once
from tests.world import CHANNEL, World


@pytest.fixture
async def world(make_world: Callable[..., World]) -> AsyncIterator[World]:
    async with make_world(wecom=True) as made:
        yield made


def card(world: World, by: str, place: int = -1) -> WecomMessage:
    """A ticket's card; what the app answered has other task ids."""
    return [each for each in world.wecom.chat(by) if each.task_id.startswith("T-")][place]


async def late_ticket(world: World) -> int:
    number = await world.ticket()
    await world.pass_time(hours=2)
    return number


async def test_a_missed_first_response_reaches_every_agent_of_the_merchant_with_buttons(world: World) -> None:
    number = await late_ticket(world)
    for by in ("mei", "bo", "chen"):
        (message,) = world.wecom.chat(by)
        assert f"T-{number}" in message.seen
    assert card(world, "mei").labels[0] == "Claim"
    assert "认领" in card(world, "bo").labels
    for by in ("eve", "sara", "ada"):
        assert not world.wecom.chat(by), "another merchant's, and the operator's, hear nothing of tier 1"
    assert not world.wecom.refused


async def test_a_claim_in_slack_changes_the_card_of_everyone_who_got_it(world: World) -> None:
    number = await late_ticket(world)
    await world.says(f"claim {number}", by="chen")
    assert card(world, "mei").grey == "Claimed by Chen Wei"
    assert card(world, "bo").grey == "已由 Chen Wei 认领"
    assert "Resolve" in card(world, "chen").labels
    assert [len(world.wecom.chat(by)) for by in ("mei", "bo", "chen")] == [1, 1, 1], "changed, not said anew"


async def test_a_claim_in_wecom_changes_slacks_card_and_the_other_agents(world: World) -> None:
    number = await late_ticket(world)
    assert "is yours" in await world.clicks("Claim", by="mei")
    assert (await world.shown(number))["assignee"] == "mei"
    assert "Mei Lin" in world.slack.channel(CHANNEL)[0].seen
    assert card(world, "bo").grey == "已由 Mei Lin 认领"
    assert "Resolve" in card(world, "mei").labels
    await world.clicks("Resolve", by="mei")
    asked = world.wecom.chat("mei")[-1]
    await world.wecom.click("mei", asked.labels[0], asked, text="Refunded")
    await world.settle()
    assert "Close" in card(world, "mei").labels, "each press brings what the next change needs"
    await world.clicks("Close", by="mei")
    assert card(world, "mei").grey == "closed"
    await world.pass_time(seconds=2)  # Slack takes an edit a second
    assert "closed" in world.slack.channel(CHANNEL)[0].seen


async def test_of_two_who_claim_at_once_in_two_chats_one_wins_and_the_other_is_told(world: World) -> None:
    """25 rounds here; `python -m tests.bench both` has the figure's 500."""
    assert await claims_at_once(world, 25) == []


async def test_what_a_button_must_ask_is_chosen_on_a_card_or_typed(world: World) -> None:
    number = await late_ticket(world)
    await world.clicks("Assign", by="chen")
    asked = world.wecom.chat("chen")[-1]
    assert [each["text"] for each in asked.card["select_list"][0]["option_list"]] == ["Bo Zhang", "Chen Wei", "Mei Lin"]
    await world.wecom.click("chen", "Assign", asked, to="bo")
    assert (await world.shown(number))["assignee"] == "bo"
    assert f"T-{number}" in world.wecom.chat("chen")[-1].seen
    assert f"备注 {number}" in await world.clicks("备注", by="bo")


async def test_a_stale_card_heals_when_it_is_pressed(world: World) -> None:
    number = await late_ticket(world)
    await world.says(f"claim {number}", by="mei")
    world.wecom.codes.clear()  # whatever codes there were are gone
    before = len(world.wecom.chat("mei"))
    await world.says(f"priority {number} high", by="mei")
    assert len(world.wecom.chat("mei")) == before, "nothing that matters changed: nobody is rung for it"
    assert "Priority" in card(world, "mei").seen
    await world.clicks("Why", by="mei")
    assert "high" in card(world, "mei", 0).seen


async def test_a_card_that_cannot_be_changed_any_more_is_followed_by_a_fresh_one(world: World) -> None:
    number = await late_ticket(world)
    await world.says(f"claim {number}", by="chen")  # this took the codes of the sends
    assert card(world, "mei").grey
    await world.says(f"release {number}", by="chen")
    assert len(world.wecom.chat("mei")) == 2, "it can be claimed again: that is worth a message"
    assert "Claim" in card(world, "mei").labels
    tasks = [each.task_id for each in world.wecom.chat("mei")]
    assert len(set(tasks)) == 2
    assert all(f"T-{number}@" in task for task in tasks)
    await world.says(f"close {number}", by="chen")
    assert card(world, "mei").grey == "closed"
    assert len(world.wecom.chat("mei")) == 2


async def test_a_card_is_followed_before_its_code_dies_and_says_so(world: World) -> None:
    await world.ticket()
    await world.pass_time(hours=2)
    await world.pass_time(hours=70, minutes=59)
    assert len(world.wecom.chat("mei")) == 1
    await world.pass_time(minutes=2)
    old, new = (each for each in world.wecom.chat("mei") if each.card)
    assert (old.grey, new.labels[0]) == ("See the newer card", "Claim")
    await world.pass_time(hours=10)
    await world.clicks("认领", by="bo")
    assert card(world, "mei").grey == "Claimed by Bo Zhang"


async def test_a_manager_with_a_newer_card_is_pointed_to_it_and_not_rung_again(world: World) -> None:
    await world.ticket()
    await world.pass_time(hours=73)  # tier 2 at 24 h, tier 3 at 72 h
    assert len(world.wecom.chat("sara")) == 2
    await world.pass_time(hours=23)  # 71 h after tier 2
    older, newer = (each for each in world.wecom.chat("sara"))
    assert older.grey == "See the newer card"
    assert newer.labels
    assert len(world.wecom.chat("sara")) == 2


async def test_a_lost_answer_is_no_second_card(world: World) -> None:
    await world.ticket()
    for _ in range(3):
        world.wecom.lose_reply_next("message/send")
    await world.pass_time(hours=2, minutes=10)
    assert [len(world.wecom.chat(by)) for by in ("mei", "bo", "chen")] == [1, 1, 1]
    assert len(world.wecom.swallowed) == 3
    number = int((await world.call("GET", "/v1/tickets"))["items"][0]["number"])
    await world.says(f"claim {number}", by="chen")
    shown = [card(world, by) for by in ("mei", "bo")]
    assert all(each.grey or each.labels for each in shown), "a code that was lost with its answer comes back with the next press"


async def test_a_merchants_own_app_reaches_its_people_and_speaks_for_nobody_else(world: World) -> None:
    secrets = {"secret": "own-secret-of-lumiere-000000000000000000000", "token": "tok-lumiere", "aes_key": "x" * 42 + "A"}
    doc = {"corp_id": "wwlumiere", "agent_id": 1000009}
    await world.desk.configure(PutAccount("wecom", "lumiere-app", doc, secrets, merchant_id="lumiere"))
    app = world.wecom.add_app("wwlumiere", 1000009, secrets["secret"])
    world.connects(app, "/wecom/callback/lumiere-app", Sealer(secrets["token"], secrets["aes_key"], "wwlumiere"))
    number = await late_ticket(world)
    assert {message.app.agent_id for message in world.wecom.chat("mei") if message.app} == {1000009}
    await world.clicks("Claim", by="mei")
    assert (await world.shown(number))["assignee"] == "mei"
    await world.wecom.types("sara", f"close {number}", app)
    await world.settle()
    assert (await world.shown(number))["state"] == "open", "a merchant's app may say whatever it likes of a senior manager"


async def test_a_userid_that_wecom_does_not_reach_is_an_escalation_of_its_own(world: World) -> None:
    world.wecom.unlicensed.add("bo")
    number = await late_ticket(world)
    rows = (await world.call("GET", "/v1/deliveries?state=dead"))["items"]
    assert [(each["ticket"], each["last_error"]) for each in rows] == [(f"T-{number}", "this person has no WeCom licence")]


async def test_agents_who_are_away_are_not_rung(world: World) -> None:
    await world.says("away 20h", by="mei")
    await late_ticket(world)
    assert not world.wecom.chat("mei")
    assert world.wecom.chat("bo")


async def test_a_card_says_nobody_answered_only_until_somebody_does(world: World) -> None:
    number = await late_ticket(world)
    assert "Nobody has answered" in card(world, "chen").seen
    await world.says(f"claim {number}", by="chen")
    await world.pass_time(seconds=2)
    for seen in (card(world, "chen").seen, card(world, "mei").seen, *(each.seen for each in world.slack.channel(CHANNEL))):
        assert "Nobody has answered" not in seen
        assert "No response yet" not in seen
    assert "missed its 2 h target" in card(world, "chen").seen


async def test_a_change_whose_answer_was_lost_leaves_one_card(world: World) -> None:
    number = await late_ticket(world)
    for _ in range(3):
        world.wecom.lose_reply_next("message/update_template_card")
    await world.says(f"claim {number}", by="chen")
    await world.pass_time(seconds=30)
    assert [len(world.wecom.chat(by)) for by in ("mei", "bo", "chen")] == [1, 1, 1]
    assert card(world, "mei").grey == "Claimed by Chen Wei"
